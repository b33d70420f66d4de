using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.Ballots.Log;
using Grants.Service.Ballots.Recording;
using Grants.Service.Hosting;
using Grants.Service.Tests.Ballots;
using Grants.Service.VotingPower;
using Xunit;

namespace Grants.Service.Tests.Proving;

/// <summary>Votes that share one space and so one log, and what is read from it.</summary>
internal sealed class OneSpace(BallotRig rig) : IDisposable
{
    public const string Name = "metis";

    private readonly string folder = Directory.CreateTempSubdirectory("grants-exports-").FullName;

    public LogReader Log { get; } = new(rig.Database);

    private VoteCertificates Certificates { get; } =
        new(rig.Database, rig.Store, rig.Ballots, rig.Signer, new ChainIdentity(BallotRig.ChainId));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Opens a vote; voters from 0 on have the powers 1, 2, 3 and so on.</summary>
    public async Task<VotingOpened> OpenAsync(VotingRules rules, int voters)
    {
        var proposalId = Keccak256.Hash(Guid.CreateVersion7().ToString());
        var content = new ProposalContent("A thing", "Why not.", 1_000, BallotRig.Voter(0).Address);
        var snapshot = PowerSnapshot.Of(
            Enumerable.Range(0, voters).Select(voter => new AccountPower(BallotRig.Voter(voter).Address, (ulong)(voter + 1))));
        await using (var session = rig.Store.LightweightSession(Name))
        {
            session.Events.StartStream<Proposal>(
                Proposal.StreamId(proposalId),
                new ProposalDrafted(proposalId, "program", BallotRig.Voter(0).Address, content, rig.Clock.Now),
                new ProposalSubmitted(proposalId, BallotRig.Voter(0).Address, content.Hash(), rig.Clock.Now));
            await session.SaveChangesAsync(Cancellation);
        }

        await using (var session = rig.Store.LightweightSession(Name))
        {
            var command = new OpenVoting(
                proposalId, rules, new BlockRef(9, Keccak256.Hash("block"), 1), snapshot.Root, snapshot.Total, snapshot.Total,
                snapshot.Accounts.Length, BallotRig.Voter(0).Address, rig.Clock.Now);
            await session.DecideAsync<Proposal>(Proposal.StreamId(proposalId), state => Proposal.Decide(command, state), Cancellation);
            await session.SaveChangesAsync(Cancellation);
        }

        await using (var session = rig.Store.LightweightSession(Name))
        {
            var opened = (await session.LoadAsync<Proposal>(Proposal.StreamId(proposalId), Cancellation))!.Vote!.Opened;
            PowerStore.Store(session, opened.VoteId, snapshot);
            BallotStore.Open(session, opened);
            await session.SaveChangesAsync(Cancellation);
            return opened;
        }
    }

    public async Task<BallotReceipt> CastAsync(VotingOpened vote, int voter, ulong nonce = 1, string choice = "1")
    {
        var answer = await rig.CastAsync(BallotRig.BallotOf(vote, voter, nonce, choice) with { Space = Name }, voter);
        Assert.Null(answer.Rejection);
        return answer.Receipt!;
    }

    public async Task CloseAsync(VotingOpened vote)
    {
        rig.Clock.Now = rig.Clock.Now > vote.ClosesAt ? rig.Clock.Now : vote.ClosesAt;
        Assert.Null(await rig.CertifyAsync(vote));
    }

    public Task<CertifiedVote?> CertificateAsync(Hash32 vote) => Certificates.FindAsync(Name, vote, Cancellation);

    /// <summary>The export of a closed vote, in a file.</summary>
    public async Task<string> ExportAsync(VotingOpened vote)
    {
        var file = Path.Combine(folder, $"{Guid.CreateVersion7()}.ndjson");
        await using var output = File.Create(file);
        var export = new VoteExport(rig.Ballots, rig.Powers, Log, rig.Signer);
        await export.WriteAsync((await CertificateAsync(vote.VoteId))!, output, Cancellation);
        return file;
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

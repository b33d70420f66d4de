using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.VotingPower;
using Marten;
using Npgsql;
using Wolverine;

namespace Grants.Service.Ballots;

/// <summary>Opens the vote on a submitted proposal with the voting power of the last finalized block.</summary>
public sealed record StartVoting(Hash32 ProposalId, Address Actor);

/// <summary>Closes the vote once its time is over, and certifies the result.</summary>
public sealed record CertifyVoting(Hash32 ProposalId);

public sealed record PowerNotIndexed(Address Token)
    : Rejection("POWER_NOT_INDEXED", $"The transfers of {Token} are still being read; try again in a moment.");

public static class BallotsHandlers
{
    public static async Task<(CommandResult, OutgoingMessages)> Handle(
        StartVoting command, IDocumentSession session, ChainView chain, PowerStore power, TimeProvider clock,
        CancellationToken cancellation)
    {
        var messages = new OutgoingMessages();
        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(command.ProposalId), cancellation);
        if (proposal is null)
            return (new NotFound("proposal"), messages);
        var program = (await session.LoadAsync<FundingProgram>(proposal.ProgramId, cancellation))!.Terms;
        var rules = program.VotingRules;
        var heads = await chain.HeadsAsync(program.ChainId, cancellation);
        if (heads is not { Promoted: var snapshotBlock } || !await chain.IsCoveredAsync(
            program.ChainId, rules.PowerToken, program.WatchFromBlock, snapshotBlock.Number, cancellation))
            return (new PowerNotIndexed(rules.PowerToken), messages);
        var snapshot = await power.SnapshotAsync(program.ChainId, rules.PowerToken, snapshotBlock.Number, cancellation);
        var open = new OpenVoting(
            command.ProposalId, rules, snapshotBlock, snapshot.Root, snapshot.Total, snapshot.Accounts.Length, command.Actor,
            clock.GetUtcNow());
        var result = await session.DecideAsync<Proposal>(proposal.Id, state => Proposal.Decide(open, state), cancellation);
        if (!result.IsAccepted || proposal.State == ProposalState.Voting)
            return (result, messages);
        var closesAt = open.At.AddSeconds(rules.VotingPeriodSeconds);
        PowerStore.Store(session, command.ProposalId, snapshot);
        OpenWindow(session, open, program.Space, proposal.ContentHash!.Value, closesAt);
        messages.Schedule(new CertifyVoting(command.ProposalId), closesAt);
        return (result, messages);
    }

    public static async Task<CommandResult> Handle(
        CertifyVoting command, IDocumentSession session, NpgsqlDataSource database, BallotStore ballots, TimeProvider clock,
        CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (!await CloseWindowAsync(database, command.ProposalId, now, cancellation))
            return new VotingNotOpen();

        // From here on no ballot can come in, so the rows and the log are both complete.
        var tally = await ballots.TallyAsync(command.ProposalId, cancellation);
        var recorded = await ballots.LogAsync(command.ProposalId, cancellation);
        if (Tally.Fold(recorded) != tally)
            throw new InvalidOperationException($"The tally of {command.ProposalId} is not the fold of its ballots.");
        var root = BallotLog.Root([.. recorded.Select(BallotLog.Leaf)]);
        return await session.DecideAsync<Proposal>(
            Proposal.StreamId(command.ProposalId),
            proposal => Proposal.Decide(
                new CloseVoting(command.ProposalId, ResultOf(tally, proposal!.Vote!.Rules, recorded.Count, root), now), proposal),
            cancellation);
    }

    private static VotingResult ResultOf(Tally tally, VotingRules rules, long logSize, Hash32 logRoot) => new(
        tally.For, tally.Against, tally.Abstain, tally.Voters, tally.QuorumMet(rules), tally.ThresholdMet(rules), logSize, logRoot);

    private static async Task<bool> CloseWindowAsync(
        NpgsqlDataSource database, Hash32 proposal, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "update voting.ballot_window set closed = true where proposal = $1 and closes_at <= $2");
        command.Parameters.Add(new() { Value = proposal.ToBytes() });
        command.Parameters.Add(new() { Value = now });
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    }

    private static void OpenWindow(
        IDocumentSession session, OpenVoting open, string space, Hash32 contentHash, DateTimeOffset closesAt) =>
        session.QueueSqlCommand(
            """
            insert into voting.ballot_window (proposal, space, proposal_hash, snapshot_hash, opens_at, closes_at)
            values (?, ?, ?, ?, ?, ?)
            """,
            open.ProposalId.ToBytes(),
            space,
            contentHash.ToBytes(),
            open.SnapshotBlock.Hash.ToBytes(),
            open.At,
            closesAt);
}

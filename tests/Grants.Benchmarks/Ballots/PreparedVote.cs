using System.Text.Json;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Grants.Service.Ballots;
using Grants.Service.VotingPower;
using Marten;

namespace Grants.Benchmarks.Ballots;

/// <summary>Wallets, each signing for itself.</summary>
internal sealed class Wallets(int count)
{
    private readonly PrivateKey[] keys = [.. ParallelEnumerable.Range(0, count).AsOrdered()
        .Select(i => PrivateKey.Parse(Keccak256.Hash($"benchmark wallet {i}").ToString()))];

    public int Count => keys.Length;

    public Address this[int number] => keys[number].Address;

    public string Sign(int number, Hash32 digest) => keys[number].Sign(digest).ToString();
}

/// <summary>A vote that is open for a day, written to the database as the service writes it; all wallets have power.</summary>
internal sealed class PreparedVote(VotingOpened opened, string space, long chainId, Wallets wallets)
{
    private const string One =
        "mutation ($i: CastBallotInput!) { castBallot(input: $i) { ballot { logIndex treeHead { size root signature } } "
        + "userErrors { code } } }";

    private const string Many =
        "mutation ($i: CastBallotsInput!) { castBallots(input: $i) { results { ballot { logIndex treeHead { size root signature } } "
        + "error { code } } userErrors { code } } }";

    public VotingOpened Opened => opened;

    public static async Task<PreparedVote> OpenAsync(IDocumentStore store, string space, long chainId, Wallets wallets)
    {
        var id = Keccak256.Hash(Guid.CreateVersion7().ToString());
        var content = new ProposalContent("A thing", "Why not.", 1_000, wallets[0]);
        var now = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        var rules = VotingRules.ForAndAgainst(
            [new Quorum(QuorumKind.Voters, 100)], Threshold.SimpleMajority, 86_400, PowerStrategy.BalanceOf(wallets[0]));
        var snapshot = PowerSnapshot.Of(
            Enumerable.Range(0, wallets.Count).Select(i => new AccountPower(wallets[i], (UInt256)(ulong)(1_000_000_000_000 + i))));
        var opened = new VotingOpened(
            id, id, 1, rules, content.Hash(), new BlockRef(1, id, 1), snapshot.Root, snapshot.Total, snapshot.Total, wallets.Count,
            wallets[0], now, now.AddSeconds(rules.VotingPeriodSeconds));
        await using var session = store.LightweightSession(space);
        session.Events.StartStream<Proposal>(
            Proposal.StreamId(id),
            new ProposalDrafted(id, "program", wallets[0], content, now),
            new ProposalSubmitted(id, wallets[0], content.Hash(), now),
            opened);
        PowerStore.Store(session, id, snapshot);
        BallotStore.Open(session, opened);
        await session.SaveChangesAsync();
        return new PreparedVote(opened, space, chainId, wallets);
    }

    /// <summary>Requests of so many ballots each, of the wallets from a number on.</summary>
    public IReadOnlyList<byte[]> Requests(int first, int count, int each) =>
    [
        .. Enumerable.Range(first, count).Chunk(each).AsParallel().AsOrdered()
            .Select(voters => Load.Request(JsonSerializer.SerializeToUtf8Bytes(each == 1 ? BodyOf(voters[0]) : BodyOf(voters)))),
    ];

    public SignedBallot BallotOf(int voter) => new(
        space,
        opened.VoteId,
        opened.ContentHash,
        wallets[voter],
        $"{1 + (voter % 3)}",
        1,
        opened.ClosesAt.ToUnixTimeSeconds(),
        string.Empty);

    private object BodyOf(int voter)
    {
        var (ballot, signature) = Signed(voter);
        return new { query = One, variables = new { i = new { clientMutationId = "load", ballot, signature } } };
    }

    private object BodyOf(int[] voters)
    {
        var ballots = voters.Select(voter =>
        {
            var (ballot, signature) = Signed(voter);
            return new { ballot, signature };
        });
        return new { query = Many, variables = new { i = new { clientMutationId = "load", ballots } } };
    }

    private (object Ballot, string Signature) Signed(int voter)
    {
        var ballot = BallotOf(voter);
        var input = new
        {
            space = ballot.Space,
            proposal = ballot.Proposal,
            proposalHash = ballot.ProposalHash,
            voter = ballot.Voter,
            choice = ballot.Choice,
            nonce = ballot.Nonce,
            expiresAt = ballot.ExpiresAt,
            reason = ballot.Reason,
        };
        return (input, wallets.Sign(voter, BallotTypedData.Digest(ballot, chainId)));
    }
}

using Grants.Domain.Awards;
using Grants.Domain.Ballots;
using Grants.Domain.Disbursements;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Audit;

/// <summary>I9: what is of one space is of no other.</summary>
public static class SpaceAudit
{
    /// <param name="facts">Of the space.</param>
    /// <param name="others">Of all other spaces.</param>
    public static async Task<AuditLine> SeparationAsync(
        AuditFacts facts, IReadOnlyList<AuditFacts> others, CancellationToken cancellation)
    {
        var violations = facts.Of<ProgramOpened>().Where(program => program.Space != facts.Space)
            .Select(program => $"Program {program.ProgramId} is of {program.Space}.")
            .Concat(facts.Of<BallotsRecorded>().SelectMany(e => e.Ballots).Where(record => record.Ballot.Space != facts.Space)
                .Select(record => $"Ballot {record.Index} was signed for {record.Ballot.Space}."))
            .Concat(facts.Of<DelegateStatementPublished>().Where(e => e.Signed.Space != facts.Space)
                .Select(e => $"A statement of {e.Signed.Delegate} was signed for {e.Signed.Space}."))
            .ToList();
        var ids = IdsOf(facts).ToHashSet();
        foreach (var other in others)
            violations.AddRange(IdsOf(other).Where(ids.Contains).Select(id => $"{id} occurs in {other.Space} as well."));
        var votes = facts.Of<VotingOpened>().Select(e => e.VoteId).ToList();
        violations.AddRange((await MisplacedAsync(facts, votes, cancellation))
            .Select(vote => $"The row of vote {vote} is of another space."));
        var ballots = facts.Of<BallotsRecorded>().Sum(e => e.Ballots.Count);
        if (await LogSizeAsync(facts, cancellation) is var size && size != ballots)
            violations.Add($"The log has {size} leaves, but {ballots} ballots were recorded.");
        return new("I9", "a space never sees another space's data", facts.Events.Count, violations);
    }

    // Such ids hash their space, and the treasury gives each nonce of its key once, whatever the space.
    private static IEnumerable<string> IdsOf(AuditFacts facts) =>
    [
        .. facts.Of<ProposalDrafted>().Select(e => $"Proposal {e.ProposalId}"),
        .. facts.Of<AwardGranted>().Select(e => $"Award {e.Terms.AwardId}"),
        .. facts.Of<DisbursementOrdered>().Select(e => $"Order {e.Order.OrderId}"),
        .. facts.Of<DisbursementSigned>().Select(e => $"Nonce {e.Attempt.Nonce} of {e.Attempt.Signer}").Distinct(),
    ];

    private static async Task<IReadOnlyList<Hash32>> MisplacedAsync(
        AuditFacts facts, List<Hash32> votes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(
            "select vote from voting.ballot_window where (vote = any($1)) <> (space = $2)", facts.Session.Connection);
        command.Parameters.Add(new() { Value = votes.Select(vote => vote.ToBytes()).ToArray() });
        command.Parameters.Add(new() { Value = facts.Space });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var misplaced = new List<Hash32>();
        while (await reader.ReadAsync(cancellation))
            misplaced.Add(new Hash32(reader.GetFieldValue<byte[]>(0)));
        return misplaced;
    }

    private static async Task<long> LogSizeAsync(AuditFacts facts, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select size from voting.log where space = $1", facts.Session.Connection);
        command.Parameters.Add(new() { Value = facts.Space });
        return await command.ExecuteScalarAsync(cancellation) as long? ?? 0;
    }
}

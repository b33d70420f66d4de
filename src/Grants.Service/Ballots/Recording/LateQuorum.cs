using Grants.Domain.Proposals;
using Grants.Service.Hosting;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots.Recording;

/// <summary>
/// Extends a vote whose quorums are met late, so that nobody can decide it in the last second: in the transaction of the
/// ballots that met them, and once. The scheduled close finds the later time and waits for it.
/// </summary>
internal static class LateQuorum
{
    public static async Task WatchAsync(
        NpgsqlConnection connection,
        IDocumentSession session,
        StoredVote vote,
        HeldWindow held,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        var (rules, voteId) = (vote.Window.Rules, vote.Window.VoteId);
        if (rules.LateQuorumExtensionSeconds == 0 || rules.Quorums.Count == 0 || held.QuorumMetAt is not null)
            return;
        var tally = await BallotStore.TallyAsync(connection, voteId, cancellation);
        if (!tally.Quorums(rules, vote.Supply).All(finding => finding.IsMet))
            return;
        var (atLeast, closesAt) = (at.AddSeconds(rules.LateQuorumExtensionSeconds), held.ClosesAt);
        await using var command = new NpgsqlCommand(
            "update voting.ballot_window set quorum_met_at = $2, closes_at = greatest(closes_at, $3) where vote = $1", connection);
        command.Parameters.Add(new() { Value = voteId.ToBytes() });
        command.Parameters.Add(new() { Value = at });
        command.Parameters.Add(new() { Value = atLeast });
        await command.ExecuteNonQueryAsync(cancellation);
        if (atLeast <= closesAt)
            return;
        await session.DecideAsync<Proposal>(
            Proposal.StreamId(vote.ProposalId),
            proposal => Proposal.Decide(new ExtendVoting(vote.ProposalId, voteId, atLeast, at), proposal),
            cancellation);
    }
}

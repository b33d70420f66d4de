using Grants.Domain;
using Grants.Domain.Ballots.Log;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Hosting;
using Marten;
using Npgsql;
using Wolverine;
using Wolverine.Attributes;

namespace Grants.Service.Ballots;

/// <summary>Closes the vote once its time is over, and certifies the result.</summary>
public sealed record CertifyVoting(Hash32 ProposalId, Hash32 VoteId);

public static class CertificationHandlers
{
    /// <exception cref="InvalidDataException">The sums contradict the events; a person must look.</exception>
    [MessageTimeout(600)]
    public static async Task<OutgoingMessages> Handle(
        CertifyVoting command, IDocumentSession session, NpgsqlDataSource database, BallotStore ballots, TimeProvider clock,
        CancellationToken cancellation)
    {
        var messages = new OutgoingMessages();
        var now = clock.GetUtcNow();
        if (await CloseAsync(database, command.VoteId, now, cancellation) is { } later)
        {
            // The vote was extended meanwhile.
            messages.Schedule(command, later);
            return messages;
        }

        var proposal = await session.LoadAsync<Proposal>(Proposal.StreamId(command.ProposalId), cancellation);
        if (proposal is not { State: ProposalState.Voting, Vote: { } vote } || vote.Opened.VoteId != command.VoteId)
            return messages;
        var result = await CertifyAsync(session.TenantId, command.VoteId, database, ballots, cancellation);
        await session.DecideAsync<Proposal>(
            proposal.Id, state => Proposal.Decide(new CloseVoting(command.ProposalId, result, now), state), cancellation);
        return messages;
    }

    // From the close on no ballot can come in, so that the sums, the events and the log's row each hold all of them.
    private static async Task<VotingResult> CertifyAsync(
        string space, Hash32 voteId, NpgsqlDataSource database, BallotStore ballots, CancellationToken cancellation)
    {
        var vote = (await ballots.VoteAsync(space, voteId, cancellation))!;
        var rules = vote.Window.Rules;
        var tally = await ballots.TallyAsync(voteId, cancellation);
        var recorded = new VoteRecount(rules);
        await foreach (var record in ballots.RecordsAsync(space, voteId, cancellation))
            recorded.Add(record);
        if (!recorded.Tally().Equals(tally))
            throw new InvalidDataException($"The tally of {voteId} is not the fold of its ballots.");
        var log = await LogAsync(database, space, cancellation);
        return new VotingResult(tally.Outcome(rules, vote.Supply), recorded.Log.Size, recorded.Log.Root, log.Size, log.Root);
    }

    // Waits for the batch that holds the row. The time at which to come again, where the vote was extended.
    private static async Task<DateTimeOffset?> CloseAsync(
        NpgsqlDataSource database, Hash32 vote, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            update voting.ballot_window set closed = closed or closes_at <= $2 where vote = $1 returning closed, closes_at
            """);
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        command.Parameters.Add(new() { Value = now });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation) && !reader.GetBoolean(0) ? reader.GetFieldValue<DateTimeOffset>(1) : null;
    }

    private static async Task<LogFrontier> LogAsync(NpgsqlDataSource database, string space, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select size, frontier from voting.log where space = $1");
        command.Parameters.Add(new() { Value = space });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LogFrontier(reader.GetInt64(0), reader.GetFieldValue<byte[][]>(1).Select(hash => new Hash32(hash)))
            : new LogFrontier();
    }
}

using System.Collections.Immutable;
using System.Numerics;
using System.Text.Json;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots;

/// <summary>The facts of a vote that a ballot is held against, as stored when it opened.</summary>
/// <param name="ProposalId">What is voted on.</param>
/// <param name="Supply">What a quorum by share is a share of, base units.</param>
/// <param name="SnapshotHash">The block at which power was read, and at which contracts are asked.</param>
/// <param name="Closed">No ballot is taken any more, whatever the time.</param>
public sealed record StoredVote(VotingWindow Window, Hash32 ProposalId, UInt256 Supply, Hash32 SnapshotHash, bool Closed);

/// <summary>A tally, and the place in the log of the last ballot in it; -1 for none.</summary>
public sealed record CountedTally(Tally Tally, long LastIndex);

/// <summary>Reads votes, their tallies, and the log of all ballots that were ever accepted.</summary>
public sealed class BallotStore(NpgsqlDataSource database, IDocumentStore store)
{
    /// <summary>The stream of a vote's ballots: one event a batch.</summary>
    public static string StreamId(Hash32 vote) => $"ballotbox/{vote}";

    /// <summary>Opens a vote for ballots, in the session's space and transaction.</summary>
    public static void Open(IDocumentSession session, VotingOpened opened) => session.QueueSqlCommand(
        """
        insert into voting.ballot_window
          (vote, proposal, space, proposal_hash, snapshot_hash, rules, supply, opens_at, closes_at)
        values (?, ?, ?, ?, ?, ?::jsonb, ?::numeric, ?, ?)
        """,
        opened.VoteId.ToBytes(),
        opened.ProposalId.ToBytes(),
        session.TenantId,
        opened.ContentHash.ToBytes(),
        opened.SnapshotBlock.Hash.ToBytes(),
        JsonSerializer.Serialize(opened.Rules),
        opened.Supply.ToString(),
        opened.OpensAt,
        opened.ClosesAt);

    /// <summary>Null where the space has no such vote.</summary>
    public async Task<StoredVote?> VoteAsync(string space, Hash32 vote, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            select space, proposal, proposal_hash, rules::text, opens_at, closes_at, supply::text, snapshot_hash, closed
            from voting.ballot_window where vote = $1 and space = $2
            """);
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        command.Parameters.Add(new() { Value = space });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        if (!await reader.ReadAsync(cancellation))
            return null;
        var window = new VotingWindow(
            reader.GetString(0),
            vote,
            new Hash32(reader.GetFieldValue<byte[]>(2)),
            JsonSerializer.Deserialize<VotingRules>(reader.GetString(3))!,
            reader.GetFieldValue<DateTimeOffset>(4),
            reader.GetFieldValue<DateTimeOffset>(5));
        return new StoredVote(
            window,
            new Hash32(reader.GetFieldValue<byte[]>(1)),
            UInt256.Parse(reader.GetString(6)),
            new Hash32(reader.GetFieldValue<byte[]>(7)),
            reader.GetBoolean(8));
    }

    /// <summary>The tally of the ballots that count now, from its sums: no ballot is read.</summary>
    public async Task<Tally> TallyAsync(Hash32 vote, CancellationToken cancellation)
    {
        return (await CountedAsync(vote, cancellation)).Tally;
    }

    /// <summary>The same, and how far it has come.</summary>
    public async Task<CountedTally> CountedAsync(Hash32 vote, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await CountedAsync(connection, vote, cancellation);
    }

    /// <summary>The same, as a transaction sees it.</summary>
    internal static async Task<Tally> TallyAsync(NpgsqlConnection connection, Hash32 vote, CancellationToken cancellation) =>
        (await CountedAsync(connection, vote, cancellation)).Tally;

    private static async Task<CountedTally> CountedAsync(NpgsqlConnection connection, Hash32 vote, CancellationToken cancellation)
    {
        // One statement, so that all sums are of one instant.
        await using var command = new NpgsqlCommand("""
            select w.voters, w.power, t.cell, t.amount,
                (select coalesce(max(b.log_index), -1) from voting.ballot b where b.vote = w.vote)
            from voting.ballot_window w left join voting.tally t on t.vote = w.vote and t.amount <> 0
            where w.vote = $1
            """, connection);
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var (voters, power, last) = (0, BigInteger.Zero, -1L);
        var cells = ImmutableSortedDictionary.CreateBuilder<string, BigInteger>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation))
        {
            (voters, power, last) = (reader.GetInt32(0), reader.GetFieldValue<BigInteger>(1), reader.GetInt64(4));
            if (!reader.IsDBNull(2))
                cells.Add(reader.GetString(2), reader.GetFieldValue<BigInteger>(3));
        }

        return new CountedTally(new Tally(voters, new UInt256(power), cells.ToImmutable()), last);
    }

    /// <summary>All ballots ever accepted in a vote, in the order of the log, read as they are consumed: there may be millions.</summary>
    public async IAsyncEnumerable<BallotRecord> RecordsAsync(
        string space, Hash32 vote, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await using var session = store.QuerySession(space);
        var stream = StreamId(vote);
        var chunks = session.Events.QueryAllRawEvents().Where(e => e.StreamKey == stream).OrderBy(e => e.Version);
        await foreach (var chunk in chunks.ToAsyncEnumerable(cancellation))
        {
            foreach (var record in ((BallotsRecorded)chunk.Data).Ballots)
                yield return record;
        }
    }

    /// <summary>The ballot of a voter that counts, as recorded; null where there is none.</summary>
    public async Task<BallotRecord?> RecordAsync(string space, Hash32 vote, Address voter, CancellationToken cancellation)
    {
        if (await VoteAsync(space, vote, cancellation) is null
            || await CurrentBallots.FindAsync(database, vote, voter, cancellation) is not { } current)
            return null;
        await using var session = store.QuerySession(space);
        var chunk = await session.Events.FetchStreamAsync(
            StreamId(vote), version: current.Chunk, fromVersion: current.Chunk, token: cancellation);
        return ((BallotsRecorded)chunk.Single().Data).Ballots.Single(record => record.Index == current.LogIndex);
    }
}

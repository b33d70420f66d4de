using Grants.Domain.Ballots;
using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Service.Ballots;

/// <summary>A place in the stream of a vote's ballots.</summary>
/// <param name="Chunk">The last event that is behind it, 0 for none.</param>
/// <param name="LogIndex">The last ballot that is behind it, -1 for none; some of the next event may be, too.</param>
public readonly record struct ChunkPlace(long Chunk, long LogIndex);

/// <summary>Reads the record of a vote's ballots event by event, from any place on.</summary>
public sealed class BallotChunks(NpgsqlDataSource database, IDocumentStore store)
{
    /// <summary>The place behind a ballot, or the end where none is given.</summary>
    public async Task<ChunkPlace> BehindAsync(Hash32 vote, long? logIndex, CancellationToken cancellation)
    {
        // The log only grows, so whatever comes behind a ballot is not in an earlier event than a ballot before it.
        await using var command = database.CreateCommand(logIndex is null
            ? "select chunk_count::bigint from voting.ballot_window where vote = $1"
            : "select chunk::bigint - 1 from voting.ballot where vote = $1 and log_index <= $2 order by log_index desc limit 1");
        command.Parameters.Add(new() { Value = vote.ToBytes() });
        if (logIndex is { } index)
            command.Parameters.Add(new() { Value = index });
        return new ChunkPlace(await command.ExecuteScalarAsync(cancellation) as long? ?? 0, logIndex ?? -1);
    }

    /// <summary>The ballots of the next event and the place behind it; null where there is none yet.</summary>
    public async Task<(ChunkPlace Place, IReadOnlyList<BallotRecord> Ballots)?> NextAsync(
        string space, Hash32 vote, ChunkPlace place, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(space);
        var stream = BallotStore.StreamId(vote);
        var next = await session.Events.QueryAllRawEvents()
            .Where(e => e.StreamKey == stream && e.Version > place.Chunk)
            .OrderBy(e => e.Version)
            .FirstOrDefaultAsync(cancellation);
        if (next is null)
            return null;
        var ballots = ((BallotsRecorded)next.Data).Ballots;
        return (
            new ChunkPlace(next.Version, Math.Max(place.LogIndex, ballots[^1].Index)),
            [.. ballots.Where(record => record.Index > place.LogIndex)]);
    }
}

using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Npgsql;
using NpgsqlTypes;

namespace Grants.Service.Ballots.Log;

/// <summary>Reads a space's log: its heads, and the roots of any of its subtrees at any size that it ever had.</summary>
public sealed class LogReader(NpgsqlDataSource database)
{
    private const string HeadColumns = "size, root, signed_at, signature";

    /// <summary>Leaves; zero where nobody has voted in the space yet.</summary>
    public async Task<long> SizeAsync(string space, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("select size from voting.log where space = $1");
        command.Parameters.Add(new() { Value = space });
        return await command.ExecuteScalarAsync(cancellation) is long size ? size : 0;
    }

    /// <summary>The newest signed head; null where the log is empty.</summary>
    public async Task<SignedTreeHead?> NewestHeadAsync(string space, CancellationToken cancellation) =>
        (await HeadsAsync(space, "true order by size desc limit 1", [], cancellation)).SingleOrDefault();

    /// <summary>The signed head of a size; null where the log did not stop there between two batches of ballots.</summary>
    public async Task<SignedTreeHead?> HeadAsync(string space, long size, CancellationToken cancellation) =>
        (await HeadsAsync(space, "size = $2", [size], cancellation)).SingleOrDefault();

    /// <summary>Signed heads of more leaves than <paramref name="after"/>, the smallest first.</summary>
    public Task<IReadOnlyList<SignedTreeHead>> HeadsAsync(string space, long after, int limit, CancellationToken cancellation) =>
        HeadsAsync(space, "size > $2 order by size limit $3", [after, limit], cancellation);

    /// <summary>The roots of subtrees, in one query whatever their number and size.</summary>
    /// <exception cref="KeyNotFoundException">The log has fewer leaves.</exception>
    public async Task<IReadOnlyList<Hash32>> RootsAsync(
        string space, IReadOnlyCollection<LeafSpan> subtrees, CancellationToken cancellation)
    {
        var nodes = await NodesAsync(space, StoredNodes.Needed(subtrees), cancellation);
        return [.. subtrees.Select(subtree => StoredNodes.Root(subtree, (level, position) => nodes[(level, position)]))];
    }

    private async Task<Dictionary<(int Level, long Position), Hash32>> NodesAsync(
        string space, IReadOnlyList<NodeRange> ranges, CancellationToken cancellation)
    {
        var nodes = new Dictionary<(int, long), Hash32>();
        if (ranges.Count == 0)
            return nodes;
        await using var command = database.CreateCommand("""
            select n.level, n.position, n.hash from unnest($2, $3, $4) as asked (level, first, count)
            join voting.log_node n on n.space = $1 and n.level = asked.level
              and n.position >= asked.first and n.position < asked.first + asked.count
            """);
        command.Parameters.Add(new() { Value = space });
        command.Parameters.Add(new()
        {
            Value = ranges.Select(range => (short)range.Level).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Smallint,
        });
        command.Parameters.Add(new() { Value = ranges.Select(range => range.First).ToArray() });
        command.Parameters.Add(new() { Value = ranges.Select(range => range.Count).ToArray() });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation))
            nodes[(reader.GetInt16(0), reader.GetInt64(1))] = new Hash32(reader.GetFieldValue<byte[]>(2));
        return nodes;
    }

    private async Task<IReadOnlyList<SignedTreeHead>> HeadsAsync(
        string space, string which, object[] values, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand($"select {HeadColumns} from voting.tree_head where space = $1 and {which}");
        command.Parameters.Add(new() { Value = space });
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var heads = new List<SignedTreeHead>();
        while (await reader.ReadAsync(cancellation))
        {
            var head = new TreeHead(space, reader.GetInt64(0), new Hash32(reader.GetFieldValue<byte[]>(1)), reader.GetInt64(2));
            heads.Add(new SignedTreeHead(head, reader.GetString(3)));
        }

        return heads;
    }
}

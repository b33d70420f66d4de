using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Npgsql;
using NpgsqlTypes;

namespace Grants.Service.Ballots.Log;

/// <summary>
/// Appends to a space's log within a transaction of the caller: hold the log, give the ballots their places from its size on,
/// append their leaves.
/// </summary>
public static class LogAppend
{
    /// <summary>
    /// Holds the space's log until the transaction ends; makes it where there is none. Its size is the place of the next leaf.
    /// </summary>
    public static async Task<LogFrontier> LockAsync(NpgsqlConnection connection, string space, CancellationToken cancellation)
    {
        if (await TryLockAsync(connection, space, cancellation) is { } log)
            return log;
        await using var insert = new NpgsqlCommand(
            "insert into voting.log (space, size, frontier) values ($1, 0, '{}') on conflict (space) do nothing", connection);
        insert.Parameters.Add(new() { Value = space });
        await insert.ExecuteNonQueryAsync(cancellation);
        return (await TryLockAsync(connection, space, cancellation))!;
    }

    /// <summary>Appends leaves, at least one, to a log that is held, and signs its new head.</summary>
    /// <param name="log">From <see cref="LockAsync"/>; afterwards it includes the leaves.</param>
    /// <param name="leaves">In order; the first one's place is the log's size.</param>
    public static async Task<SignedTreeHead> AppendAsync(
        NpgsqlConnection connection,
        string space,
        LogFrontier log,
        IReadOnlyList<Hash32> leaves,
        TreeHeadSigner signer,
        DateTimeOffset at,
        CancellationToken cancellation)
    {
        var stored = new List<LogNode>(leaves.Count + 8);
        foreach (var leaf in leaves)
            log.Append(leaf, stored);
        var signed = signer.Sign(space, log, at);
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(UpdateLog(space, log));
        batch.BatchCommands.Add(InsertNodes(space, stored));
        batch.BatchCommands.Add(InsertHead(signed));
        await batch.ExecuteNonQueryAsync(cancellation);
        return signed;
    }

    private static async Task<LogFrontier?> TryLockAsync(NpgsqlConnection connection, string space, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("select size, frontier from voting.log where space = $1 for update", connection);
        command.Parameters.Add(new() { Value = space });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        return await reader.ReadAsync(cancellation)
            ? new LogFrontier(reader.GetInt64(0), reader.GetFieldValue<byte[][]>(1).Select(hash => new Hash32(hash)))
            : null;
    }

    private static NpgsqlBatchCommand UpdateLog(string space, LogFrontier log) =>
        new("update voting.log set size = $2, frontier = $3 where space = $1")
        {
            Parameters =
            {
                new() { Value = space },
                new() { Value = log.Size },
                Hashes(log.Subtrees),
            },
        };

    private static NpgsqlBatchCommand InsertNodes(string space, IReadOnlyList<LogNode> nodes) =>
        new("""
            insert into voting.log_node (space, level, position, hash)
            select $1, level, position, hash from unnest($2, $3, $4) as row (level, position, hash)
            """)
        {
            Parameters =
            {
                new() { Value = space },
                new() { Value = nodes.Select(node => (short)node.Level).ToArray() },
                new() { Value = nodes.Select(node => node.Position).ToArray() },
                Hashes(nodes.Select(node => node.Hash)),
            },
        };

    private static NpgsqlParameter Hashes(IEnumerable<Hash32> hashes) =>
        new() { Value = hashes.Select(hash => hash.ToBytes()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea };

    private static NpgsqlBatchCommand InsertHead(SignedTreeHead signed) =>
        new("insert into voting.tree_head (space, size, root, signed_at, signature) values ($1, $2, $3, $4, $5)")
        {
            Parameters =
            {
                new() { Value = signed.Head.Space },
                new() { Value = signed.Head.Size },
                new() { Value = signed.Head.Root.ToBytes() },
                new() { Value = signed.Head.Timestamp },
                new() { Value = signed.Signature },
            },
        };
}

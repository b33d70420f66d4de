using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ballots.Recording;

/// <summary>Finds the head that a receipt shows: always the first one that includes the ballot.</summary>
internal static class TreeHeads
{
    /// <summary>By place in the log.</summary>
    public static async Task<IReadOnlyList<(long Index, SignedTreeHead Head)>> FirstWithAsync(
        NpgsqlConnection connection, string space, long[] indexes, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("""
            select asked.index, h.size, h.root, h.signed_at, h.signature from unnest($2) as asked (index)
            cross join lateral (
              select * from voting.tree_head where space = $1 and size > asked.index order by size limit 1) h
            """, connection);
        command.Parameters.Add(new() { Value = space });
        command.Parameters.Add(new() { Value = indexes });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var heads = new List<(long, SignedTreeHead)>();
        while (await reader.ReadAsync(cancellation))
        {
            var head = new TreeHead(
                space, reader.GetInt64(1), new Hash32(reader.GetFieldValue<byte[]>(2)), reader.GetInt64(3));
            heads.Add((reader.GetInt64(0), new SignedTreeHead(head, reader.GetString(4))));
        }

        return heads;
    }

    /// <summary>
    /// Whether this very head was committed. Waits for whoever holds the log, so that a transaction whose client is gone is over
    /// before it is judged.
    /// </summary>
    public static async Task<bool> IsCommittedAsync(
        NpgsqlDataSource database, TreeHead head, TimeSpan patience, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using var command = new NpgsqlBatch(connection, transaction);
        command.BatchCommands.Add(new($"set local lock_timeout = '{(int)patience.TotalMilliseconds}ms'"));
        command.BatchCommands.Add(new("select from voting.log where space = $1 for update")
        {
            Parameters = { new() { Value = head.Space } },
        });
        command.BatchCommands.Add(new("select exists (select from voting.tree_head where space = $1 and size = $2 and root = $3)")
        {
            Parameters = { new() { Value = head.Space }, new() { Value = head.Size }, new() { Value = head.Root.ToBytes() } },
        });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.NextResultAsync(cancellation);
        await reader.ReadAsync(cancellation);
        return reader.GetBoolean(0);
    }
}

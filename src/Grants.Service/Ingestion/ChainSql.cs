using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>The chain tables' rows as values, and commands with positional parameters.</summary>
internal static class ChainSql
{
    public const string BlockColumns = "b.number, b.hash, b.timestamp";

    /// <summary>Of a log <c>l</c> and its block <c>b</c>.</summary>
    public const string LogColumns =
        "l.address, l.topic0, l.topics, l.data, l.block_number, b.hash, l.tx_hash, l.tx_index, l.log_index";

    /// <summary>The number of <see cref="LogColumns"/>.</summary>
    public const int LogColumnCount = 9;

    /// <summary>
    /// Until the transaction ends, blocks of a chain are promoted by it alone. Whoever also locks the chain's cursor takes this first.
    /// </summary>
    public const string PromotionTurn = "select pg_advisory_xact_lock(hashtextextended('chain promotion', $1))";

    /// <summary>Until the transaction ends, no block of a chain is promoted.</summary>
    public const string NoPromotion = "select pg_advisory_xact_lock_shared(hashtextextended('chain promotion', $1))";

    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        return command;
    }

    /// <summary>Runs the command once and returns how many rows it changed.</summary>
    public static async Task<int> ExecuteAsync(this NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
            return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs the command once and returns the only value that it has; null where it has none.</summary>
    public static async Task<object?> ScalarAsync(this NpgsqlCommand command, CancellationToken cancellation)
    {
        await using (command)
            return await command.ExecuteScalarAsync(cancellation);
    }

    /// <summary>Runs the command once and maps its rows.</summary>
    public static async Task<ImmutableArray<T>> RowsAsync<T>(
        this NpgsqlCommand command, Func<NpgsqlDataReader, T> map, CancellationToken cancellation)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            var rows = ImmutableArray.CreateBuilder<T>();
            while (await reader.ReadAsync(cancellation))
                rows.Add(map(reader));
            return rows.DrainToImmutable();
        }
    }

    public static Hash32 Hash(this NpgsqlDataReader reader, int column) => new(reader.GetFieldValue<byte[]>(column));

    /// <summary>Reads <see cref="BlockColumns"/> from <paramref name="column"/> on.</summary>
    public static BlockRef Block(this NpgsqlDataReader reader, int column = 0) =>
        new(reader.GetInt64(column), reader.Hash(column + 1), reader.GetInt64(column + 2));

    /// <summary>Reads <see cref="LogColumns"/>.</summary>
    public static RpcLog Log(NpgsqlDataReader reader) => new(
        new Address(reader.GetFieldValue<byte[]>(0)),
        Topics(reader),
        reader.GetFieldValue<byte[]>(3),
        reader.GetInt64(4),
        reader.Hash(5),
        reader.Hash(6),
        reader.GetInt32(7),
        reader.GetInt32(8));

    private static Hash32[] Topics(NpgsqlDataReader reader)
    {
        if (reader.IsDBNull(1))
            return [];
        var others = reader.GetFieldValue<byte[]>(2);
        var topics = new Hash32[1 + (others.Length / Hash32.Length)];
        topics[0] = reader.Hash(1);
        for (var i = 1; i < topics.Length; i++)
            topics[i] = new Hash32(others.AsSpan((i - 1) * Hash32.Length, Hash32.Length));
        return topics;
    }
}

using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>The chain tables' rows as values, and commands with positional parameters.</summary>
internal static class ChainSql
{
    public const string BlockColumns = "b.number, b.hash, b.timestamp";

    public const string LogColumns =
        "l.address, l.topics, l.data, l.block_number, l.block_hash, l.tx_hash, l.tx_index, l.log_index";

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
        [.. reader.GetFieldValue<byte[][]>(1).Select(topic => new Hash32(topic))],
        reader.GetFieldValue<byte[]>(2),
        reader.GetInt64(3),
        reader.Hash(4),
        reader.Hash(5),
        reader.GetInt32(6),
        reader.GetInt32(7));
}

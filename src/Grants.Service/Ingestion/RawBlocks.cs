using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Npgsql;
using NpgsqlTypes;

namespace Grants.Service.Ingestion;

/// <summary>What logs are that are written.</summary>
internal enum LogNews
{
    /// <summary>Of blocks above all others.</summary>
    New,

    /// <summary>Of an address that is watched late: what is below the promoted block waits for a turn of its own.</summary>
    Late,

    /// <summary>They were here before, and told.</summary>
    Told,
}

/// <summary>
/// Writes blocks and their logs, in the caller's transaction. New blocks' logs are copied straight into their table; where a block was
/// there before, or is of the past, so may some of its logs be, and each is written once.
/// </summary>
internal static class RawBlocks
{
    private const string Columns = "chain_id, block_number, block_id, log_index, tx_index, tx_hash, address, topic0, topics, data";

    public static async Task InsertAsync(
        NpgsqlConnection connection,
        long chainId,
        IReadOnlyList<FollowedBlock> blocks,
        string status,
        LogNews news,
        CancellationToken cancellation)
    {
        if (blocks.Count == 0)
            return;
        var stored = await InsertBlocksAsync(connection, chainId, blocks, status, cancellation);
        var filled = blocks.Where(block => !block.Logs.IsEmpty).ToList();
        if (filled.Count == 0)
            return;
        await connection.Command(
            "select chain.make_room($1, $2, $3)", chainId, filled.Min(block => block.Ref.Number), filled.Max(block => block.Ref.Number))
            .ExecuteAsync(cancellation);
        if (news == LogNews.New && filled.All(block => stored[block.Ref.Hash].IsNew))
            await CopyAsync(connection, "chain.log", chainId, filled, stored, cancellation);
        else
            await MergeAsync(connection, chainId, filled, stored, news, cancellation);
    }

    private static async Task<Dictionary<Hash32, (long Id, bool IsNew)>> InsertBlocksAsync(
        NpgsqlConnection connection, long chainId, IReadOnlyList<FollowedBlock> blocks, string status, CancellationToken cancellation)
    {
        var rows = await connection.Command(
            """
            insert into chain.block (chain_id, number, hash, parent_hash, timestamp, status)
            select $1, number, hash, parent_hash, timestamp, $6
            from unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[]) as b (number, hash, parent_hash, timestamp)
            on conflict (chain_id, hash) do update
            set status = case chain.block.status when 'orphaned' then excluded.status else chain.block.status end
            returning hash, id, xmax = 0
            """,
            chainId,
            blocks.Select(block => block.Ref.Number).ToArray(),
            blocks.Select(block => block.Ref.Hash.ToBytes()).ToArray(),
            blocks.Select(block => block.ParentHash.ToBytes()).ToArray(),
            blocks.Select(block => block.Ref.TimestampSeconds).ToArray(),
            status).RowsAsync(reader => (Hash: reader.Hash(0), Id: reader.GetInt64(1), IsNew: reader.GetBoolean(2)), cancellation);
        return rows.ToDictionary(row => row.Hash, row => (row.Id, row.IsNew));
    }

    /// <summary>What comes below a block that was promoted waits for a turn of its own, unless it had one before it was let go.</summary>
    private static async Task MergeAsync(
        NpgsqlConnection connection,
        long chainId,
        IReadOnlyList<FollowedBlock> blocks,
        Dictionary<Hash32, (long Id, bool IsNew)> stored,
        LogNews news,
        CancellationToken cancellation)
    {
        await connection.Command("create temp table incoming (like chain.log) on commit drop").ExecuteAsync(cancellation);
        await CopyAsync(connection, "incoming", chainId, blocks, stored, cancellation);
        await connection.Command(
            $"""
            with added as (
                insert into chain.log ({Columns}) select {Columns} from incoming on conflict do nothing
                returning block_number, block_id, log_index, address)
            insert into chain.late (chain_id, block_number, block_id, log_index)
            select $1, a.block_number, a.block_id, a.log_index
            from added a join chain.cursor c on c.chain_id = $1 and a.block_number <= c.promoted_number
            where $2 and not exists (
                select from chain.watch w where w.chain_id = $1 and w.address = a.address and w.told_from <= a.block_number)
            """,
            chainId, news != LogNews.Told).ExecuteAsync(cancellation);
    }

    private static async Task CopyAsync(
        NpgsqlConnection connection,
        string table,
        long chainId,
        IReadOnlyList<FollowedBlock> blocks,
        Dictionary<Hash32, (long Id, bool IsNew)> stored,
        CancellationToken cancellation)
    {
        await using var writer = await connection.BeginBinaryImportAsync(
            $"copy {table} ({Columns}) from stdin (format binary)", cancellation);
        foreach (var block in blocks)
        {
            foreach (var log in block.Logs)
                Write(writer, chainId, stored[block.Ref.Hash].Id, log);
        }

        await writer.CompleteAsync(cancellation);
    }

    /// <summary>Without awaiting every value: what is written goes to a buffer, most of the time.</summary>
    private static void Write(NpgsqlBinaryImporter writer, long chainId, long blockId, RpcLog log)
    {
        writer.StartRow();
        writer.Write(chainId, NpgsqlDbType.Bigint);
        writer.Write(log.BlockNumber, NpgsqlDbType.Bigint);
        writer.Write(blockId, NpgsqlDbType.Bigint);
        writer.Write(log.LogIndex, NpgsqlDbType.Integer);
        writer.Write(log.TransactionIndex, NpgsqlDbType.Integer);
        writer.Write(log.TransactionHash.ToBytes(), NpgsqlDbType.Bytea);
        writer.Write(log.Address.ToBytes(), NpgsqlDbType.Bytea);
        if (log.Topics.Count == 0)
            writer.WriteNull();
        else
            writer.Write(log.Topics[0].ToBytes(), NpgsqlDbType.Bytea);
        writer.Write(OtherTopics(log), NpgsqlDbType.Bytea);
        writer.Write(log.Data, NpgsqlDbType.Bytea);
    }

    private static byte[] OtherTopics(RpcLog log)
    {
        if (log.Topics.Count < 2)
            return [];
        var bytes = new byte[(log.Topics.Count - 1) * Hash32.Length];
        for (var i = 1; i < log.Topics.Count; i++)
            log.Topics[i].CopyTo(bytes.AsSpan((i - 1) * Hash32.Length));
        return bytes;
    }
}

using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>Where following a chain stands.</summary>
/// <param name="ChainId">The EIP-155 chain id.</param>
/// <param name="Head">The last block seen; it may still be replaced.</param>
/// <param name="SafeNumber">The height that is unlikely to be replaced; null where the node does not say.</param>
/// <param name="PostedNumber">The height that L1 has, final there or not; null where that is not read.</param>
/// <param name="Finalized">The last block that can no longer change.</param>
/// <param name="Promoted">The last final block that the features have heard of.</param>
/// <param name="HaltReason">Why the chain stands still until a person decides; null where it does not.</param>
public sealed record ChainHeads(
    long ChainId, BlockRef Head, long? SafeNumber, long? PostedNumber, BlockRef Finalized, BlockRef Promoted, string? HaltReason)
{
    /// <summary>How far a block of the chain has come.</summary>
    public FinalityLevel LevelOf(long number) =>
        number <= Finalized.Number ? FinalityLevel.L1Final
        : number <= PostedNumber ? FinalityLevel.L1Posted
        : number <= SafeNumber ? FinalityLevel.Safe
        : FinalityLevel.Seen;

    /// <summary>Blocks seen that are not final yet.</summary>
    public long UnfinalizedBlocks => Head.Number - Finalized.Number;

    /// <summary>Final blocks that the features have not heard of yet.</summary>
    public long UnpromotedBlocks => Finalized.Number - Promoted.Number;
}

/// <summary>Reads the chain tables. Whatever money may rest on is read from final blocks only.</summary>
public sealed class ChainView(NpgsqlDataSource database)
{
    /// <summary>A contract may hold several chains, and batches come by the half hour: so many logs reach far enough back.</summary>
    private const int BatchLogs = 200;

    /// <summary>Null for a chain that was never followed.</summary>
    public async Task<ChainHeads?> HeadsAsync(long chainId, CancellationToken cancellation = default) =>
        (await HeadsAsync([chainId], cancellation)).SingleOrDefault();

    /// <summary>Every chain that was ever followed, by its id.</summary>
    public Task<IReadOnlyList<ChainHeads>> AllHeadsAsync(CancellationToken cancellation = default) => HeadsAsync(null, cancellation);

    private async Task<IReadOnlyList<ChainHeads>> HeadsAsync(long[]? chainIds, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select h.number, h.hash, h.timestamp, f.number, f.hash, f.timestamp, p.number, p.hash, p.timestamp, c.halt_reason,
                c.safe_number, c.posted_number, c.chain_id
            from chain.cursor c
            join chain.block h on h.chain_id = c.chain_id and h.number = c.head_number and h.status <> 'orphaned'
            join chain.block f on f.chain_id = c.chain_id and f.number = c.finalized_number and f.status <> 'orphaned'
            join chain.block p on p.chain_id = c.chain_id and p.number = c.promoted_number and p.status <> 'orphaned'
            where $1::bigint[] is null or c.chain_id = any($1) order by c.chain_id
            """,
            new object?[] { chainIds }).RowsAsync(
                reader => new ChainHeads(
                    reader.GetInt64(12),
                    reader.Block(),
                    reader.IsDBNull(10) ? null : reader.GetInt64(10),
                    reader.IsDBNull(11) ? null : reader.GetInt64(11),
                    reader.Block(3),
                    reader.Block(6),
                    reader.IsDBNull(9) ? null : reader.GetString(9)),
                cancellation);
    }

    /// <summary>The height of a chain that L1 has, by what was read of L1; null where nothing was.</summary>
    /// <param name="posted">Where L1 has it.</param>
    /// <param name="chainId">The chain.</param>
    /// <param name="finalOnly">Whether blocks of L1 that are not final count for nothing.</param>
    /// <param name="cancellation">Ends the query.</param>
    public async Task<long?> PostedHeightAsync(PostedOptions posted, long chainId, bool finalOnly, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var newest = await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l
            join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and (b.status = 'finalized' or (not $3 and b.status = 'head'))
            order by l.block_number desc, l.log_index desc limit {BatchLogs}
            """,
            posted.ChainId, posted.StateCommitmentChain.ToBytes(), finalOnly).RowsAsync(ChainSql.Log, cancellation);
        return PostedBatches.HeightOf(newest, chainId);
    }

    /// <summary>How many blocks below the final one are still to be read for addresses that were watched late.</summary>
    public async Task<long> BackfillLeftAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select coalesce(max(c.finalized_number - w.next_block + 1), 0) from chain.watch w
            join chain.cursor c on c.chain_id = w.chain_id where w.chain_id = $1 and not w.backfilled
            """,
            chainId).ScalarAsync(cancellation) is long left ? Math.Max(0, left) : 0;
    }

    /// <summary>
    /// The logs of an address with this first topic in final blocks up to <paramref name="upToBlock"/>, in their order on
    /// the chain. Complete only where <see cref="IsCoveredAsync"/> says so.
    /// </summary>
    public async Task<IReadOnlyList<RpcLog>> FinalizedLogsAsync(
        long chainId, Address address, Hash32 topic0, long upToBlock, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l
            join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and l.topic0 = $3 and l.block_number <= $4 and b.status = 'finalized'
            order by l.block_number, l.log_index
            """,
            chainId, address.ToBytes(), topic0.ToBytes(), upToBlock).RowsAsync(ChainSql.Log, cancellation);
    }

    /// <summary>
    /// As with one first topic, of several at once and all in one order. Apart from that one, which reads the whole past of large tokens
    /// in the order of its index.
    /// </summary>
    public async Task<IReadOnlyList<RpcLog>> FinalizedLogsAsync(
        long chainId, Address address, IEnumerable<Hash32> topics0, long upToBlock, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l
            join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and l.topic0 = any($3) and l.block_number <= $4 and b.status = 'finalized'
            order by l.block_number, l.log_index
            """,
            chainId, address.ToBytes(), topics0.Select(topic0 => topic0.ToBytes()).ToArray(), upToBlock)
            .RowsAsync(ChainSql.Log, cancellation);
    }

    /// <summary>The log of an address at this place of a final block; null where there is none that is stored.</summary>
    public async Task<RpcLog?> FinalizedLogAsync(
        long chainId, Address address, long block, int logIndex, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var found = await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l
            join chain.block b on b.id = l.block_id
            where l.chain_id = $1 and l.address = $2 and l.block_number = $3 and l.log_index = $4 and b.status = 'finalized'
            """,
            chainId, address.ToBytes(), block, logIndex).RowsAsync(ChainSql.Log, cancellation);
        return found.IsEmpty ? null : found[0];
    }

    /// <summary>
    /// The last final block up to one that is not later than an instant, among those that are stored: headers without logs are let go. Null
    /// where there is none.
    /// </summary>
    /// <param name="timestamp">Seconds since 1970.</param>
    public async Task<BlockRef?> FinalizedAtAsync(
        long chainId, long upToBlock, long timestamp, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        // Time grows with the height: halved by heights, which have an index.
        var (found, low, high) = ((BlockRef?)null, 0L, upToBlock);
        while (low <= high)
        {
            var middle = low + ((high - low) / 2);
            var stored = await connection.Command(
                "select number, hash, timestamp from chain.block "
                + "where chain_id = $1 and number between $2 and $3 and status = 'finalized' order by number desc limit 1",
                chainId, low, middle).RowsAsync(reader => reader.Block(), cancellation);
            if (!stored.IsEmpty && stored[0].TimestampSeconds > timestamp)
            {
                high = stored[0].Number - 1;
                continue;
            }

            found = stored.IsEmpty ? found : stored[0];
            low = middle + 1;
        }

        return found;
    }

    /// <summary>Whether any of the addresses has a log in final blocks from one to another, both included.</summary>
    public async Task<bool> HasLogsAsync(
        long chainId,
        IReadOnlyCollection<Address> addresses,
        long fromBlock,
        long upToBlock,
        CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select exists (
                select from chain.log l join chain.block b on b.id = l.block_id
                where l.chain_id = $1 and l.address = any($2) and l.block_number between $3 and $4 and b.status = 'finalized')
            """,
            chainId, addresses.Select(address => address.ToBytes()).ToArray(), fromBlock, upToBlock)
            .ScalarAsync(cancellation) is true;
    }

    /// <summary>Whether every final log of the address from one block to another, both included, is stored.</summary>
    public async Task<bool> IsCoveredAsync(
        long chainId, Address address, long fromBlock, long upToBlock, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select greatest(w.from_block, w.kept_from) <= $3 and $4 <= c.finalized_number and (w.backfilled or $4 < w.next_block)
            from chain.watch w join chain.cursor c on c.chain_id = w.chain_id where w.chain_id = $1 and w.address = $2
            """,
            chainId, address.ToBytes(), fromBlock, upToBlock).ScalarAsync(cancellation) is true;
    }

    /// <summary>Whether that very log is stored and its block final.</summary>
    public async Task<bool> IsFinalizedAsync(EventKey key, CancellationToken cancellation = default)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select exists (
                select from chain.log l join chain.block b on b.id = l.block_id
                where l.chain_id = $1 and b.hash = $2 and l.log_index = $3 and l.tx_hash = $4 and l.block_number = $5
                    and b.status = 'finalized')
            """,
            key.ChainId, key.BlockHash.ToBytes(), key.LogIndex, key.TransactionHash.ToBytes(), key.BlockNumber)
            .ScalarAsync(cancellation) is true;
    }
}

using Grants.Primitives;
using Marten;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>
/// Which final block is next. Late logs come first, then the blocks above the promoted one: a block with logs alone, a
/// run of blocks without logs as its last block. The cursor's row lock keeps two promotions apart.
/// </summary>
public sealed class PromotionQueue(NpgsqlDataSource database)
{
    private const string NextLog =
        """
        select l.block_number from chain.log l join chain.block b on b.chain_id = l.chain_id and b.hash = l.block_hash
        where l.chain_id = $1 and not l.promoted and b.status = 'finalized' order by l.block_number limit 1
        """;

    /// <summary>Whether a final block waits. Nothing does on a halted chain.</summary>
    public async Task<bool> AnyAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            $"""
            select finalized_number > promoted_number or ({NextLog}) is not null
            from chain.cursor where chain_id = $1 and halt_reason is null
            """,
            chainId).ScalarAsync(cancellation) is true;
    }

    /// <summary>
    /// Takes the next block within the session's transaction and queues the record that it was promoted; null where none waits.
    /// </summary>
    internal static async Task<FinalizedBlock?> TakeAsync(IDocumentSession session, long chainId, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        var connection = session.Connection;
        var cursor = await connection.Command(
            """
            select promoted_number, finalized_number from chain.cursor
            where chain_id = $1 and halt_reason is null for update
            """,
            chainId).RowsAsync(reader => (Promoted: reader.GetInt64(0), Finalized: reader.GetInt64(1)), cancellation);
        if (cursor.IsEmpty)
            return null;
        var (promoted, finalized) = cursor[0];
        var withLogs = await connection.Command(NextLog, chainId).ScalarAsync(cancellation) as long?;
        var number = withLogs switch
        {
            null => finalized,
            _ when withLogs <= promoted + 1 => withLogs.Value,
            _ => withLogs.Value - 1,
        };
        if (number == promoted && withLogs != number)
            return null;
        var block = await ReadAsync(connection, chainId, number, promoted, cancellation);
        session.QueueSqlCommand(
            "update chain.log set promoted = true where chain_id = ? and block_hash = ? and not promoted",
            chainId,
            block.Block.Hash.ToBytes());
        session.QueueSqlCommand(
            "update chain.cursor set promoted_number = greatest(promoted_number, ?) where chain_id = ?", number, chainId);
        return block;
    }

    /// <summary>
    /// Halts the chain in the session's transaction: the block counts as promoted, and nothing comes after it until a person
    /// decides. A reason that stands is kept.
    /// </summary>
    public static void Halt(IDocumentSession session, long chainId, string reason) => session.QueueSqlCommand(
        "update chain.cursor set halt_reason = ?, halted_at = now() where chain_id = ? and halt_reason is null", reason, chainId);

    /// <summary>The promoted block, held until the session's transaction ends: none is promoted meanwhile.</summary>
    public static async Task<BlockRef> HoldAsync(IDocumentSession session, long chainId, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);

        // Two statements: one that waits for the lock goes on with the cursor's new row, but would join it with blocks as of before.
        var number = await session.Connection.Command("select promoted_number from chain.cursor where chain_id = $1 for share", chainId)
            .ScalarAsync(cancellation);
        var blocks = await session.Connection.Command(
            $"select {ChainSql.BlockColumns} from chain.block b where b.chain_id = $1 and b.number = $2 and b.status = 'finalized'",
            chainId, number).RowsAsync(reader => reader.Block(), cancellation);
        return blocks.Single();
    }

    private static async Task<FinalizedBlock> ReadAsync(
        NpgsqlConnection connection, long chainId, long number, long promoted, CancellationToken cancellation)
    {
        var blocks = await connection.Command(
            $"""
            select {ChainSql.BlockColumns} from chain.block b
            where b.chain_id = $1 and b.number in ($2, $2 - 1) and b.status = 'finalized' order by b.number desc
            """,
            chainId, number).RowsAsync(reader => reader.Block(), cancellation);
        var logs = await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.log l
            where l.chain_id = $1 and l.block_hash = $2 and not l.promoted order by l.log_index
            """,
            chainId, blocks[0].Hash.ToBytes()).RowsAsync(ChainSql.Log, cancellation);
        return new FinalizedBlock(chainId, blocks[0], logs)
        {
            Before = blocks.Length > 1 ? blocks[1] : null,
            Late = number <= promoted,
        };
    }
}

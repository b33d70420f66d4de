using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting.Changes;
using Marten;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>
/// Which final blocks are next. Late logs come first, then the blocks above the promoted one: a block with logs alone, a
/// run of blocks without logs as its last block. A lock keeps two promotions of a chain apart.
/// </summary>
public sealed class PromotionQueue(NpgsqlDataSource database)
{
    /// <summary>Logs that are read ahead: where something follows from the first of them, the others were read in vain.</summary>
    private const int LogsAhead = 256;

    /// <summary>Whether a final block waits. Nothing does on a halted chain.</summary>
    public async Task<bool> AnyAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            """
            select finalized_number > promoted_number or exists (select from chain.late where chain_id = $1)
            from chain.cursor where chain_id = $1 and halt_reason is null
            """,
            chainId).ScalarAsync(cancellation) is true;
    }

    /// <summary>
    /// Takes the next blocks within the session's transaction; none where none waits. <see cref="Promoted"/> says how many of them
    /// were promoted.
    /// </summary>
    /// <param name="session">Nobody else promotes blocks of the chain before its transaction ends.</param>
    /// <param name="chainId">The chain.</param>
    /// <param name="after">The block up to which this very transaction has promoted; null where it has promoted nothing.</param>
    /// <param name="cancellation">Ends the query.</param>
    internal static async Task<ImmutableArray<FinalizedBlock>> TakeAsync(
        IDocumentSession session, long chainId, long? after, CancellationToken cancellation)
    {
        await session.BeginTransactionAsync(cancellation);
        var connection = session.Connection;
        await connection.Command(ChainSql.PromotionTurn, chainId).ExecuteAsync(cancellation);
        var cursor = await connection.Command(
            "select promoted_number, finalized_number from chain.cursor where chain_id = $1 and halt_reason is null", chainId)
            .RowsAsync(reader => (Promoted: reader.GetInt64(0), Finalized: reader.GetInt64(1)), cancellation);
        if (cursor.IsEmpty)
            return [];
        if (after is null && await LateAsync(connection, chainId, cancellation) is { } late)
            return [late];
        return await NextAsync(connection, chainId, after ?? cursor[0].Promoted, cursor[0].Finalized, cancellation);
    }

    /// <summary>Queues the record that a block was promoted, and all before it.</summary>
    internal static void Promoted(IDocumentSession session, FinalizedBlock block)
    {
        if (block.Late)
        {
            session.QueueSqlCommand(
                "delete from chain.late where chain_id = ? and block_id = (select id from chain.block where chain_id = ? and hash = ?)",
                block.ChainId,
                block.ChainId,
                block.Block.Hash.ToBytes());
            return;
        }

        session.QueueSqlCommand(
            "update chain.cursor set promoted_number = greatest(promoted_number, ?) where chain_id = ?", block.Block.Number, block.ChainId);
        ChangeNotices.Queue(session, ChainSubscriptions.Topic(block.ChainId));
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
        await session.Connection.Command(ChainSql.NoPromotion, chainId).ExecuteAsync(cancellation);
        var blocks = await session.Connection.Command(
            $"""
            select {ChainSql.BlockColumns} from chain.cursor c
            join chain.block b on b.chain_id = c.chain_id and b.number = c.promoted_number and b.status = 'finalized'
            where c.chain_id = $1
            """,
            chainId).RowsAsync(reader => reader.Block(), cancellation);
        return blocks.Single();
    }

    private static async Task<FinalizedBlock?> LateAsync(NpgsqlConnection connection, long chainId, CancellationToken cancellation)
    {
        var logs = await connection.Command(
            $"""
            select {ChainSql.LogColumns} from chain.late w
            join chain.log l using (chain_id, block_number, block_id, log_index)
            join chain.block b on b.id = l.block_id
            where w.chain_id = $1 and w.block_number = (select min(block_number) from chain.late where chain_id = $1)
                and b.status = 'finalized'
            order by l.log_index
            """,
            chainId).RowsAsync(ChainSql.Log, cancellation);
        if (logs.IsEmpty)
            return null;
        var number = logs[0].BlockNumber;
        var blocks = await BlocksAsync(connection, chainId, [number - 1, number], cancellation);
        return new FinalizedBlock(chainId, blocks[number], logs) { Late = true, Before = Before(blocks, number) };
    }

    private static async Task<ImmutableArray<FinalizedBlock>> NextAsync(
        NpgsqlConnection connection, long chainId, long promoted, long finalized, CancellationToken cancellation)
    {
        if (finalized <= promoted)
            return [];
        var ahead = await LogsAsync(connection, chainId, promoted + 1, finalized, $"limit {LogsAhead}", cancellation);
        if (ahead.Length == LogsAhead)
        {
            // The last block may go on: it is left for the next time, or read whole where it is the only one.
            var last = ahead[^1].Log.BlockNumber;
            ahead = ahead[0].Log.BlockNumber == last
                ? await LogsAsync(connection, chainId, last, last, "", cancellation)
                : [.. ahead.Where(one => one.Log.BlockNumber < last)];
            finalized = ahead[^1].Log.BlockNumber;
        }

        ImmutableArray<RpcLog> logs = [.. ahead.Where(one => one.IsFinal).Select(one => one.Log)];
        var numbers = Turns([.. logs.Select(log => log.BlockNumber).Distinct()], promoted, finalized);
        var blocks = await BlocksAsync(connection, chainId, [.. numbers, .. numbers.Select(number => number - 1)], cancellation);
        var byBlock = logs.ToLookup(log => log.BlockNumber);
        return
        [
            .. numbers.Select(number => new FinalizedBlock(chainId, blocks[number], [.. byBlock[number]])
            {
                Before = Before(blocks, number),
            }),
        ];
    }

    private static BlockRef? Before(Dictionary<long, BlockRef> blocks, long number) =>
        blocks.TryGetValue(number - 1, out var before) ? before : null;

    /// <summary>Blocks with logs, and the last one of every run of blocks without.</summary>
    private static List<long> Turns(IReadOnlyList<long> withLogs, long promoted, long end)
    {
        var turns = new List<long>();
        foreach (var number in withLogs)
        {
            if (number > promoted + 1)
                turns.Add(number - 1);
            turns.Add(number);
            promoted = number;
        }

        if (end > promoted)
            turns.Add(end);
        return turns;
    }

    /// <summary>
    /// Those of forks that lost among them, so that the number of rows is that of the index: in its very order, which is the chain's, and
    /// cut before anything is joined.
    /// </summary>
    private static Task<ImmutableArray<(RpcLog Log, bool IsFinal)>> LogsAsync(
        NpgsqlConnection connection, long chainId, long from, long to, string limit, CancellationToken cancellation) =>
        connection.Command(
            $"""
            select {ChainSql.LogColumns}, b.status = 'finalized' from (
                select * from chain.log where chain_id = $1 and block_number between $2 and $3
                order by chain_id, block_number, block_id, log_index {limit}) l
            join chain.block b on b.id = l.block_id order by l.block_number, l.block_id, l.log_index
            """,
            chainId, from, to).RowsAsync(
                reader => (ChainSql.Log(reader), reader.GetBoolean(ChainSql.LogColumnCount)), cancellation);

    private static async Task<Dictionary<long, BlockRef>> BlocksAsync(
        NpgsqlConnection connection, long chainId, long[] numbers, CancellationToken cancellation)
    {
        var blocks = await connection.Command(
            $"""
            select {ChainSql.BlockColumns} from chain.block b
            where b.chain_id = $1 and b.number = any($2) and b.status = 'finalized'
            """,
            chainId, numbers).RowsAsync(reader => reader.Block(), cancellation);
        return blocks.ToDictionary(block => block.Number);
    }
}

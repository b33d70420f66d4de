using Grants.Ethereum.Following;
using Grants.Primitives;
using Grants.Service.Hosting.Changes;
using Grants.Service.Ingestion.Retention;
using Npgsql;

namespace Grants.Service.Ingestion;

/// <summary>An ingestor's right to write: as long as no other has taken over, the cursor shows its epoch.</summary>
public sealed record ChainLease(long ChainId, long Epoch);

/// <summary>Another ingestor has taken over the chain since.</summary>
public sealed class LeaseLostException(ChainLease lease)
    : InvalidOperationException($"Epoch {lease.Epoch} of chain {lease.ChainId} is over: another ingestor writes now.");

/// <summary>
/// Writes what a follower finds. Each update is one transaction that ends under the lock of the chain's cursor, and is only committed
/// if the cursor still shows the writer's epoch.
/// </summary>
public sealed class ChainStore(NpgsqlDataSource database)
{
    /// <summary>
    /// Creates the cursor of a chain that was never followed; does nothing where one exists. Addresses that are watched
    /// from later blocks on have no past to read.
    /// </summary>
    public async Task BeginAsync(long chainId, Hash32 genesis, FollowedBlock start, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var created = await connection.Command(
            """
            insert into chain.cursor (chain_id, genesis_hash, start_number, head_number, head_hash, finalized_number, promoted_number)
            values ($1, $2, $3, $3, $4, $3, $3) on conflict do nothing
            """,
            chainId, genesis.ToBytes(), start.Ref.Number, start.Ref.Hash.ToBytes()).ExecuteAsync(cancellation);
        if (created == 1)
        {
            await RawBlocks.InsertAsync(connection, chainId, [start], "finalized", LogNews.New, cancellation);
            await ChainWatches.BeginAsync(connection, chainId, start.Ref.Number, cancellation);
        }

        await transaction.CommitAsync(cancellation);
    }

    /// <summary>
    /// Begins a new epoch, which ends every earlier one, and reads what is known; null for a chain that was never followed.
    /// </summary>
    public async Task<(ChainLease Lease, KnownChain Known)?> TakeOverAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var taken = await connection.Command(
                "update chain.cursor set epoch = epoch + 1 where chain_id = $1 returning epoch, genesis_hash, finalized_number", chainId)
            .RowsAsync(reader => (Epoch: reader.GetInt64(0), Genesis: reader.Hash(1), Finalized: reader.GetInt64(2)), cancellation);
        if (taken.IsEmpty)
            return null;
        var blocks = await connection.Command(
            $"""
            select {ChainSql.BlockColumns} from chain.block b
            where b.chain_id = $1 and b.number >= $2 and b.status <> 'orphaned' order by b.number
            """,
            chainId, taken[0].Finalized).RowsAsync(reader => reader.Block(), cancellation);
        await transaction.CommitAsync(cancellation);
        return (new ChainLease(chainId, taken[0].Epoch), new KnownChain(taken[0].Genesis, blocks));
    }

    /// <summary>Stores one update.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public Task ApplyAsync(ChainLease lease, ChainUpdate update, CancellationToken cancellation) => WriteAsync(
        lease,
        connection => update is ChainUpdate.BlocksAppended appended
            ? RawBlocks.InsertAsync(connection, lease.ChainId, appended.Blocks, "head", LogNews.New, cancellation)
            : Task.CompletedTask,
        (connection, head) => update switch
        {
            ChainUpdate.BlocksAppended appended => AppendAsync(connection, lease.ChainId, head, appended, cancellation),
            ChainUpdate.Reorged reorged => ReorgAsync(connection, lease.ChainId, reorged, cancellation),
            ChainUpdate.FinalizedAdvanced advanced => FinalizeAsync(connection, lease.ChainId, advanced, cancellation),
            ChainUpdate.FinalityViolated violated => HaltAsync(connection, lease.ChainId, Reason(violated), cancellation),
            _ => throw new ArgumentOutOfRangeException(nameof(update)),
        },
        cancellation);

    /// <summary>Stores a piece of some watched addresses' past, and how far that past now reaches.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public Task BackfillAsync(
        ChainLease lease, BackfillPiece piece, long nextBlock, IReadOnlyList<FollowedBlock> blocks, CancellationToken cancellation) =>
        WriteAsync(
            lease,
            async connection =>
            {
                // Which of the logs are late must not change before they are stored.
                await connection.Command(ChainSql.NoPromotion, lease.ChainId).ExecuteAsync(cancellation);
                await RawBlocks.InsertAsync(connection, lease.ChainId, blocks, "finalized", LogNews.Late, cancellation);
            },
            (connection, _) => ChainWatches.AdvanceAsync(connection, lease.ChainId, piece, nextBlock, cancellation),
            cancellation);

    /// <summary>Stores a piece of what was let go and is needed again.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public Task RecallAsync(
        ChainLease lease, BackfillPiece piece, long nextBlock, IReadOnlyList<FollowedBlock> blocks, CancellationToken cancellation) =>
        WriteAsync(
            lease,
            async connection =>
            {
                // Nothing is let go meanwhile, and nothing promoted.
                await connection.Command(ChainSql.NoPromotion, lease.ChainId).ExecuteAsync(cancellation);
                await RawBlocks.InsertAsync(connection, lease.ChainId, blocks, "finalized", LogNews.Told, cancellation);
            },
            (connection, _) => ChainRecalls.AdvanceAsync(connection, lease.ChainId, piece, nextBlock, cancellation),
            cancellation);

    /// <summary>Takes note of the heights that views may show; null where nothing is known. None goes back.</summary>
    /// <returns>What was known before.</returns>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public async Task<(long? Safe, long? Posted)> LevelsAsync(
        ChainLease lease, long? safe, long? posted, CancellationToken cancellation)
    {
        (long? Safe, long? Posted) before = default;
        await WriteAsync(
            lease,
            _ => Task.CompletedTask,
            async (connection, _) => before = (await connection.Command(
                """
                with old as (select safe_number, posted_number from chain.cursor where chain_id = $1)
                update chain.cursor c set
                    safe_number = greatest(c.safe_number, $2::bigint), posted_number = greatest(c.posted_number, $3::bigint)
                from old where c.chain_id = $1 returning old.safe_number, old.posted_number
                """,
                lease.ChainId, safe, posted).RowsAsync(
                    row => (row.IsDBNull(0) ? (long?)null : row.GetInt64(0), row.IsDBNull(1) ? (long?)null : row.GetInt64(1)),
                    cancellation)).Single(),
            cancellation);
        return before;
    }

    /// <summary>
    /// Lets go of what nobody asks for any more, a range of blocks at a time: far below the promoted block, headers without logs, and
    /// forks that lost with theirs. Whatever evidence rests on are logs of final blocks, and those stay.
    /// </summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="keep">How many blocks below the promoted one are kept whole.</param>
    /// <param name="cancellation">Ends it between two ranges.</param>
    public async Task PruneAsync(long chainId, long keep, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keep);
        while (await PruneRangeAsync(chainId, keep, cancellation))
        {
        }
    }

    private async Task<bool> PruneRangeAsync(long chainId, long keep, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var range = await connection.Command(
            """
            select pruned_number, least(pruned_number + 10000, promoted_number - $2) from chain.cursor
            where chain_id = $1 for no key update
            """,
            chainId, keep).RowsAsync(reader => (Done: reader.GetInt64(0), To: reader.GetInt64(1)), cancellation);
        if (range is not [var (done, to)] || to <= done)
            return false;
        foreach (var sql in new[]
        {
            """
            delete from chain.log l using chain.block b where l.chain_id = $1 and l.block_number > $2 and l.block_number <= $3
                and b.id = l.block_id and b.status = 'orphaned'
            """,
            """
            delete from chain.block b where b.chain_id = $1 and b.number > $2 and b.number <= $3 and not exists (
                select from chain.log l where l.chain_id = b.chain_id and l.block_number = b.number and l.block_id = b.id)
            """,
        })
            await connection.Command(sql, chainId, done, to).ExecuteAsync(cancellation);
        await connection.Command("update chain.cursor set pruned_number = $2 where chain_id = $1", chainId, to).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return true;
    }

    /// <summary>Why the chain stands still; null where it does not.</summary>
    public async Task<string?> HaltReasonAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command("select halt_reason from chain.cursor where chain_id = $1", chainId)
            .ScalarAsync(cancellation) as string;
    }

    /// <summary>Stops promotion, and with it all money on the chain, until a person decides. A reason that stands is kept.</summary>
    public async Task HaltAsync(long chainId, string reason, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await HaltAsync(connection, chainId, reason, cancellation);
    }

    /// <summary>
    /// Lets a halted chain go on: a person's decision, after the node is right again. Where the node still contradicts
    /// what was final, the chain halts again at the next look.
    /// </summary>
    public async Task ClearHaltAsync(long chainId, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await connection.Command("update chain.cursor set halt_reason = null, halted_at = null where chain_id = $1", chainId)
            .ExecuteAsync(cancellation);
    }

    /// <summary>
    /// The bulk first, then the cursor and what moves it: others that need the cursor wait for a moment only. Where the lease turns out to
    /// be lost, nothing of it stays.
    /// </summary>
    private async Task WriteAsync(
        ChainLease lease,
        Func<NpgsqlConnection, Task> fill,
        Func<NpgsqlConnection, Hash32, Task> move,
        CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await fill(connection);
        var cursor = await connection.Command(
            "select epoch, head_hash from chain.cursor where chain_id = $1 for no key update", lease.ChainId)
            .RowsAsync(reader => (Epoch: reader.GetInt64(0), Head: reader.Hash(1)), cancellation);
        if (cursor.IsEmpty || cursor[0].Epoch != lease.Epoch)
            throw new LeaseLostException(lease);
        await move(connection, cursor[0].Head);
        await connection.Command("select pg_notify($1, $2)", ChangeNotices.Channel, ChainSubscriptions.Topic(lease.ChainId))
            .ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
    }

    private static async Task AppendAsync(
        NpgsqlConnection connection, long chainId, Hash32 head, ChainUpdate.BlocksAppended appended, CancellationToken cancellation)
    {
        if (appended.Blocks[0].ParentHash != head)
            throw new InvalidOperationException($"Block {appended.Blocks[0].Ref} does not continue the stored head {head}.");
        await MoveHeadAsync(connection, chainId, appended.Blocks[^1].Ref, cancellation);
    }

    private static async Task ReorgAsync(
        NpgsqlConnection connection, long chainId, ChainUpdate.Reorged reorged, CancellationToken cancellation)
    {
        var orphaned = await connection.Command(
            "update chain.block set status = 'orphaned' where chain_id = $1 and number > $2 and status = 'head'",
            chainId, reorged.Ancestor.Number).ExecuteAsync(cancellation);
        if (orphaned != reorged.Removed.Length)
            throw new InvalidOperationException($"{orphaned} blocks are orphaned instead of {reorged.Removed.Length}.");
        await MoveHeadAsync(connection, chainId, reorged.Ancestor, cancellation);
    }

    private static async Task FinalizeAsync(
        NpgsqlConnection connection, long chainId, ChainUpdate.FinalizedAdvanced advanced, CancellationToken cancellation)
    {
        var final = advanced.Finalized.Value;
        await connection.Command(
            "update chain.block set status = 'finalized' where chain_id = $1 and number <= $2 and status = 'head'",
            chainId, final.Number).ExecuteAsync(cancellation);
        var moved = await connection.Command(
            """
            update chain.cursor set finalized_number = $2 where chain_id = $1 and finalized_number <= $2
            and exists (select from chain.block where chain_id = $1 and hash = $3 and number = $2 and status = 'finalized')
            """,
            chainId, final.Number, final.Hash.ToBytes()).ExecuteAsync(cancellation);
        if (moved != 1)
            throw new InvalidOperationException($"{final} is not a stored block above the final one.");
    }

    private static async Task HaltAsync(
        NpgsqlConnection connection, long chainId, string reason, CancellationToken cancellation) =>
        await connection.Command(
            "update chain.cursor set halt_reason = $2, halted_at = now() where chain_id = $1 and halt_reason is null",
            chainId, reason).ExecuteAsync(cancellation);

    private static string Reason(ChainUpdate.FinalityViolated violated) =>
        $"{violated.Reason} Final: {violated.Known.Number} {violated.Known.Hash}. "
        + $"The node's: {violated.Reported?.Number} {violated.Reported?.Hash}.";

    private static async Task MoveHeadAsync(NpgsqlConnection connection, long chainId, BlockRef head, CancellationToken cancellation) =>
        await connection.Command(
            "update chain.cursor set head_number = $2, head_hash = $3 where chain_id = $1",
            chainId, head.Number, head.Hash.ToBytes()).ExecuteAsync(cancellation);
}

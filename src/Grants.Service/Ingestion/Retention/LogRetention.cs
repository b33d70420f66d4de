using System.Collections.Concurrent;
using Grants.Primitives;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Service.Ingestion.Retention;

/// <summary>
/// Lets go of raw logs of blocks that are final, promoted and far below, a range's table at a time. What was decided rests on events; who
/// needs the logs themselves keeps them (<see cref="IKeepsLogs"/>) or has them read again (<see cref="ChainRecalls"/>).
/// </summary>
public sealed class LogRetention(
    NpgsqlDataSource database, IEnumerable<IKeepsLogs> features, IOptions<IngestionOptions> options, ILogger<LogRetention> logger)
{
    private readonly ConcurrentDictionary<long, string> refused = new();

    /// <summary>Lets go of whole ranges that end so many blocks below the promoted one, or says once why it does not.</summary>
    /// <returns>How many logs are gone.</returns>
    public async Task<long> LetGoAsync(long chainId, long keepBlocks, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(keepBlocks);
        long all = 0;
        while (await NextAsync(chainId, keepBlocks, cancellation) is { } gone)
        {
            all += gone;
            RetentionTelemetry.LetGo(chainId, gone);
        }

        if (all > 0)
            logger.LogInformation("Chain {ChainId}: {Logs} raw logs were let go, far below the promoted block.", chainId, all);
        return all;
    }

    private async Task<long?> NextAsync(long chainId, long keepBlocks, CancellationToken cancellation)
    {
        try
        {
            var (gone, refusal) = await RangeAsync(chainId, keepBlocks, cancellation);
            Refused(chainId, refusal);
            return gone;
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            Refused(chainId, "The logs are in use just now.");
            return null;
        }
    }

    /// <summary>
    /// One range, in a transaction beside which nothing is promoted and nobody asks for a past: features are asked only then, so that what
    /// they need later they ask for later, and find it gone. None waits long for it.
    /// </summary>
    private async Task<(long? Gone, string? Refusal)> RangeAsync(long chainId, long keepBlocks, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await connection.Command("set local lock_timeout = '5s'").ExecuteAsync(cancellation);
        await connection.Command(ChainSql.PromotionTurn, chainId).ExecuteAsync(cancellation);
        var watches = await connection.Command(
            "select address, not backfilled or recall_from is not null from chain.watch where chain_id = $1 for update", chainId)
            .RowsAsync(row => (Address: row.GetFieldValue<byte[]>(0), IsBeingRead: row.GetBoolean(1)), cancellation);
        var (kept, refusal) = await KeptAsync(chainId, cancellation);
        var ranges = await connection.Command(
            """
            select start, start + chain.range_width() from chain.ranges($1) as start join chain.cursor c on c.chain_id = $1
            where start + chain.range_width() <= least(c.promoted_number - $2, c.pruned_number)
                and exists (select from chain.log l
                    where l.chain_id = $1 and l.block_number >= start and l.block_number < start + chain.range_width()
                        and l.address <> all ($3))
            order by start limit 1
            """,
            chainId, keepBlocks, kept).RowsAsync(row => (Start: row.GetInt64(0), End: row.GetInt64(1)), cancellation);
        if (ranges is not [var (start, end)])
            return (null, null);
        if (watches.FirstOrDefault(watch => watch.IsBeingRead).Address is { } reading)
            refusal ??= $"The past of {new Address(reading)} is still being read.";
        if (await connection.Command("select exists (select from chain.late where chain_id = $1)", chainId)
            .ScalarAsync(cancellation) is true)
            refusal ??= "Logs of the past wait for their promotion.";
        if (refusal is not null)
            return (null, refusal);
        var gone = await connection.Command("select chain.let_go($1, $2, $3)", chainId, start, kept).ScalarAsync(cancellation);
        await connection.Command(
            """
            delete from chain.block b where b.chain_id = $1 and b.number >= $2 and b.number < $3 and not exists (
                select from chain.log l where l.chain_id = b.chain_id and l.block_number = b.number and l.block_id = b.id)
            """,
            chainId, start, end).ExecuteAsync(cancellation);
        await connection.Command(
            """
            update chain.watch set told_from = least(told_from, from_block),
                kept_from = case when address = any ($3) or from_block >= $2 then kept_from else greatest(kept_from, $2) end
            where chain_id = $1 and address = any ($4)
            """,
            chainId, end, kept, watches.Select(watch => watch.Address).ToArray()).ExecuteAsync(cancellation);
        await transaction.CommitAsync(cancellation);
        return ((long)gone!, null);
    }

    private async Task<(byte[][] Contracts, string? Refusal)> KeptAsync(long chainId, CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(features.Select(feature => feature.KeptAsync(chainId, cancellation)));
        // Where a chain's batches are read, the last of them say how far it is final.
        var posted = options.Value.Chains.Select(chain => chain.Posted).OfType<PostedOptions>().Where(one => one.ChainId == chainId);
        var contracts = asked.SelectMany(one => one.Contracts).Concat(posted.Select(one => one.StateCommitmentChain)).Distinct();
        var refusal = asked.Select(one => one.Refusal).FirstOrDefault(why => why is not null);
        return ([.. contracts.Select(address => address.ToBytes())], refusal);
    }

    private void Refused(long chainId, string? why)
    {
        RetentionTelemetry.Refused(chainId, why is not null);
        if (why is null)
            refused.TryRemove(chainId, out _);
        if (why is null || refused.GetValueOrDefault(chainId) == why)
            return;
        refused[chainId] = why;
        logger.LogWarning("Chain {ChainId}: no raw logs are let go: {Why}", chainId, why);
    }
}

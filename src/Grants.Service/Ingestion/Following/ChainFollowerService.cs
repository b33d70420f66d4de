using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion.Retention;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// Runs one ingestor for every configured chain, in whichever instance takes the chain's seat, and beside it promotes what is final. Each
/// round does a bounded amount of every kind of work, so that a long past does not hold up the head.
/// </summary>
public sealed class ChainFollowerService(
    NpgsqlDataSource database,
    ChainStore store,
    ChainWatches watches,
    ChainPromoter promoter,
    FinalityRules rules,
    ChainProgress progress,
    LevelAlarms alarms,
    LogRetention retention,
    IHttpClientFactory http,
    IOptions<IngestionOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<ChainFollowerService> logger) : BackgroundService
{
    /// <summary>It spares work; what keeps two ingestors' writes apart is the epoch in the cursor.</summary>
    private const string Seat = "chain ingestor";

    private const int UpdatesARound = 16;
    private const int PiecesARound = 2;
    private const int BlocksBetweenPrunings = 1_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // The bus takes no messages before the host has started.
            await StartedAsync(stoppingToken);
            await Task.WhenAll(options.Value.Chains.Select(chain => RunAsync(chain, stoppingToken)));
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            logger.LogInformation("Following ends: what is stored is complete as far as it goes.");
        }
    }

    private async Task StartedAsync(CancellationToken cancellation)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var onStarted = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(cancellation);
    }

    private async Task RunAsync(ChainOptions chain, CancellationToken cancellation)
    {
        var endpoints = chain.ConnectAll(http.CreateClient(IngestionModule.HttpClientName));
        var trouble = new Backoff(chain.PollMilliseconds);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await IngestAsync(chain, endpoints, trouble, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                if (trouble.Failed())
                    logger.LogError(problem, "Following {Node} failed; it begins anew.", chain.Rpc.Host);
                await Task.Delay(trouble.Pause, cancellation);
            }
        }
    }

    private async Task IngestAsync(
        ChainOptions chain, ImmutableArray<ChainEndpoint> endpoints, Backoff trouble, CancellationToken cancellation)
    {
        var chainId = await ChainIdAsync(endpoints, cancellation);
        chain.Check(chainId);
        var poll = TimeSpan.FromMilliseconds(chain.PollMilliseconds);
        await using var seat = await ClusterSeat.TryTakeAsync(database, Seat, chainId, cancellation);
        if (seat is null)
        {
            await Task.Delay(4 * poll, cancellation);
            return;
        }

        var nodes = await rules.NodesAsync(chainId, chain, endpoints, cancellation);
        var limits = new FollowerLimits();
        var ingestor = await ChainIngestor.OpenAsync(store, watches, nodes, chainId, chain.FromBlock, limits, cancellation)
            ?? throw new InvalidOperationException("The nodes agree on no final block to begin at.");
        ingestor.OnRead = blocks => Tell(chainId, ingestor, blocks);
        logger.LogInformation("Chain {ChainId} is followed from block {Number} on.", chainId, ingestor.Known.Head.Number);
        await FollowAsync(ingestor, chainId, chain, trouble, cancellation);
        await HaltedAsync(chainId, poll, cancellation);
    }

    /// <summary>Follows until the chain is halted. Promotion goes on beside it, and ends with it.</summary>
    private async Task FollowAsync(
        ChainIngestor ingestor, long chainId, ChainOptions chain, Backoff trouble, CancellationToken cancellation)
    {
        var poll = TimeSpan.FromMilliseconds(chain.PollMilliseconds);
        using var news = new Bell();
        using var heads = new Bell();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var (promotion, listening) = (promoter.RunAsync(chainId, poll, news, end.Token), HeadsAsync(chain, heads, end.Token));
        try
        {
            for (var pruned = long.MinValue; await store.HaltReasonAsync(chainId, cancellation) is null;)
            {
                if (promotion.IsFaulted)
                    await promotion;
                if (ingestor.Known.Finalized.Number > pruned + BlocksBetweenPrunings)
                {
                    pruned = ingestor.Known.Finalized.Number;
                    await store.PruneAsync(chainId, chain.KeepBlocks, cancellation);
                    if (chain.KeepLogsBlocks is { } keep)
                        await retention.LetGoAsync(chainId, keep, cancellation);
                }

                if (await FollowRoundAsync(ingestor, chainId, chain, trouble, cancellation))
                    news.Ring();
                else
                    await heads.WaitAsync(trouble.IsOver ? poll : trouble.Pause, cancellation);
            }
        }
        finally
        {
            await end.CancelAsync();
            await Task.WhenAll(promotion, listening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>New heads as the node tells them, where it does: a hint that it is time to look.</summary>
    private async Task HeadsAsync(ChainOptions chain, Bell heads, CancellationToken cancellation)
    {
        try
        {
            var subscriptions = new EthereumSubscriptions(chain.HeadsEndpoint, new SubscriptionOptions
            {
                MostFailures = chain.Heads is null ? 0 : null,
            });
            await foreach (var _ in subscriptions.HeadsAsync(cancellation))
                heads.Ring();
        }
        catch (RpcException refused)
        {
            logger.LogInformation("{Node} does not tell of new heads ({Reason}): it is asked.", chain.HeadsEndpoint.Host, refused.Message);
        }
    }

    /// <summary>The first node that answers says which chain it is; the others are known by their blocks.</summary>
    private static async Task<long> ChainIdAsync(ImmutableArray<ChainEndpoint> endpoints, CancellationToken cancellation)
    {
        foreach (var endpoint in endpoints[..^1])
        {
            try
            {
                return await endpoint.Rpc.ChainIdAsync(cancellation);
            }
            catch (RpcException)
            {
                continue;
            }
        }

        return await endpoints[^1].Rpc.ChainIdAsync(cancellation);
    }

    private async Task HaltedAsync(long chainId, TimeSpan poll, CancellationToken cancellation)
    {
        logger.LogCritical("Chain {ChainId} is halted: {Reason}", chainId, await store.HaltReasonAsync(chainId, cancellation));
        while (await store.HaltReasonAsync(chainId, cancellation) is not null)
            await Task.Delay(poll, cancellation);
        logger.LogWarning("Chain {ChainId} was cleared and goes on.", chainId);
    }

    /// <summary>A node that cannot be reached or talks nonsense costs nothing but time: what is stored stays right.</summary>
    private async Task<bool> FollowRoundAsync(
        ChainIngestor ingestor, long chainId, ChainOptions chain, Backoff trouble, CancellationToken cancellation)
    {
        var work = 0;
        try
        {
            // The past first: an address without one is then followed from its first block on.
            while (work < PiecesARound && await ingestor.BackfillAsync(cancellation))
                work++;
            for (var (i, head) = (0, ingestor.Known.Head);
                i < UpdatesARound && await ingestor.FollowAsync(cancellation) is { } update;
                i++, head = ingestor.Known.Head)
            {
                if (update is ChainUpdate.Reorged reorged)
                    LogReorg(chainId, reorged);
                if (update is ChainUpdate.BlocksAppended appended && appended.OddTimes(head).ToList() is { Count: > 0 } odd)
                    LogOddTimes(chainId, odd, chain.IsDevelopment);
                work++;
                if (update is ChainUpdate.FinalityViolated)
                    break;
            }

            if (work == 0)
            {
                foreach (var level in await ingestor.LevelsAsync(cancellation))
                    await alarms.RaiseAsync(level);
            }

            alarms.Reached(chainId, FinalityLevel.L1Final, ingestor.Known.Finalized.Number);
            if (trouble.Succeeded())
                logger.LogInformation("Chain {ChainId}: {Node} answers again.", chainId, ingestor.Node);
            return work > 0;
        }
        catch (RpcException problem)
        {
            FollowingTelemetry.Discarded(chainId);
            if (problem is FinalityWentBackException back)
                await alarms.RaiseAsync(new LevelWentBack(chainId, FinalityLevel.L1Final, back.Was, back.Now, ingestor.Node));
            if (trouble.Failed(gotSomewhere: work > 0))
                logger.LogWarning("Chain {ChainId}: {Node} gives no usable answer: {Problem}", chainId, ingestor.Node, problem.Message);
            ingestor.Turn();
            return false;
        }
    }

    /// <summary>A flag for people: the time of a block decides when votes close and tranches fall due.</summary>
    private void LogOddTimes(long chainId, List<BlockRef> odd, bool isDevelopment)
    {
        FollowingTelemetry.OddTimes(chainId, odd.Count);
        logger.Log(
            isDevelopment ? LogLevel.Information : LogLevel.Warning,
            "Chain {ChainId}: {Count} blocks have an odd time, before their parent's or an hour later; the first is {Number}, at {Time}.",
            chainId,
            odd.Count,
            odd[0].Number,
            odd[0].TimestampSeconds);
    }

    private void LogReorg(long chainId, ChainUpdate.Reorged reorged) => logger.LogWarning(
        "Chain {ChainId}: {Count} blocks above {Number} were replaced.", chainId, reorged.Removed.Length, reorged.Ancestor.Number);

    private void Tell(long chainId, ChainIngestor ingestor, IReadOnlyCollection<FollowedBlock> blocks)
    {
        FollowingTelemetry.Read(chainId, blocks, ingestor.Known);
        if (progress.Add(chainId, blocks, ingestor.BlocksLeft) is not { } read)
            return;
        if (read.SecondsLeft is { } seconds)
            FollowingTelemetry.Left(chainId, seconds);
        logger.LogInformation(
            "Chain {ChainId}: {Blocks} blocks and {Logs} logs were read so far, {Rate} blocks a second; at {Head}, {Final} is final; "
                + "{Left} blocks are left, for {Seconds} seconds.",
            chainId,
            read.Blocks,
            read.Logs,
            read.BlocksPerSecond,
            ingestor.Known.Head.Number,
            ingestor.Known.Finalized.Number,
            read.BlocksLeft,
            read.SecondsLeft);
    }
}

using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// Runs one ingestor for every configured chain, in whichever instance takes the chain's seat, and promotes what is final.
/// Each round does a bounded amount of every kind of work, so that a long past does not hold up the head.
/// </summary>
public sealed class ChainFollowerService(
    NpgsqlDataSource database,
    ChainStore store,
    ChainWatches watches,
    PromotionQueue queue,
    IHttpClientFactory http,
    IServiceScopeFactory scopes,
    IOptions<IngestionOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<ChainFollowerService> logger) : BackgroundService
{
    private const int UpdatesARound = 16;
    private const int PiecesARound = 2;
    private const int PromotionsARound = 64;

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
        var rpc = chain.Connect(http.CreateClient(IngestionModule.HttpClientName));
        var trouble = new Backoff(chain.PollMilliseconds);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await IngestAsync(chain, rpc, trouble, cancellation);
            }
            catch (Exception problem) when (!cancellation.IsCancellationRequested)
            {
                if (trouble.Failed())
                    logger.LogError(problem, "Following {Node} failed; it begins anew.", chain.Rpc.Host);
                await Task.Delay(trouble.Pause, cancellation);
            }
        }
    }

    private async Task IngestAsync(ChainOptions chain, EthereumRpc rpc, Backoff trouble, CancellationToken cancellation)
    {
        var chainId = await rpc.ChainIdAsync(cancellation);
        chain.Check(chainId);
        var poll = TimeSpan.FromMilliseconds(chain.PollMilliseconds);
        await using var seat = await IngestorLock.TryTakeAsync(database, chainId, cancellation);
        if (seat is null)
        {
            await Task.Delay(4 * poll, cancellation);
            return;
        }

        var limits = new FollowerLimits();
        var ingestor = await ChainIngestor.OpenAsync(store, watches, rpc, chainId, chain.FromBlock, limits, cancellation)
            ?? throw new InvalidOperationException("The node names no final block to begin at.");
        logger.LogInformation("Chain {ChainId} is followed from block {Number} on.", chainId, ingestor.Known.Head.Number);
        var promoting = new Backoff(chain.PollMilliseconds);
        while (await store.HaltReasonAsync(chainId, cancellation) is null)
        {
            var busy = await FollowRoundAsync(ingestor, chainId, chain, trouble, cancellation);
            if (promoting.IsOver)
                busy |= await PromoteRoundAsync(chainId, promoting, cancellation);
            if (!busy)
                await Task.Delay(trouble.IsOver ? poll : trouble.Pause, cancellation);
        }

        await HaltedAsync(chainId, poll, cancellation);
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
        try
        {
            // The past first: an address without one is then followed from its first block on.
            var work = 0;
            while (work < PiecesARound && await ingestor.BackfillAsync(cancellation))
                work++;
            for (var (i, head) = (0, ingestor.Known.Head);
                i < UpdatesARound && await ingestor.FollowAsync(cancellation) is { } update;
                i++, head = ingestor.Known.Head)
            {
                Log(chainId, update);
                if (update is ChainUpdate.BlocksAppended appended && appended.OddTimes(head).ToList() is { Count: > 0 } odd)
                    LogOddTimes(chainId, odd, chain.IsDevelopment);
                work++;
                if (update is ChainUpdate.FinalityViolated)
                    break;
            }

            if (trouble.Succeeded())
                logger.LogInformation("Chain {ChainId}: {Node} answers again.", chainId, chain.Rpc.Host);
            return work > 0;
        }
        catch (RpcException problem)
        {
            FollowingTelemetry.Discarded(chainId);
            if (trouble.Failed())
                logger.LogWarning("Chain {ChainId}: {Node} gives no usable answer: {Problem}", chainId, chain.Rpc.Host, problem.Message);
            return false;
        }
    }

    /// <summary>A promotion that fails is tried again from the same block; following goes on meanwhile.</summary>
    private async Task<bool> PromoteRoundAsync(long chainId, Backoff promoting, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateSpaceScope(Spaces.Deployment);
            var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
            var work = 0;
            for (; work < PromotionsARound && await queue.AnyAsync(chainId, cancellation); work++)
                await bus.InvokeForTenantAsync(Spaces.Deployment, new PromoteFinalized(chainId), cancellation);
            if (promoting.Succeeded())
                logger.LogInformation("Chain {ChainId}: promotion goes on.", chainId);
            return work > 0;
        }
        catch (UnexplainedEvidenceException unexplained)
        {
            await store.HaltAsync(chainId, unexplained.Message, cancellation);
            return false;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            if (promoting.Failed())
                logger.LogError(problem, "Chain {ChainId}: promotion failed and is tried again.", chainId);
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

    private void Log(long chainId, ChainUpdate update)
    {
        switch (update)
        {
            case ChainUpdate.BlocksAppended { Blocks: [.., var last] } appended when appended.Blocks.Length > 1:
                logger.LogInformation(
                    "Chain {ChainId}: {Count} blocks up to {Number}.", chainId, appended.Blocks.Length, last.Ref.Number);
                break;
            case ChainUpdate.Reorged reorged:
                logger.LogWarning(
                    "Chain {ChainId}: {Count} blocks above {Number} were replaced.",
                    chainId,
                    reorged.Removed.Length,
                    reorged.Ancestor.Number);
                break;
        }
    }
}

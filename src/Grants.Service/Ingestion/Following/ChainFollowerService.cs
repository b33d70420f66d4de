using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;
using Wolverine;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// Runs one ingestor for every configured chain, in whichever instance takes the chain's seat, and promotes what is final on the first,
/// which is the one that is paid on; the others are there to be read. Each round does a bounded amount of every kind of work, so that a
/// long past does not hold up the head.
/// </summary>
public sealed class ChainFollowerService(
    NpgsqlDataSource database,
    ChainStore store,
    ChainWatches watches,
    PromotionQueue queue,
    FinalityRules rules,
    ChainProgress progress,
    IHttpClientFactory http,
    IServiceScopeFactory scopes,
    IOptions<IngestionOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<ChainFollowerService> logger) : BackgroundService
{
    /// <summary>It spares work; what keeps two ingestors' writes apart is the epoch in the cursor.</summary>
    private const string Seat = "chain ingestor";

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
        var promoting = new Backoff(chain.PollMilliseconds);
        while (await store.HaltReasonAsync(chainId, cancellation) is null)
        {
            var busy = await FollowRoundAsync(ingestor, chainId, chain, trouble, cancellation);
            if (promoting.IsOver && ReferenceEquals(chain, options.Value.Chains[0]))
                busy |= await PromoteRoundAsync(chainId, promoting, cancellation);
            if (!busy)
                await Task.Delay(trouble.IsOver ? poll : trouble.Pause, cancellation);
        }

        await HaltedAsync(chainId, poll, cancellation);
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
                await ingestor.LevelsAsync(cancellation);
            if (trouble.Succeeded())
                logger.LogInformation("Chain {ChainId}: {Node} answers again.", chainId, ingestor.Node);
            return work > 0;
        }
        catch (RpcException problem)
        {
            FollowingTelemetry.Discarded(chainId);
            if (trouble.Failed(gotSomewhere: work > 0))
                logger.LogWarning("Chain {ChainId}: {Node} gives no usable answer: {Problem}", chainId, ingestor.Node, problem.Message);
            ingestor.Turn();
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

    private void LogReorg(long chainId, ChainUpdate.Reorged reorged) => logger.LogWarning(
        "Chain {ChainId}: {Count} blocks above {Number} were replaced.", chainId, reorged.Removed.Length, reorged.Ancestor.Number);

    private void Tell(long chainId, ChainIngestor ingestor, IReadOnlyCollection<FollowedBlock> blocks)
    {
        FollowingTelemetry.Read(chainId, blocks, ingestor.Known);
        if (progress.Add(chainId, blocks) is { } read)
            logger.LogInformation(
                "Chain {ChainId}: {Blocks} blocks and {Logs} logs were read so far, {Rate} blocks a second; at {Head}, {Final} is final.",
                chainId,
                read.Blocks,
                read.Logs,
                read.BlocksPerSecond,
                ingestor.Known.Head.Number,
                ingestor.Known.Finalized.Number);
    }
}

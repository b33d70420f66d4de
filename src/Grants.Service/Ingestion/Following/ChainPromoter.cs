using Grants.Service.Hosting;
using Wolverine;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// Promotes what is final on a chain, beside the following of it: neither waits for the other. A promotion that fails is tried again from
/// the same block.
/// </summary>
public sealed class ChainPromoter(
    ChainStore store, PromotionQueue queue, IServiceScopeFactory scopes, ILogger<ChainPromoter> logger)
{
    private const int PromotionsARound = 64;

    /// <summary>Promotes until canceled or until the chain is halted.</summary>
    /// <param name="chainId">The chain.</param>
    /// <param name="poll">The time after which it looks without being called.</param>
    /// <param name="news">Rings where there may be something to promote.</param>
    /// <param name="cancellation">Ends it.</param>
    internal async Task RunAsync(long chainId, TimeSpan poll, Bell news, CancellationToken cancellation)
    {
        var trouble = new Backoff((int)poll.TotalMilliseconds);
        while (!cancellation.IsCancellationRequested)
        {
            if (!await RoundAsync(chainId, trouble, cancellation))
                await news.WaitAsync(trouble.IsOver ? poll : trouble.Pause, cancellation);
        }
    }

    private async Task<bool> RoundAsync(long chainId, Backoff trouble, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateSpaceScope(Spaces.Deployment);
            var bus = scope.ServiceProvider.GetRequiredService<IMessageBus>();
            var work = 0;
            for (; work < PromotionsARound && await queue.AnyAsync(chainId, cancellation); work++)
                await bus.InvokeForTenantAsync(Spaces.Deployment, new PromoteFinalized(chainId), cancellation);
            if (trouble.Succeeded())
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
            if (trouble.Failed())
                logger.LogError(problem, "Chain {ChainId}: promotion failed and is tried again.", chainId);
            return false;
        }
    }
}

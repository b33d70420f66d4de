using System.Collections.Concurrent;
using Grants.Ethereum.Following.Finality;
using Wolverine;

namespace Grants.Service.Ingestion.Following;

/// <summary>A height that should only grow went back on a node. Nothing of ours follows it back; a person has to look.</summary>
/// <param name="Was">The height that was known.</param>
/// <param name="Now">The height that the node tells.</param>
/// <param name="Node">Which node, for people.</param>
public sealed record LevelWentBack(long ChainId, FinalityLevel Level, long Was, long Now, string Node);

/// <summary>Tells the deployment of levels that went back, each once until it is where it was again.</summary>
public sealed class LevelAlarms(IServiceScopeFactory scopes, ILogger<LevelAlarms> logger)
{
    private readonly ConcurrentDictionary<(long ChainId, FinalityLevel Level), long> raised = new();

    internal async Task RaiseAsync(LevelWentBack alarm)
    {
        if (!raised.TryAdd((alarm.ChainId, alarm.Level), alarm.Was))
            return;
        FollowingTelemetry.WentBack(alarm.ChainId, alarm.Level);
        logger.LogError(
            "Chain {ChainId}: {Level} went back from {Was} to {Now} on {Node}.",
            alarm.ChainId,
            alarm.Level,
            alarm.Was,
            alarm.Now,
            alarm.Node);
        await using var scope = scopes.CreateSpaceScope(Spaces.Deployment);
        await scope.ServiceProvider.GetRequiredService<IMessageBus>()
            .PublishAsync(alarm, new DeliveryOptions { TenantId = Spaces.Deployment });
    }

    /// <summary>The level has come up to so much: if it was raised below that, it may be raised again.</summary>
    internal void Reached(long chainId, FinalityLevel level, long? height)
    {
        if (raised.TryGetValue((chainId, level), out var was) && height >= was)
            raised.TryRemove((chainId, level), out _);
    }
}

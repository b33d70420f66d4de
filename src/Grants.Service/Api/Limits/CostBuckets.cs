using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Limits;

/// <summary>What an operation was charged, and what is left to who asks.</summary>
/// <param name="Cost">Units.</param>
/// <param name="Limit">The most that can be there.</param>
/// <param name="Left">Units that can be spent at once.</param>
/// <param name="PerSecond">Units that come back a second.</param>
/// <param name="RetryAfterSeconds">Null where it was taken; else when so much will be there.</param>
public sealed record CostCharge(int Cost, int Limit, int Left, int PerSecond, int? RetryAfterSeconds)
{
    public bool IsTaken => RetryAfterSeconds is null;

    /// <summary>Seconds until all is there again.</summary>
    public int ResetSeconds => (Limit - Left + PerSecond - 1) / PerSecond;
}

/// <summary>
/// A bucket of cost units for every account, and for every network without one. Each node has its own: with n nodes behind a balancer,
/// one may spend n times as much.
/// </summary>
public sealed class CostBuckets : IAsyncDisposable
{
    private readonly LimitOptions options;
    private readonly PartitionedRateLimiter<Client> buckets;

    public CostBuckets(IOptions<LimitOptions> limits)
    {
        options = limits.Value;
        buckets = PartitionedRateLimiter.Create<Client, string>(client => RateLimitPartition.GetTokenBucketLimiter(
            client.Caller is { } caller ? caller.Account.ToString() : client.Network, _ => Bucket(LimitOf(client))));
    }

    /// <summary>Takes the cost from who asks, or nothing where too little is left.</summary>
    public CostCharge Take(Client client, int cost)
    {
        var limit = LimitOf(client);
        using var lease = buckets.AttemptAcquire(client, cost);
        var left = (int)(buckets.GetStatistics(client)?.CurrentAvailablePermits ?? limit);
        var perSecond = PerSecond(limit);
        return new CostCharge(
            cost, limit, left, perSecond, lease.IsAcquired ? null : Math.Max(1, (cost - left + perSecond - 1) / perSecond));
    }

    public ValueTask DisposeAsync() => buckets.DisposeAsync();

    private static int PerSecond(int limit) => Math.Max(1, limit / 60);

    private static TokenBucketRateLimiterOptions Bucket(int limit) => new()
    {
        TokenLimit = limit,
        TokensPerPeriod = PerSecond(limit),
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        QueueLimit = 0,
    };

    // Whatever is set, one operation of the largest kind must be possible.
    private int LimitOf(Client client) =>
        Math.Max(OperationCost.OperationMax, client.Caller is null ? options.AnonymousCostPerMinute : options.CostPerMinute);
}

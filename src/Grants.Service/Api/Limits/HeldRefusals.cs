using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Limits;

/// <summary>
/// Whoever is refused again and again hears of it later: a flood of documents that are refused is then as many a second as it has
/// connections, and takes nothing from others. What is not refused is never held, whoever asks.
/// </summary>
public sealed class HeldRefusals(IOptions<LimitOptions> limits) : IDisposable
{
    private readonly LimitOptions options = limits.Value;

    private readonly PartitionedRateLimiter<Client> atOnce = PartitionedRateLimiter.Create<Client, string>(
        client => RateLimitPartition.GetTokenBucketLimiter(
            client.Caller is { } caller ? caller.Account.ToString() : client.Network,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = Math.Max(1, limits.Value.RefusalsPerMinute),
                TokensPerPeriod = Math.Max(1, limits.Value.RefusalsPerMinute / 60),
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = 0,
            }));

    private int held;

    /// <summary>Waits before a refusal is told, where who asks has been refused too often within the minute.</summary>
    /// <returns>False where so many are held that the connection should end instead.</returns>
    public async ValueTask<bool> WaitAsync(Client client, CancellationToken cancellation)
    {
        using var lease = atOnce.AttemptAcquire(client);
        if (lease.IsAcquired)
            return true;
        try
        {
            if (Interlocked.Increment(ref held) > options.HeldRefusals)
                return false;
            await Task.Delay(TimeSpan.FromSeconds(options.RefusalHoldSeconds), cancellation);
            return true;
        }
        finally
        {
            Interlocked.Decrement(ref held);
        }
    }

    public void Dispose() => atOnce.Dispose();
}

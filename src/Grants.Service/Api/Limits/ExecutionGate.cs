using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Limits;

/// <summary>So many operations are executed at the same time; some wait, and what is more is refused before it costs anything.</summary>
public sealed class ExecutionGate(IOptions<LimitOptions> options) : IDisposable
{
    private readonly ConcurrencyLimiter limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = options.Value.Executions > 0 ? options.Value.Executions : 2 * Environment.ProcessorCount,
        QueueLimit = options.Value.Waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>A place, or null where too many wait. Dispose it when the operation is over.</summary>
    public async Task<IDisposable?> EnterAsync(CancellationToken cancellation)
    {
        var lease = await limiter.AcquireAsync(1, cancellation);
        if (lease.IsAcquired)
            return lease;
        lease.Dispose();
        return null;
    }

    public void Dispose() => limiter.Dispose();
}

using System.Threading.RateLimiting;
using Polly;
using Polly.CircuitBreaker;
using Polly.RateLimiting;
using Polly.Retry;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>From the outside in: retries, the circuit breaker, the ration, the request with its time limit.</summary>
internal sealed class RpcPipeline
{
    private readonly string host;
    private readonly ResiliencePipeline once;
    private readonly ResiliencePipeline repeated;

    public RpcPipeline(RpcResilience? resilience, string host)
    {
        this.host = host;
        if (resilience is null)
        {
            (once, repeated) = (ResiliencePipeline.Empty, ResiliencePipeline.Empty);
            return;
        }

        once = Guards(resilience);
        repeated = resilience.Retries == 0
            ? once
            : new ResiliencePipelineBuilder { TimeProvider = resilience.Time }.AddRetry(Retry(resilience)).AddPipeline(once).Build();
    }

    /// <exception cref="RpcTransportException">The request failed, or was not sent for the failures or the number of others.</exception>
    public async Task<T> RunAsync<T>(bool mayBeRepeated, Func<CancellationToken, Task<T>> request, CancellationToken cancellation)
    {
        var pipeline = mayBeRepeated ? repeated : once;
        if (pipeline == ResiliencePipeline.Empty)
            return await request(cancellation);
        try
        {
            return await pipeline.ExecuteAsync(
                static async (request, token) => await request(token), request, cancellation);
        }
        catch (BrokenCircuitException broken)
        {
            throw new RpcTransportException($"{host} failed so often that it is left alone for a while.", broken);
        }
        catch (RateLimiterRejectedException rejected)
        {
            throw new RpcTransportException($"Too many requests wait for {host}.", rejected);
        }
    }

    private static RetryStrategyOptions Retry(RpcResilience resilience) => new()
    {
        MaxRetryAttempts = resilience.Retries,
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
        Delay = resilience.FirstPause,
        MaxDelay = resilience.LongestPause,
        // The node knows best how long, within reason; otherwise the pause is the jittered one.
        DelayGenerator = arguments => ValueTask.FromResult(
            arguments.Outcome.Exception is RpcTransportException { RetryAfter: { } asked }
                ? asked < resilience.LongestPause ? asked : resilience.LongestPause
                : (TimeSpan?)null),
        ShouldHandle = static arguments => ValueTask.FromResult(arguments.Outcome.Exception is RpcTransportException { IsTransient: true }),
    };

    private static ResiliencePipeline Guards(RpcResilience resilience)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = resilience.Time };
        if (resilience.BreakAtFailureRatio is { } ratio)
        {
            builder.AddCircuitBreaker(new CircuitBreakerStrategyOptions
            {
                FailureRatio = ratio,
                MinimumThroughput = resilience.BreakAfterRequests,
                SamplingDuration = resilience.BreakSampling,
                BreakDuration = resilience.BreakDuration,
                ShouldHandle = static arguments => ValueTask.FromResult(
                    arguments.Outcome.Exception is RpcTransportException { IsTransient: true }),
            });
        }

        if (resilience.RequestsPerSecond is { } ration)
        {
            builder.AddRateLimiter(new TokenBucketRateLimiter(new TokenBucketRateLimiterOptions
            {
                TokenLimit = ration,
                TokensPerPeriod = ration,
                ReplenishmentPeriod = TimeSpan.FromSeconds(1),
                QueueLimit = resilience.MostWaiting,
                QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
            }));
        }

        return builder.Build();
    }
}

namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// How a client of JSON-RPC deals with a node in trouble, by Polly's strategies. Reads that failed in transit are asked
/// again, after pauses that grow exponentially and are jittered; a node that keeps failing is left alone for a while;
/// requests are rationed.
/// </summary>
public sealed record RpcResilience
{
    /// <summary>
    /// How often a read is asked again at most; zero for never. Requests that may change something, eth_sendRawTransaction
    /// among them, are sent once.
    /// </summary>
    public int Retries { get; init; } = 3;

    /// <summary>The median pause before the first retry.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>No pause is longer.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The share of failures, above 0 and at most 1, from which on the node is left alone; null for never.</summary>
    public double? BreakAtFailureRatio { get; init; } = 0.5;

    /// <summary>No share is computed of fewer requests: at least 2.</summary>
    public int BreakAfterRequests { get; init; } = 10;

    /// <summary>The time over which the share is computed: at least half a second.</summary>
    public TimeSpan BreakSampling { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the node is left alone before one request tries it: at least half a second.</summary>
    public TimeSpan BreakDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Requests to the node in a second, retries included; null for any number.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>How many requests may wait for their ration; the next one fails.</summary>
    public int MostWaiting { get; init; } = 1000;

    /// <summary>The clock of pauses and of the break. The ration follows the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

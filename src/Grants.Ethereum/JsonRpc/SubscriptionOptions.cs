namespace Grants.Ethereum.JsonRpc;

/// <summary>How subscriptions of eth_subscribe deal with a node in trouble and with a slow reader.</summary>
public sealed record SubscriptionOptions
{
    /// <summary>The longest pause after the first failure; it doubles with each further one in a row.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>No pause is longer.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The time to connect and subscribe.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection over which not even an answer to a ping comes for this time is broken.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How many items wait for the reader.</summary>
    public int Buffer { get; init; } = 1024;

    /// <summary>The failures in a row that are put up with; one more ends the stream. Null for any number.</summary>
    public int? MostFailures { get; init; }

    /// <summary>The clock of the pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>What a subscription to logs brings (eth_subscribe).</summary>
public abstract record LogNotice
{
    private LogNotice()
    {
    }

    /// <summary>A log of a block that is now on the node's chain.</summary>
    /// <param name="Log">The log.</param>
    public sealed record Emitted(RpcLog Log) : LogNotice;

    /// <summary>A log of a block that the node's chain has left: a hint at a reorganization.</summary>
    /// <param name="Log">The log as it was.</param>
    public sealed record Removed(RpcLog Log) : LogNotice;

    /// <summary>The connection was made anew: logs of the time between are missing and have to be asked for.</summary>
    public sealed record Gap : LogNotice;
}

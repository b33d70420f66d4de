using Grants.Ethereum.JsonRpc;

namespace Grants.Service.Ingestion;

/// <summary>One chain that is followed: an entry of the configuration's <c>Chains</c>.</summary>
public sealed record ChainOptions
{
    /// <summary>The ids that development nodes come with. Everybody has the keys to their money.</summary>
    private static readonly long[] DevelopmentChainIds = [1337, 31337];

    /// <summary>The node's JSON-RPC endpoint.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>The EIP-155 id that the node has to answer with; null takes what it answers.</summary>
    public long? ChainId { get; init; }

    /// <summary>Whether the chain may be one whose keys are public and whose clock is moved by hand.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>The pause between two looks at the head, when nothing is waiting.</summary>
    public int PollMilliseconds { get; init; } = 250;

    /// <summary>Where following begins when nothing is watched yet; null begins at the last final block.</summary>
    public long? FromBlock { get; init; }

    /// <summary>How the node is dealt with when it is slow, fails or limits its customers.</summary>
    public NodeOptions Node { get; init; } = new();

    /// <summary>A client of the node, with retries, a circuit breaker and a ration of its own.</summary>
    public EthereumRpc Connect(HttpClient http) =>
        new(http, Rpc, Node.Resilience()) { Timeout = TimeSpan.FromSeconds(Node.TimeoutSeconds) };

    /// <summary>Refuses a node by the chain id that it answers with.</summary>
    /// <exception cref="InvalidOperationException">Another chain than configured, or a development chain not called one.</exception>
    public void Check(long chainId)
    {
        if (ChainId is { } expected && expected != chainId)
            throw new InvalidOperationException($"The node is of chain {chainId}, not of {expected}.");
        if (!IsDevelopment && DevelopmentChainIds.Contains(chainId))
            throw new InvalidOperationException(
                $"Chain {chainId} is a development chain, whose keys are public. Set IsDevelopment of the chain if that is meant.");
    }
}

/// <summary>
/// How a node is dealt with, by every client of it on its own: the follower has one, and the rest of the service another, so that
/// a past that is read in haste does not hold up the treasury.
/// </summary>
public sealed record NodeOptions
{
    /// <summary>The time for one request and its answer, each retry anew.</summary>
    public int TimeoutSeconds { get; init; } = 5;

    /// <summary>How often a read that failed in transit is asked again; zero for never. What may change something is sent once.</summary>
    public int Retries { get; init; } = 3;

    /// <summary>The median pause before the first retry. The next ones grow and are jittered.</summary>
    public int FirstPauseMilliseconds { get; init; } = 200;

    /// <summary>No pause is longer.</summary>
    public int LongestPauseMilliseconds { get; init; } = 5_000;

    /// <summary>Failures in a hundred requests from which on the node is left alone; zero for never.</summary>
    public int BreakAtFailurePercent { get; init; } = 50;

    /// <summary>No share is computed of fewer requests: at least 2.</summary>
    public int BreakAfterRequests { get; init; } = 20;

    /// <summary>The time over which the share is computed.</summary>
    public int BreakSamplingSeconds { get; init; } = 30;

    /// <summary>How long the node is left alone before one request tries it.</summary>
    public int BreakSeconds { get; init; } = 5;

    /// <summary>Requests in a second, retries included; null for any number.</summary>
    public int? RequestsPerSecond { get; init; }

    internal RpcResilience Resilience() => new()
    {
        Retries = Retries,
        FirstPause = TimeSpan.FromMilliseconds(FirstPauseMilliseconds),
        LongestPause = TimeSpan.FromMilliseconds(LongestPauseMilliseconds),
        BreakAtFailureRatio = BreakAtFailurePercent == 0 ? null : BreakAtFailurePercent / 100.0,
        BreakAfterRequests = BreakAfterRequests,
        BreakSampling = TimeSpan.FromSeconds(BreakSamplingSeconds),
        BreakDuration = TimeSpan.FromSeconds(BreakSeconds),
        RequestsPerSecond = RequestsPerSecond,
    };
}

/// <summary>The chains that this service follows.</summary>
public sealed class IngestionOptions
{
    public IList<ChainOptions> Chains { get; } = [];
}

using System.Collections.Immutable;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Ingestion;

/// <summary>One chain that is followed: an entry of the configuration's <c>Chains</c>.</summary>
public sealed record ChainOptions
{
    /// <summary>The ids that development nodes come with. Everybody has the keys to their money.</summary>
    private static readonly long[] DevelopmentChainIds = [1337, 31337];

    /// <summary>The node's JSON-RPC endpoint.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>Whether that node is run by us.</summary>
    public bool IsOurs { get; init; }

    /// <summary>
    /// More nodes of the same chain, by other operators and of other kinds: no block is final that too few have. They are read from
    /// when the first fails. Where any node is ours, one of ours must be among those that agree.
    /// </summary>
    public IList<WitnessOptions> Witnesses { get; init; } = [];

    /// <summary>How many of all nodes must have a block as final; more than half where it is not set. It never shrinks.</summary>
    public int? Quorum { get; init; }

    /// <summary>
    /// Whether hashes of blocks are computed again and logs are proved by receipts; only off for chains whose headers are not
    /// Ethereum's.
    /// </summary>
    public bool ProvesBlocks { get; init; } = true;

    /// <summary>
    /// Where L1 has the batches of a chain whose "finalized" means something else, as on Metis; null where the tags mean what they say.
    /// That L1 has to be one of the chains.
    /// </summary>
    public PostedOptions? Posted { get; init; }

    /// <summary>The EIP-155 id that the node has to answer with; null takes what it answers.</summary>
    public long? ChainId { get; init; }

    /// <summary>Whether the chain may be one whose keys are public and whose clock is moved by hand.</summary>
    public bool IsDevelopment { get; init; }

    /// <summary>The pause between two looks at the head, when nothing is waiting.</summary>
    public int PollMilliseconds { get; init; } = 250;

    /// <summary>
    /// The address of the ERC-20 whose balances are the chain's native ones, with its checksum, as Metis has it; null where the native
    /// token is none.
    /// </summary>
    public string? NativeToken { get; init; }

    /// <summary>
    /// The address under which the first node tells of new heads, ws or wss; null tries <see cref="Rpc"/>'s own, and does without where
    /// that does not work.
    /// </summary>
    public Uri? Heads { get; init; }

    /// <summary>Where following begins when nothing is watched yet; null begins at the last final block.</summary>
    public long? FromBlock { get; init; }

    /// <summary>
    /// How many blocks below the promoted one are kept whatever they hold. Of those before, what has logs stays; headers without, and
    /// forks that lost, are let go.
    /// </summary>
    public long KeepBlocks { get; init; } = 100_000;

    /// <summary>
    /// How many blocks below the promoted one raw logs are kept, but no fewer than <see cref="KeepBlocks"/>; before, whole ranges of them
    /// are let go and read again where they are needed. Null keeps all.
    /// </summary>
    public long? KeepLogsBlocks { get; init; }

    /// <summary>How the node is dealt with when it is slow, fails or limits its customers.</summary>
    public NodeOptions Node { get; init; } = new();

    internal Uri HeadsEndpoint => Heads
        ?? new UriBuilder(Rpc) { Scheme = Rpc.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs, Port = Rpc.Port }.Uri;

    /// <summary>A client of the node, with retries, a circuit breaker and a ration of its own.</summary>
    public EthereumRpc Connect(HttpClient http) => Connect(http, Rpc);

    /// <summary>Clients of all nodes, each with its own; the first is <see cref="Rpc"/>.</summary>
    public ImmutableArray<ChainEndpoint> ConnectAll(HttpClient http) =>
    [
        new(Rpc.Authority, Connect(http, Rpc), IsOurs),
        .. Witnesses.Select(witness => new ChainEndpoint(witness.Rpc.Authority, Connect(http, witness.Rpc), witness.IsOurs)),
    ];

    /// <summary>How many of so many nodes must agree.</summary>
    public int QuorumOf(int nodes) => Quorum ?? (nodes / 2) + 1;

    private EthereumRpc Connect(HttpClient http, Uri rpc) => new(http, rpc, Node.Resilience())
    {
        Timeout = TimeSpan.FromSeconds(Node.TimeoutSeconds),
        ProvesBlocks = ProvesBlocks,
    };

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

/// <summary>The contract of L1 that holds the states of a chain.</summary>
public sealed record PostedOptions
{
    /// <summary>The EIP-155 id of L1.</summary>
    public required long ChainId { get; init; }

    /// <summary>The address of the contract, with its checksum.</summary>
    public required string Contract { get; init; }

    /// <summary>A block of L1 before the first batch that matters: one of yesterday will do.</summary>
    public long FromBlock { get; init; }

    /// <summary>The contract.</summary>
    public Address StateCommitmentChain => Address.Parse(Contract);
}

/// <summary>Another node of a chain: an entry of its <c>Witnesses</c>.</summary>
public sealed record WitnessOptions
{
    /// <summary>The node's JSON-RPC endpoint.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>Whether it is run by us.</summary>
    public bool IsOurs { get; init; }
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

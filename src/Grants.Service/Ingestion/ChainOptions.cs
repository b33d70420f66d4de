namespace Grants.Service.Ingestion;

/// <summary>One chain that is followed: an entry of the configuration's <c>Chains</c>.</summary>
public sealed record ChainOptions
{
    /// <summary>The node's JSON-RPC endpoint.</summary>
    public required Uri Rpc { get; init; }

    /// <summary>The EIP-155 id that the node has to answer with; null takes what it answers.</summary>
    public long? ChainId { get; init; }

    /// <summary>The pause between two looks at the head, when nothing is waiting.</summary>
    public int PollMilliseconds { get; init; } = 250;

    /// <summary>Where following begins when nothing is watched yet; null begins at the last final block.</summary>
    public long? FromBlock { get; init; }
}

/// <summary>The chains that this service follows.</summary>
public sealed class IngestionOptions
{
    public IList<ChainOptions> Chains { get; } = [];
}

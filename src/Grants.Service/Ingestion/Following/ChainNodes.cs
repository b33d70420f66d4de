using System.Collections.Immutable;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;

namespace Grants.Service.Ingestion.Following;

/// <summary>The nodes that a chain is read from, one at a time, and what makes a block final on it.</summary>
public sealed record ChainNodes(ImmutableArray<ChainEndpoint> Endpoints, IFinality Finality)
{
    /// <summary>How far L1 has the chain, final there or not; for views. Null where that is not read.</summary>
    public Func<CancellationToken, Task<long?>> PostedAsync { get; init; } = _ => Task.FromResult<long?>(null);

    /// <summary>A node that is taken at its word.</summary>
    public static ChainNodes Of(EthereumRpc node)
    {
        var endpoint = new ChainEndpoint("node", node);
        return new ChainNodes([endpoint], new TagFinality(new Quorum([endpoint], 1)));
    }
}

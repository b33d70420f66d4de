using System.Collections.Concurrent;
using Grants.Ethereum.JsonRpc;
using Microsoft.Extensions.Options;

namespace Grants.Service.Ingestion.Following;

/// <summary>The chains that this service follows, by their ids.</summary>
public sealed class FollowedChains(IOptions<IngestionOptions> options, Func<HttpClient> http)
{
    private readonly ConcurrentDictionary<Uri, (long ChainId, EthereumRpc Node)> known = new();

    /// <summary>The first node of a chain; null where the service does not follow it.</summary>
    /// <exception cref="RpcTransportException">A node does not say of which chain it is.</exception>
    public async Task<EthereumRpc?> NodeAsync(long chainId, CancellationToken cancellation)
    {
        foreach (var chain in options.Value.Chains.Where(chain => chain.ChainId is null || chain.ChainId == chainId))
        {
            if (!known.TryGetValue(chain.Rpc, out var found))
            {
                var node = chain.Connect(http());
                found = known.GetOrAdd(chain.Rpc, (await node.ChainIdAsync(cancellation), node));
            }

            if (found.ChainId == chainId)
                return found.Node;
        }

        return null;
    }
}

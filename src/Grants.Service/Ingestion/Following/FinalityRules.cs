using System.Collections.Immutable;
using Grants.Ethereum.Following.Finality;
using Grants.Primitives;

namespace Grants.Service.Ingestion.Following;

/// <summary>Makes of a chain's configuration what says that its blocks are final.</summary>
public sealed class FinalityRules(ChainView view, ChainWatches watches, ILogger<FinalityRules> logger)
{
    /// <summary>
    /// The tags of the chain's nodes, or what our own reading of L1 found posted: then the contract that holds it is watched there.
    /// </summary>
    public async Task<ChainNodes> NodesAsync(
        long chainId, ChainOptions chain, ImmutableArray<ChainEndpoint> endpoints, CancellationToken cancellation)
    {
        var quorum = new Quorum(endpoints, chain.QuorumOf(endpoints.Length)) { Split = Splits(chainId, endpoints) };
        if (chain.Posted is not { } posted)
            return new ChainNodes(endpoints, new TagFinality(quorum));
        await watches.WatchAsync(posted.ChainId, posted.StateCommitmentChain, posted.FromBlock, cancellation);
        return new ChainNodes(
            endpoints, new PostedFinality(quorum, token => view.PostedHeightAsync(posted, chainId, finalOnly: true, token)))
        {
            PostedAsync = token => view.PostedHeightAsync(posted, chainId, finalOnly: false, token),
        };
    }

    private Action<BlockRef, ImmutableArray<Opinion>> Splits(long chainId, ImmutableArray<ChainEndpoint> endpoints)
    {
        var last = "";
        return (block, said) =>
        {
            FollowingTelemetry.Split(chainId);
            var now = string.Join(", ", endpoints.Zip(said, (endpoint, opinion) => $"{endpoint.Name} {opinion}"));
            if (now == last)
                return;
            last = now;
            logger.LogWarning("Chain {ChainId}: the nodes are split over final block {Number}: {Said}.", chainId, block.Number, now);
        };
    }
}

using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>What a follower found out about a chain: a closed set, in the order in which it has to be applied.</summary>
public abstract record ChainUpdate
{
    private ChainUpdate()
    {
    }

    /// <summary>Blocks that continue the known chain, each the parent of the next.</summary>
    public sealed record BlocksAppended(ImmutableArray<FollowedBlock> Blocks) : ChainUpdate;

    /// <summary>The node's chain left the known one after <paramref name="Ancestor"/>; what followed is orphaned.</summary>
    /// <param name="Ancestor">The last block that both have.</param>
    /// <param name="Removed">The known blocks above it, lowest first.</param>
    public sealed record Reorged(BlockRef Ancestor, ImmutableArray<BlockRef> Removed) : ChainUpdate;

    /// <summary>Every known block up to <paramref name="Finalized"/> is final. Never goes back.</summary>
    public sealed record FinalizedAdvanced(BlockRef Finalized) : ChainUpdate;

    /// <summary>The node's chain contradicts what was already final: nothing may act on it until a person has looked.</summary>
    /// <param name="Known">The block that was final.</param>
    /// <param name="Reported">What the node has instead, where it has something.</param>
    /// <param name="Reason">For the person who is called.</param>
    public sealed record FinalityViolated(BlockRef Known, BlockRef? Reported, string Reason) : ChainUpdate;
}

/// <summary>A block with the logs of the watched addresses, in the order of their index.</summary>
public sealed record FollowedBlock(BlockRef Ref, Hash32 ParentHash, ImmutableArray<RpcLog> Logs);

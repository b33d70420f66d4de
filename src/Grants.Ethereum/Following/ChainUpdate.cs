using System.Collections.Immutable;
using Grants.Ethereum.Following.Finality;
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
    /// <param name="Blocks">At least one, lowest first.</param>
    public sealed record BlocksAppended(ImmutableArray<FollowedBlock> Blocks) : ChainUpdate
    {
        /// <summary>A step of time after which somebody should look: an hour, in seconds.</summary>
        public const long LongStepSeconds = 3_600;

        /// <summary>
        /// The blocks whose time is not to be trusted blindly: before their parent's, which the Yellow Paper (4.4.4) forbids, or
        /// more than <see cref="LongStepSeconds"/> after it, as on a chain that slept or whose clock was moved. Still part of
        /// the chain.
        /// </summary>
        /// <param name="head">The block that they continue.</param>
        public IEnumerable<BlockRef> OddTimes(BlockRef head)
        {
            var before = head.TimestampSeconds;
            foreach (var block in Blocks)
            {
                if (block.Ref.TimestampSeconds < before || block.Ref.TimestampSeconds - before > LongStepSeconds)
                    yield return block.Ref;
                before = block.Ref.TimestampSeconds;
            }
        }
    }

    /// <summary>The node's chain left the known one after <paramref name="Ancestor"/>; what followed is orphaned.</summary>
    /// <param name="Ancestor">The last block that both have.</param>
    /// <param name="Removed">The known blocks above it, lowest first.</param>
    public sealed record Reorged(BlockRef Ancestor, ImmutableArray<BlockRef> Removed) : ChainUpdate;

    /// <summary>Every known block up to <paramref name="Finalized"/> is final. Never goes back.</summary>
    /// <param name="Finalized">A known block, above the one that was final before.</param>
    public sealed record FinalizedAdvanced(Final<BlockRef> Finalized) : ChainUpdate;

    /// <summary>The node's chain contradicts what was already final: nothing may act on it until a person has looked.</summary>
    /// <param name="Known">The block that was final.</param>
    /// <param name="Reported">What the node has instead, where it has something.</param>
    /// <param name="Reason">For the person who is called.</param>
    public sealed record FinalityViolated(BlockRef Known, BlockRef? Reported, string Reason) : ChainUpdate;
}

/// <summary>A block with the logs of the watched addresses, in the order of their index.</summary>
/// <param name="Ref">The block.</param>
/// <param name="ParentHash">The hash of the block before it.</param>
/// <param name="Logs">By their index in the block, each once; other contracts' logs stand between them.</param>
public sealed record FollowedBlock(BlockRef Ref, Hash32 ParentHash, ImmutableArray<RpcLog> Logs);

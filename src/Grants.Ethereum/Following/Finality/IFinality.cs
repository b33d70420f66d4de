using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following.Finality;

/// <summary>
/// Says what is final on a chain: by the tags of EIP-1898 where they mean it, otherwise by what L1 has. It holds for every rule that
/// a block is final only when the chain's quorum has that very block.
/// </summary>
public interface IFinality
{
    /// <summary>
    /// Whether a node's own word counts, so that one which calls a block final and has not got it, or goes back, is not listened to.
    /// </summary>
    bool IsByTag { get; }

    /// <summary>The block that would be final on the node's chain, before anybody else is asked; null where there is none.</summary>
    Task<RpcBlock?> ReportedAsync(EthereumRpc node, CancellationToken cancellation);

    /// <summary>
    /// The last block up to the reported one, of the known chain and above its final one, that is final; null where none is. Where the
    /// quorum is not reached, nothing is: it fails closed.
    /// </summary>
    Task<Final<BlockRef>?> AgreeAsync(KnownChain known, BlockRef reported, CancellationToken cancellation);

    /// <summary>Whether the quorum has that very block as final; what it descends from is final with it.</summary>
    Task<bool> IsFinalAsync(BlockRef block, CancellationToken cancellation);

    /// <summary>
    /// Whether a block that was final still is to the quorum, although one node has another: then that node is wrong. Never where
    /// nobody else is asked.
    /// </summary>
    Task<bool> IsUpheldAsync(BlockRef block, CancellationToken cancellation);
}

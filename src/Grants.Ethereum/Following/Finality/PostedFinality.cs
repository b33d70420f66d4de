using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following.Finality;

/// <summary>
/// Where the node's tags do not mean what they say, as on Metis before Bedrock, whose "finalized" is what the node saw on L1 and may be
/// above "safe" or null: a block is final when a final block of L1 has its batch, by our own reading of L1. The batch says how high;
/// the block of that height is the one that the quorum has.
/// </summary>
/// <param name="quorum">Who must have it.</param>
/// <param name="postedHeight">The height that final blocks of L1 cover; null where they cover none.</param>
public sealed class PostedFinality(Quorum quorum, Func<CancellationToken, Task<long?>> postedHeight) : IFinality
{
    /// <inheritdoc/>
    public bool IsByTag => false;

    /// <inheritdoc/>
    public async Task<RpcBlock?> ReportedAsync(EthereumRpc node, CancellationToken cancellation) =>
        await postedHeight(cancellation) is { } height ? await node.BlockAsync(BlockTag.At(height), cancellation) : null;

    /// <inheritdoc/>
    public async Task<Final<BlockRef>?> AgreeAsync(KnownChain known, BlockRef reported, CancellationToken cancellation) =>
        known.At(Math.Min(reported.Number, known.Head.Number)) is { } candidate
        && candidate.Number > known.Finalized.Number
        && await quorum.HasAsync(candidate, isFinal: false, cancellation)
            ? new Final<BlockRef>(candidate)
            : null;

    /// <inheritdoc/>
    public async Task<bool> IsFinalAsync(BlockRef block, CancellationToken cancellation) =>
        await postedHeight(cancellation) >= block.Number && await quorum.HasAsync(block, isFinal: false, cancellation);

    /// <inheritdoc/>
    public async Task<bool> IsUpheldAsync(BlockRef block, CancellationToken cancellation) =>
        !quorum.IsOne && await quorum.HasAsync(block, isFinal: false, cancellation);
}

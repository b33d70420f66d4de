using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following.Finality;

/// <summary>
/// Where the tag "finalized" of EIP-1898 means that L1 is final: Ethereum itself, the OP stack, and a local development chain. The tag
/// only says how high; the block of that height is compared by its hash.
/// </summary>
/// <param name="quorum">Who must have it.</param>
public sealed class TagFinality(Quorum quorum) : IFinality
{
    /// <inheritdoc/>
    public bool IsByTag => true;

    /// <inheritdoc/>
    public Task<RpcBlock?> ReportedAsync(EthereumRpc node, CancellationToken cancellation) =>
        node.BlockAsync(BlockTag.Finalized, cancellation);

    /// <inheritdoc/>
    public async Task<Final<BlockRef>?> AgreeAsync(KnownChain known, BlockRef reported, CancellationToken cancellation)
    {
        var height = quorum.IsOne ? reported.Number : await quorum.FinalHeightAsync(cancellation);
        if (height is null || known.At(Math.Min(height.Value, Math.Min(reported.Number, known.Head.Number))) is not { } candidate)
            return null;
        if (candidate.Number <= known.Finalized.Number)
            return null;
        return quorum.IsOne || await quorum.HasAsync(candidate, isFinal: true, cancellation) ? new Final<BlockRef>(candidate) : null;
    }

    /// <inheritdoc/>
    public async Task<bool> IsFinalAsync(BlockRef block, CancellationToken cancellation) =>
        quorum.IsOne || await quorum.HasAsync(block, isFinal: true, cancellation);

    /// <inheritdoc/>
    public async Task<bool> IsUpheldAsync(BlockRef block, CancellationToken cancellation) =>
        !quorum.IsOne && await quorum.HasAsync(block, isFinal: false, cancellation);
}

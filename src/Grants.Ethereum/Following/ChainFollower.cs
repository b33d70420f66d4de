using System.Collections.Immutable;
using Grants.Ethereum.Following.Finality;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>What a follower allows itself, in blocks.</summary>
/// <param name="ReorgDepth">Blocks that may be replaced at once; a deeper fork is treated as a violation of finality.</param>
/// <param name="BlocksAtOnce">Blocks of one update near the head, where logs are asked for block by block.</param>
/// <param name="LargestRange">Blocks of one update further back, where they are asked for by range.</param>
public sealed record FollowerLimits(int ReorgDepth = 1_000, int BlocksAtOnce = 32, int LargestRange = 2_000);

/// <summary>A node's tag "finalized" (EIP-1898) went back; what was final stays final.</summary>
/// <param name="was">The height that was final.</param>
/// <param name="now">The height that the node calls final now.</param>
public sealed class FinalityWentBackException(long was, long now)
    : RpcTransportException($"The node's final block went back to {now}; block {was} was final.")
{
    /// <summary>The height that was final.</summary>
    public long Was => was;

    /// <summary>The height that the node calls final now.</summary>
    public long Now => now;
}

/// <summary>
/// Compares a node's chain with the known one and says what changed. It keeps no state of its own that matters: the
/// caller stores each update, applies it to its <see cref="KnownChain"/> and asks again until nothing is new.
/// A node that is behind, or does not have what it spoke of a moment ago, has nothing new or is not listened to; it never causes
/// a rollback. The tags latest and finalized are those of EIP-1898 and of the proof-of-stake specification of eth_getBlockByNumber.
/// </summary>
/// <param name="rpc">The node.</param>
/// <param name="finality">Says what is final.</param>
/// <param name="limits">What is done at once, and how deep a fork may be.</param>
public sealed class ChainFollower(EthereumRpc rpc, IFinality finality, FollowerLimits limits)
{
    private readonly BlockReader blocks = new(rpc);
    private readonly RangeReader ranges = new(rpc, limits);

    /// <summary>The height of the node's chain as it was told last, for people; zero before.</summary>
    public long Tip { get; private set; }

    /// <summary>
    /// Where following begins: the genesis hash, and the block of that number or, where it is not final yet, the last
    /// final one. Null where there is no final block yet.
    /// </summary>
    public async Task<(Hash32 Genesis, FollowedBlock Start)?> BeginAsync(long? number, CancellationToken cancellation)
    {
        var genesis = await rpc.BlockAsync(BlockTag.At(0), cancellation);
        var finalized = await finality.ReportedAsync(rpc, cancellation);
        if (genesis is null || finalized is null)
            return null;
        var start = number is { } wanted && wanted < finalized.Number
            ? await rpc.BlockAsync(BlockTag.At(Math.Max(0, wanted)), cancellation)
            : finalized;
        return start is null || !await finality.IsFinalAsync(start.Ref, cancellation)
            ? null
            : (genesis.Hash, new FollowedBlock(start.Ref, start.ParentHash, []));
    }

    /// <summary>The next change of the node's chain; null where there is none.</summary>
    /// <exception cref="RpcTransportException">
    /// The node contradicts itself or went back behind what was final, without showing another chain: nothing that it says now
    /// is used.
    /// </exception>
    /// <exception cref="RpcErrorException">The node refuses to answer.</exception>
    public async Task<ChainUpdate?> NextAsync(KnownChain known, WatchedAddresses watched, CancellationToken cancellation)
    {
        // In this order, because meanwhile the chain may go on: an honest node's head is never below what was final before.
        var finalized = await finality.ReportedAsync(rpc, cancellation);
        if (await rpc.BlockAsync(BlockTag.Latest, cancellation) is not { } head)
            return null;
        Tip = head.Number;
        if (head.Number < known.Finalized.Number)
            return await OnHeadBelowFinalAsync(known, head, cancellation);
        if (finalized?.Number > head.Number)
            throw new RpcTransportException($"The node calls block {finalized.Number} final, and block {head.Number} its latest.");
        if (finalized?.Number < known.Finalized.Number)
            return WentBack(known, finalized);
        return await FinalityAsync(known, finalized, cancellation) ?? await LinkAsync(known, head, finalized, watched, cancellation);
    }

    private async Task<ChainUpdate?> OnHeadBelowFinalAsync(KnownChain known, RpcBlock head, CancellationToken cancellation)
    {
        var genesis = await rpc.BlockAsync(BlockTag.At(0), cancellation);
        return genesis is null || genesis.Hash == known.Genesis
            ? throw new RpcTransportException($"The node's head is block {head.Number}; block {known.Finalized.Number} was final.")
            : await ViolatedAsync(known, genesis.Ref, "The node follows another chain: its genesis block differs.", cancellation);
    }

    /// <summary>A tag that goes back is one node's; what L1 has, and has no more, is everybody's.</summary>
    private ChainUpdate.FinalityViolated WentBack(KnownChain known, RpcBlock finalized) => finality.IsByTag
        ? throw new FinalityWentBackException(known.Finalized.Number, finalized.Number)
        : new ChainUpdate.FinalityViolated(known.Finalized, finalized.Ref, "L1 has taken back what it had of this chain.");

    /// <summary>One node against all others is a wrong node; otherwise nobody may act on the chain any more.</summary>
    private async Task<ChainUpdate> ViolatedAsync(KnownChain known, BlockRef reported, string reason, CancellationToken cancellation) =>
        await finality.IsUpheldAsync(known.Finalized, cancellation)
            ? throw new RpcTransportException($"The node is alone: {reason}")
            : new ChainUpdate.FinalityViolated(known.Finalized, reported, reason);

    private async Task<ChainUpdate?> FinalityAsync(KnownChain known, RpcBlock? finalized, CancellationToken cancellation)
    {
        if (finalized is null)
            return null;
        if (known.IsRivalOfFinal(finalized.Ref))
            return await ViolatedAsync(known, finalized.Ref, "The node calls another block of this height final.", cancellation);
        if (finalized.Number == known.Finalized.Number || known.Head == known.Finalized)
            return null;
        // A block that is not ours is not linked yet: the head will tell.
        var reported = finalized.Number <= known.Head.Number
            ? finalized
            : await rpc.BlockAsync(BlockTag.At(known.Head.Number), cancellation);
        return reported is not null && known.Contains(reported.Ref)
            && await finality.AgreeAsync(known, reported.Ref, cancellation) is { } agreed
                ? new ChainUpdate.FinalizedAdvanced(agreed)
                : null;
    }

    private async Task<ChainUpdate?> LinkAsync(
        KnownChain known, RpcBlock head, RpcBlock? finalized, WatchedAddresses watched, CancellationToken cancellation)
    {
        if (head.Number <= known.Head.Number)
            return known.Contains(head.Ref) ? null : await ForkAsync(known, head, cancellation);

        var next = known.Head.Number + 1;
        var behind = (finalized?.Number ?? 0) - known.Head.Number;
        ImmutableArray<FollowedBlock> appended;
        if (behind > limits.BlocksAtOnce)
        {
            appended = await ranges.ReadAsync(next, Math.Min(finalized!.Number, head.Number), watched, cancellation);
            appended = [.. known.Continuing(appended, block => block.Ref, block => block.ParentHash)];
        }
        else
        {
            IReadOnlyList<RpcBlock> headers = head.Number == next
                ? [head]
                : await blocks.HeadersAsync(next, Math.Min(head.Number, known.Head.Number + limits.BlocksAtOnce), cancellation);
            headers = known.Continuing(headers, header => header.Ref, header => header.ParentHash);
            appended = await blocks.WithLogsAsync(headers, watched, cancellation);
        }

        if (!appended.IsEmpty)
            return new ChainUpdate.BlocksAppended(appended);
        var rival = await rpc.BlockAsync(BlockTag.At(known.Head.Number), cancellation);
        return rival is null || known.Contains(rival.Ref) ? null : await ForkAsync(known, rival, cancellation);
    }

    /// <summary>
    /// From a block that is not ours back along its own parents, so that a chain that changes meanwhile cannot mix with it.
    /// </summary>
    private async Task<ChainUpdate?> ForkAsync(KnownChain known, RpcBlock rival, CancellationToken cancellation)
    {
        for (var depth = 0; depth <= limits.ReorgDepth; depth++)
        {
            if (known.Contains(rival.Ref))
                return new ChainUpdate.Reorged(rival.Ref, known.Above(rival.Number));
            if (rival.Number <= known.Finalized.Number)
                return await ViolatedAsync(known, rival.Ref, "The node's chain forks off below a final block.", cancellation);
            if (await rpc.BlockAsync(rival.ParentHash, cancellation) is not { } parent)
                return null;
            rival = parent;
        }

        return await ViolatedAsync(
            known, rival.Ref, $"The node's chain shares none of the last {limits.ReorgDepth} known blocks.", cancellation);
    }
}

using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>
/// What is known of a chain: an unbroken run of blocks from the last final one to the head. Below the final block nothing
/// needs remembering, because a fork from there is a violation whatever it looks like.
/// </summary>
public sealed class KnownChain
{
    private readonly ImmutableArray<BlockRef> blocks;

    /// <summary>Takes what was stored.</summary>
    /// <param name="genesis">The hash of block 0: tells this chain from a replaced one.</param>
    /// <param name="blocks">From the final block to the head, without gaps.</param>
    /// <exception cref="ArgumentException">Empty, or with a gap.</exception>
    public KnownChain(Hash32 genesis, ImmutableArray<BlockRef> blocks)
    {
        if (blocks.IsDefaultOrEmpty)
            throw new ArgumentException("A known chain has at least its final block.", nameof(blocks));
        for (var i = 1; i < blocks.Length; i++)
        {
            if (blocks[i].Number != blocks[i - 1].Number + 1)
                throw new ArgumentException($"Block {blocks[i - 1].Number} is followed by {blocks[i].Number}.", nameof(blocks));
        }

        Genesis = genesis;
        this.blocks = blocks;
    }

    /// <summary>The hash of block 0.</summary>
    public Hash32 Genesis { get; }

    /// <summary>The last block that can no longer change.</summary>
    public BlockRef Finalized => blocks[0];

    /// <summary>The last block.</summary>
    public BlockRef Head => blocks[^1];

    /// <summary>The known block of that number, from the final one to the head.</summary>
    public BlockRef? At(long number) =>
        number >= Finalized.Number && number <= Head.Number ? blocks[(int)(number - Finalized.Number)] : null;

    /// <summary>Whether that very block is between the final one and the head.</summary>
    public bool Contains(BlockRef block) => At(block.Number)?.Hash == block.Hash;

    /// <summary>The known blocks above <paramref name="number"/>, lowest first.</summary>
    public ImmutableArray<BlockRef> Above(long number) => [.. blocks.SkipWhile(block => block.Number <= number)];

    /// <summary>The longest beginning of <paramref name="next"/> that continues the head, block by block.</summary>
    /// <param name="next">Blocks, lowest first.</param>
    /// <param name="at">Where a block is.</param>
    /// <param name="parentHash">The hash that a block names as its parent's.</param>
    public IReadOnlyList<T> Continuing<T>(IReadOnlyList<T> next, Func<T, BlockRef> at, Func<T, Hash32> parentHash)
    {
        var (number, hash) = (Head.Number, Head.Hash);
        var linked = 0;
        foreach (var block in next)
        {
            if (at(block).Number != number + 1 || parentHash(block) != hash)
                break;
            (number, hash) = (at(block).Number, at(block).Hash);
            linked++;
        }

        return [.. next.Take(linked)];
    }

    /// <summary>Whether that is another block of the final one's height.</summary>
    public bool IsRivalOfFinal(BlockRef block) => block.Number == Finalized.Number && block.Hash != Finalized.Hash;

    /// <summary>The chain after the update.</summary>
    /// <exception cref="InvalidOperationException">The update does not fit this chain.</exception>
    public KnownChain Apply(ChainUpdate update) => update switch
    {
        ChainUpdate.BlocksAppended appended => Append(appended.Blocks),
        ChainUpdate.Reorged reorged when Contains(reorged.Ancestor) =>
            new KnownChain(Genesis, blocks[..(int)(reorged.Ancestor.Number - Finalized.Number + 1)]),
        ChainUpdate.FinalizedAdvanced { Finalized.Value: var final } when Contains(final) =>
            new KnownChain(Genesis, blocks[(int)(final.Number - Finalized.Number)..]),
        ChainUpdate.FinalityViolated => this,
        _ => throw new InvalidOperationException($"{update.GetType().Name} does not fit a chain whose head is {Head}."),
    };

    private KnownChain Append(ImmutableArray<FollowedBlock> next)
    {
        if (Continuing(next, block => block.Ref, block => block.ParentHash).Count != next.Length)
            throw new InvalidOperationException($"The blocks do not continue {Head}.");
        return new KnownChain(Genesis, blocks.AddRange(next.Select(block => block.Ref)));
    }
}

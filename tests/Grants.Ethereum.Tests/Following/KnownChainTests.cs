using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

public sealed class KnownChainTests
{
    private static readonly KnownChain Chain = Known("a0", "a1", "a2", "a3");

    [Fact]
    public void blocks_continue_the_head_as_long_as_each_names_the_one_before_it() =>
        Assert.Equal(
            [Ref("a4"), Ref("a5")],
            Chain.Continuing([Block("a4", "a3"), Block("a5", "a4"), Block("b6", "b5")], b => b.Ref, b => b.ParentHash).Select(b => b.Ref));

    [Fact]
    public void a_block_of_the_right_height_with_another_parent_does_not_continue() =>
        Assert.Empty(Chain.Continuing([Block("b4", "b3")], b => b.Ref, b => b.ParentHash));

    [Fact]
    public void a_block_that_leaves_one_out_does_not_continue() =>
        Assert.Empty(Chain.Continuing([Block("a5", "a3")], b => b.Ref, b => b.ParentHash));

    [Fact]
    public void appending_moves_the_head() =>
        Assert.Equal(Ref("a5"), Chain.Apply(Appended(Block("a4", "a3"), Block("a5", "a4"))).Head);

    [Fact]
    public void appending_what_does_not_continue_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Chain.Apply(Appended(Block("b4", "b3"))));

    [Fact]
    public void a_reorg_forgets_what_came_after_the_ancestor()
    {
        var after = Chain.Apply(new ChainUpdate.Reorged(Ref("a1"), Chain.Above(1)));
        Assert.Equal(Ref("a1"), after.Head);
        Assert.Equal(Ref("a0"), after.Finalized);
        Assert.Null(after.At(2));
    }

    [Fact]
    public void a_reorg_to_a_block_that_is_not_known_is_refused() =>
        Assert.Throws<InvalidOperationException>(() => Chain.Apply(new ChainUpdate.Reorged(Ref("b1"), [])));

    [Fact]
    public void finality_forgets_what_came_before()
    {
        var after = Chain.Apply(new ChainUpdate.FinalizedAdvanced(new Final<BlockRef>(Ref("a2"))));
        Assert.Equal((Ref("a2"), Ref("a3")), (after.Finalized, after.Head));
        Assert.Null(after.At(1));
    }

    [Fact]
    public void another_block_of_the_final_height_is_its_rival()
    {
        Assert.True(Chain.IsRivalOfFinal(Ref("b0")));
        Assert.False(Chain.IsRivalOfFinal(Ref("a0")));
        Assert.False(Chain.IsRivalOfFinal(Ref("b1")));
    }

    [Fact]
    public void what_is_final_and_not_known_is_refused() => Assert.Throws<InvalidOperationException>(
        () => Chain.Apply(new ChainUpdate.FinalizedAdvanced(new Final<BlockRef>(Ref("b2")))));

    [Fact]
    public void a_gap_is_refused() => Assert.Throws<ArgumentException>(() => Known("a1", "a3"));

    /// <summary>A block named by its fork's letter and its height.</summary>
    private static BlockRef Ref(string name) => new(long.Parse(name[1..], null), Keccak256.Hash(name), 1_700_000_000);

    private static FollowedBlock Block(string name, string parent) => new(Ref(name), Keccak256.Hash(parent), []);

    private static KnownChain Known(params string[] names) => new(Keccak256.Hash("a0"), [.. names.Select(Ref)]);

    private static ChainUpdate.BlocksAppended Appended(params ImmutableArray<FollowedBlock> blocks) => new(blocks);
}

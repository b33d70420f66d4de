using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Log;

public sealed class LogFrontierTests
{
    [Fact]
    public void appending_gives_the_root_of_the_standard_at_every_size()
    {
        var log = new LogFrontier();
        for (var size = 0; size < ALog.Leaves.Length; size++)
        {
            Assert.Equal((size, ALog.Root(size)), (log.Size, log.Root));
            Assert.Equal(int.PopCount(size), log.Subtrees.Count);
            log.Append(ALog.Leaves[size]);
        }
    }

    [Fact]
    public void what_was_written_down_goes_on_where_it_stopped()
    {
        for (var size = 0; size <= 300; size++)
        {
            var written = Of(size);
            var log = new LogFrontier(written.Size, written.Subtrees);
            foreach (var leaf in ALog.Leaves[size..(size + 20)])
                log.Append(leaf);
            Assert.Equal(ALog.Root(size + 20), log.Root);
        }
    }

    [Fact]
    public void every_complete_subtree_of_a_stored_level_is_given_out_once()
    {
        var stored = new List<LogNode>();
        var log = new LogFrontier();
        foreach (var leaf in ALog.Leaves)
            log.Append(leaf, stored);
        var expected = ALog.Leaves.Index().Select(leaf => new LogNode(0, leaf.Index, leaf.Item))
            .Concat(Enumerable.Range(0, ALog.Leaves.Length / 256)
                .Select(position => new LogNode(8, position, ALog.Root(position * 256, (position + 1) * 256))));
        Assert.Equal(expected.OrderBy(Place), stored.OrderBy(Place));
        Assert.Contains(stored, node => node.Level == 8);
    }

    [Fact]
    public void subtrees_of_high_levels_are_given_out_too()
    {
        var stored = new List<LogNode>();
        var log = new LogFrontier();
        log.AppendSubtree(23, ALog.Leaves[0], stored);
        Assert.Empty(stored);
        log.AppendSubtree(16, ALog.Leaves[1], stored);
        Assert.Equal(new LogNode(16, 128, ALog.Leaves[1]), Assert.Single(stored));
        for (var level = 16; level < 23; level++)
            log.AppendSubtree(level, ALog.Leaves[level], stored);
        Assert.Equal((24, 0L, log.Root), (stored[^1].Level, stored[^1].Position, stored[^1].Hash));
        Assert.Equal(1L << 24, log.Size);
    }

    [Fact]
    public void a_subtree_stands_for_its_leaves()
    {
        for (var first = 0; first <= 64; first++)
        {
            for (var level = 0; level <= 6 && first % (1 << level) == 0; level++)
            {
                var log = Of(first);
                log.AppendSubtree(level, ALog.Root(first, first + (1 << level)));
                Assert.Equal(ALog.Root(first + (1 << level)), log.Root);
            }
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(6, 2)]
    [InlineData(0, -1)]
    [InlineData(0, 63)]
    public void a_subtree_begins_only_at_a_multiple_of_its_size(int size, int level) =>
        Assert.Throws<ArgumentException>(() => Of(size).AppendSubtree(level, Hash32.Zero));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(-1, 64)]
    public void a_size_and_its_subtrees_must_agree(long size, int count) =>
        Assert.Throws<ArgumentException>(() => new LogFrontier(size, new Hash32[count]));

    [Fact]
    public void a_log_ends_where_numbers_do()
    {
        var log = new LogFrontier();
        log.AppendSubtree(62, Hash32.Zero);
        Assert.Throws<OverflowException>(() => log.AppendSubtree(62, Hash32.Zero));
    }

    private static LogFrontier Of(int size)
    {
        var log = new LogFrontier();
        foreach (var leaf in ALog.Leaves[..size])
            log.Append(leaf);
        return log;
    }

    private static (int, long) Place(LogNode node) => (node.Level, node.Position);
}

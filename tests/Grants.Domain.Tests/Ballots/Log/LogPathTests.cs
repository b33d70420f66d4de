using Grants.Domain.Ballots.Log;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Log;

public sealed class LogPathTests
{
    [Fact]
    public void any_leaves_between_others_are_covered_by_complete_subtrees()
    {
        for (var first = 0; first <= 70; first++)
        {
            for (var end = first; end <= 140; end++)
            {
                var cover = LogPath.Cover(new LeafSpan(first, end)).ToList();
                Assert.All(cover, subtree => Assert.Equal((1L << subtree.Level, 0), (subtree.Count, subtree.First % subtree.Count)));
                Assert.Equal(cover.Sum(subtree => subtree.Count), end - first);
                Assert.Equal(cover.Skip(1).Select(subtree => subtree.First), cover.SkipLast(1).Select(subtree => subtree.End));
                Assert.True(cover.Count <= 14, $"{cover.Count} subtrees from {first} to {end}");
            }
        }
    }

    // Any leaf may be told or covered: the log comes out the same.
    [Fact]
    public void a_log_is_put_together_from_leaves_and_covered_gaps()
    {
        for (var shown = 1; shown < 1 << 11; shown += 37)
        {
            var log = new LogFrontier();
            for (var place = 0; place < 11;)
            {
                var end = place;
                while (end < 11 && (shown >> end & 1) == 0)
                    end++;
                foreach (var subtree in LogPath.Cover(new LeafSpan(place, end)))
                    log.AppendSubtree(subtree.Level, ALog.Root((int)subtree.First, (int)subtree.End));
                if (end < 11)
                    log.Append(ALog.Leaves[end]);
                place = end + 1;
            }

            Assert.Equal((11, ALog.Root(11)), (log.Size, log.Root));
        }
    }
}

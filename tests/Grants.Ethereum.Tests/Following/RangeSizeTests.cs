using Grants.Ethereum.Following;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

public sealed class RangeSizeTests
{
    [Fact]
    public void it_grows_by_half_up_to_the_largest()
    {
        var size = new RangeSize(1, 10);
        Assert.Equal([1, 2, 3, 4, 6, 9, 10, 10], Grown(size, 8));
    }

    [Fact]
    public void a_refused_size_is_halved_and_not_tried_again_soon()
    {
        var size = new RangeSize(100, 1_000);
        Assert.True(size.Shrink());
        Assert.Equal([50, 75, 75, 75], Grown(size, 4));
    }

    [Fact]
    public void a_refused_size_is_tried_again_after_many_answers()
    {
        var size = new RangeSize(100, 1_000);
        size.Shrink();
        Assert.Contains(Grown(size, 40), blocks => blocks > 100);
    }

    [Fact]
    public void one_block_cannot_become_smaller()
    {
        var size = new RangeSize(2, 1_000);
        Assert.True(size.Shrink());
        Assert.False(size.Shrink());
        Assert.Equal(1, size.Blocks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(20)]
    [InlineData(999)]
    public void under_any_limit_few_questions_are_refused(int limit)
    {
        var size = new RangeSize(200, 2_000);
        var refused = 0;
        for (var answered = 0; answered < 100;)
        {
            if (size.Blocks > limit)
            {
                Assert.True(size.Shrink());
                refused++;
            }
            else
            {
                size.Grow();
                answered++;
            }
        }

        Assert.InRange(refused, 0, 20);
    }

    private static List<int> Grown(RangeSize size, int times)
    {
        var sizes = new List<int>();
        for (var i = 0; i < times; i++)
        {
            sizes.Add(size.Blocks);
            size.Grow();
        }

        return sizes;
    }
}

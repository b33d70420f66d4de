using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class BasisPointsTests
{
    [Theory]
    [InlineData(0UL, 0UL, 0)]
    [InlineData(1UL, 3UL, 3333)]
    [InlineData(2UL, 3UL, 6666)]
    [InlineData(3UL, 3UL, 10_000)]
    [InlineData(4UL, 3UL, 10_000)]
    public void a_share_is_rounded_down_and_at_most_the_whole(ulong part, ulong whole, int expected) =>
        Assert.Equal(expected, BasisPoints.Of(part, whole).Value);

    [Fact]
    public void a_share_of_the_largest_amount_does_not_overflow() =>
        Assert.Equal(UInt256.MaxValue, new BasisPoints(BasisPoints.Whole).OfAmount(UInt256.MaxValue));

    [Theory]
    [InlineData(-1)]
    [InlineData(10_001)]
    public void shares_outside_the_whole_are_refused(int value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new BasisPoints(value));
}

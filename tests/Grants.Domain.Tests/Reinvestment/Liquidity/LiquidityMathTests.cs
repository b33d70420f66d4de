using System.Numerics;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Reinvestment.Liquidity;

/// <summary>The numbers are those of the tests of Uniswap v3's TickMath and SqrtPriceMath, or follow from the definitions.</summary>
public sealed class LiquidityMathTests
{
    private static readonly UInt256 One = new(BigInteger.One << 96);
    private static readonly UInt256 Liquidity = UInt256.Parse("1000000000000000000000000");

    [Theory]
    [InlineData(-887_272, "4295128739")]
    [InlineData(887_272, "1461446703485210103287273052203988822378723970342")]
    [InlineData(-50, "79030349367926598376800521322")]
    [InlineData(50, "79426470787362580746886972461")]
    [InlineData(100, "79625275426524748796330556128")]
    [InlineData(250_000, "21246587762933397357449903968194344")]
    [InlineData(0, "79228162514264337593543950336")]
    public void the_price_at_a_tick(int tick, string price) => Assert.Equal(UInt256.Parse(price), LiquidityMath.PriceAt(tick));

    [Fact]
    public void no_tick_is_beyond_the_last() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LiquidityMath.PriceAt(887_273));

    [Fact]
    public void below_its_range_a_position_is_all_of_token_0_and_above_it_all_of_token_1()
    {
        UInt256 At(int tick, bool isToken0) => LiquidityMath.AmountOf(LiquidityMath.PriceAt(tick), -600, 1_200, Liquidity, isToken0);
        Assert.Equal(At(-600, true), At(-5_000, true));
        Assert.Equal(UInt256.Zero, At(-5_000, false));
        Assert.Equal(UInt256.Zero, At(5_000, true));
        Assert.Equal(At(1_200, false), At(5_000, false));
        Assert.True(At(0, true) < At(-600, true) && At(0, false) < At(1_200, false));
    }

    [Fact]
    public void the_definitions_hold_to_a_base_unit()
    {
        var (lower, upper) = (LiquidityMath.PriceAt(-600).ToBigInteger(), LiquidityMath.PriceAt(1_200).ToBigInteger());
        var (price, liquidity) = (One.ToBigInteger(), Liquidity.ToBigInteger());
        Assert.Equal(
            (liquidity << 96) * (upper - price) / upper / price,
            LiquidityMath.AmountOf(One, -600, 1_200, Liquidity, true).ToBigInteger());
        Assert.Equal(
            (liquidity * (price - lower)) >> 96, LiquidityMath.AmountOf(One, -600, 1_200, Liquidity, false).ToBigInteger());
    }
}

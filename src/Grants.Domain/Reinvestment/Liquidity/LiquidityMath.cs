using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Liquidity;

/// <summary>
/// What liquidity between two ticks is of each token at a price, as the pools of Uniswap v3 and Algebra compute it. Prices are square
/// roots times 2^96; every division rounds down, except where the contracts round up.
/// </summary>
public static class LiquidityMath
{
    public const int TickMax = 887_272;

    /// <summary>A price of one.</summary>
    private static readonly UInt256 Q96 = new(BigInteger.One << 96);

    // √1.0001^-(2^i), times 2^128.
    private static readonly BigInteger[] Powers =
    [
        .. ((string[])
        [
            "fffcb933bd6fad37aa2d162d1a594001", "fff97272373d413259a46990580e213a", "fff2e50f5f656932ef12357cf3c7fdcc",
            "ffe5caca7e10e4e61c3624eaa0941cd0", "ffcb9843d60f6159c9db58835c926644", "ff973b41fa98c081472e6896dfb254c0",
            "ff2ea16466c96a3843ec78b326b52861", "fe5dee046a99a2a811c461f1969c3053", "fcbe86c7900a88aedcffc83b479aa3a4",
            "f987a7253ac413176f2b074cf7815e54", "f3392b0822b70005940c7a398e4b70f3", "e7159475a2c29b7443b29c7fa6e889d9",
            "d097f3bdfd2022b8845ad8f792aa5825", "a9f746462d870fdf8a65dc1f90e061e5", "70d869a156d2a1b890bb3df62baf32f7",
            "31be135f97d08fd981231505542fcfa6", "09aa508b5b7a84e1c677de54f3e99bc9", "005d6af8dedb81196699c329225ee604",
            "00002216e584f5fa1ea926041bedfe98", "00000000048a170391f7dc42444e8fa2",
        ]).Select(power => BigInteger.Parse("0" + power, System.Globalization.NumberStyles.HexNumber, null)),
    ];

    /// <summary>The price at a tick.</summary>
    public static UInt256 PriceAt(int tick)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(tick), TickMax);
        var ratio = BigInteger.One << 128;
        for (var i = 0; i < Powers.Length; i++)
        {
            if ((Math.Abs(tick) >> i & 1) == 1)
                ratio = (ratio * Powers[i]) >> 128;
        }

        if (tick > 0)
            ratio = ((BigInteger.One << 256) - 1) / ratio;
        return new UInt256((ratio >> 32) + (ratio % (BigInteger.One << 32) == 0 ? 0 : 1));
    }

    /// <summary>Base units of one of the two tokens.</summary>
    /// <param name="liquidity">Between the ticks.</param>
    /// <param name="isToken0">Whether of the one with the lower address.</param>
    public static UInt256 AmountOf(UInt256 price, int lowerTick, int upperTick, UInt256 liquidity, bool isToken0)
    {
        var (lower, upper) = (PriceAt(lowerTick), PriceAt(upperTick));
        var at = UInt256.Min(UInt256.Max(price, lower), upper);
        return isToken0
            ? UInt256.MulDiv(liquidity * Q96, upper - at, upper) / at
            : UInt256.MulDiv(liquidity, at - lower, Q96);
    }
}

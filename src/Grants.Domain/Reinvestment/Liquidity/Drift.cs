using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Liquidity;

/// <summary>The price of a pool after its last swap up to a block: the square root, times 2^96.</summary>
public sealed record PoolPrice(Address Pool, UInt256 Price);

internal static class Drift
{
    /// <summary>So much less than was put in is no drift: the contracts round, and prices breathe.</summary>
    private static readonly BasisPoints Tolerance = new(100);

    /// <summary>What has changed since the last checkpoint in how far the positions have been sold by the price.</summary>
    public static IReadOnlyList<LpDrift> Of(ReinvestmentMonitor state, IEnumerable<PoolPrice> prices, BlockRef block) =>
    [
        .. prices.Select(price => Of(state, price, block)).Where(drift => drift.Shortfall != KnownOf(state, drift.Pool)),
    ];

    private static LpDrift Of(ReinvestmentMonitor state, PoolPrice price, BlockRef block)
    {
        var (principal, shortfall) = (UInt256.Zero, UInt256.Zero);
        foreach (var token in state.LiquidityTokens.Where(token => token.Pool == price.Pool && !token.IsOfFullRange))
        {
            var value = LiquidityMath.AmountOf(price.Price, token.LowerTick, token.UpperTick, token.Liquidity, token.IsToken0);
            var missing = UInt256.SubtractToZero(token.Principal, value);
            principal += token.Principal;
            shortfall += missing > Tolerance.OfAmount(token.Principal) ? missing : UInt256.Zero;
        }

        return new LpDrift(state.AwardId, price.Pool, price.Price, principal, shortfall, block);
    }

    private static UInt256 KnownOf(ReinvestmentMonitor state, Address pool) =>
        state.Ledger.Under(Convention.Floor).Positions.FirstOrDefault(position => position.Venue == pool)?.Drift ?? UInt256.Zero;
}

using System.Collections.Immutable;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Pools;

/// <summary>
/// Pools that the award's wallets are themselves: nobody else provides liquidity there, so that nobody else is served by it, and a swap
/// there is with oneself.
/// </summary>
internal static class OwnPools
{
    /// <summary>Who holds more than half of a pool trades with themselves there.</summary>
    private static readonly BasisPoints Half = new(5_000);

    /// <summary>What the wallets hold of each pool, and what of it counts; nothing where the policy does not ask.</summary>
    public static IReadOnlyList<PoolShare> Of(ReinvestmentMonitor state, IEnumerable<PoolDepth> depths, BlockRef block) =>
        state.InForce.Pools is { } limits
            ? [.. depths.Where(depth => PositionIn(state, depth.Pool) is not null).Select(depth => Of(state, limits, depth, block))]
            : [];

    /// <summary>The later facts in the place of the earlier ones of the same pools.</summary>
    public static ImmutableList<PoolShare> After(ImmutableList<PoolShare> known, IReadOnlyCollection<PoolShare> later) =>
        [.. known.Where(one => later.All(other => other.Pool != one.Pool)), .. later];

    /// <summary>From here on no more of each pool counts than its facts say.</summary>
    public static Ledger Limit(Ledger ledger, IEnumerable<PoolShare> shares) =>
        shares.Aggregate(ledger, (one, share) => one.WithCounting(share.Pool, share.Counting));

    /// <summary>
    /// Which pools of a transaction's swaps are the wallets' own. What others have is as of the last
    /// checkpoint.
    /// </summary>
    public static IReadOnlyList<Address> SwappedIn(IEnumerable<Observation> observations, ReinvestmentMonitor state) =>
    [
        .. observations.OfType<PoolSwapped>().Select(swap => swap.Pool).Distinct()
            .Where(pool => state.Pools.Find(share => share.Pool == pool) is { } share && IsOwn(state, share)),
    ];

    /// <summary>Whether a flow is one side of a swap in one of these pools.</summary>
    /// <param name="own">Those of the transaction.</param>
    public static bool IsTradeIn(IReadOnlyList<Address> own, Flow flow, IEnumerable<Observation> observations) =>
        own.Count > 0
        && flow.Kind is FlowKind.Sale or FlowKind.SharesSold or FlowKind.OwnIn
        && flow.Counterparty is { } counterparty
        // A router's hand says nothing of the pool; a pool's own does.
        && (own.Contains(counterparty) || observations.OfType<PoolSwapped>().All(swap => swap.Pool != counterparty));

    private static PoolShare Of(ReinvestmentMonitor state, PolicyPools limits, PoolDepth depth, BlockRef block)
    {
        var held = HeldOf(state, depth.Pool, depth.Price is null);
        var whole = held + (depth.Price is { } price ? OthersAt(price, state, depth) : OthersIn(depth, held));
        var counts = depth.PairToken is { } pair && (limits.PairTokens.Count == 0 || limits.PairTokens.Contains(pair));
        var most = limits.OwnShare.OfAmount(whole);
        UInt256? counting = !counts ? UInt256.Zero
            : limits.OwnShare.Value == BasisPoints.Whole ? null
            : depth.Price is null ? most
            : held <= most ? null
            : UInt256.MulDiv(SharesIn(state, depth.Pool), most, held);
        return new PoolShare(depth.Pool, depth.PairToken, whole, held, counting, depth.Whole, depth.Price, block);
    }

    private static bool IsOwn(ReinvestmentMonitor state, PoolShare share)
    {
        var held = HeldOf(state, share.Pool, share.Price is null);
        return held > Half.OfAmount(held + UInt256.SubtractToZero(share.Whole, share.Held));
    }

    /// <summary>Of a pair, the shares; between prices, the liquidity at the tick where the wallets have most of it.</summary>
    private static UInt256 HeldOf(ReinvestmentMonitor state, Address pool, bool isPair) => isPair
        ? SharesIn(state, pool)
        : state.LiquidityTokens.Where(token => token.Pool == pool)
            .Select(one => LiquidityOf(state, pool, token => token.LowerTick <= one.LowerTick && one.LowerTick < token.UpperTick))
            .DefaultIfEmpty(UInt256.Zero)
            .Max();

    /// <summary>What others have of a pair. What somebody puts in for the moment of a checkpoint makes nobody's share smaller.</summary>
    private static UInt256 OthersIn(PoolDepth pair, UInt256 held)
    {
        var others = UInt256.SubtractToZero(pair.Whole, held);
        return UInt256.Min(others, pair.OthersLeast ?? others);
    }

    /// <summary>
    /// What others have at the price. They are taken to have as much where the wallets have most: an order that waits beside the price is
    /// held against the same liquidity as one at it.
    /// </summary>
    private static UInt256 OthersAt(UInt256 price, ReinvestmentMonitor state, PoolDepth depth) => UInt256.SubtractToZero(
        depth.Whole,
        LiquidityOf(
            state,
            depth.Pool,
            token => LiquidityMath.PriceAt(token.LowerTick) <= price && price < LiquidityMath.PriceAt(token.UpperTick)));

    private static UInt256 LiquidityOf(ReinvestmentMonitor state, Address pool, Func<LiquidityToken, bool> isThere) => state.LiquidityTokens
        .Where(token => token.Pool == pool && isThere(token))
        .Aggregate(UInt256.Zero, (sum, token) => sum + token.Liquidity);

    private static UInt256 SharesIn(ReinvestmentMonitor state, Address pool) => PositionIn(state, pool)?.Shares ?? UInt256.Zero;

    private static Position? PositionIn(ReinvestmentMonitor state, Address pool) =>
        state.Ledger.Under(Convention.Floor).Positions.FirstOrDefault(position => position.Venue == pool);
}

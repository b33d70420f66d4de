using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Pools;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.Reinvestment.Pools;

/// <summary>
/// How much liquidity the pools have in which an award has positions. What was known at the last checkpoint goes on by the final logs
/// since. At first, and where logs of the time between are missing, it is read of the chain's state, and becomes part of the checkpoint.
/// </summary>
public sealed class PoolDepths(PoolReader reader, PastTransactions past, ChainView chain)
{
    private static readonly Hash32[] OfRanges =
        [UniswapV3Pool.Mint.Topic0, UniswapV3Pool.Burn.Topic0, AlgebraPool.BurnWithPlugin.Topic0];

    /// <param name="policy">With all that is listed by the checkpoint.</param>
    /// <param name="touched">Contracts that logged in the block: a position may have been made there just now.</param>
    /// <exception cref="RpcTransportException">The node gives no usable answer.</exception>
    public async Task<ValueList<PoolDepth>?> AtAsync(
        ReinvestmentMonitor monitor,
        ReinvestmentPolicy policy,
        IReadOnlySet<Address> touched,
        long chainId,
        BlockRef block,
        CancellationToken cancellation)
    {
        if (policy.Pools is null)
            return null;
        var used = monitor.Ledger.Under(Convention.Floor).Positions.Select(position => position.Venue).ToHashSet();
        // Where something is listed just now, the flows of before are told as positions there.
        bool MayBeUsed(Address pool) => used.Contains(pool) || touched.Contains(pool) || monitor.InForce.VenueAt(pool) is null;
        var depths = new List<PoolDepth>();
        foreach (var venue in policy.Venues.Where(one => one.Kind is VenueKind.Pool or VenueKind.Range && MayBeUsed(one.Address)))
        {
            if (await AtAsync(monitor, venue, chainId, block, cancellation) is { } depth)
                depths.Add(depth);
        }

        return [.. depths];
    }

    private async Task<PoolDepth?> AtAsync(
        ReinvestmentMonitor monitor, PolicyVenue venue, long chainId, BlockRef block, CancellationToken cancellation)
    {
        var known = monitor.Pools.Find(share => share.Pool == venue.Address);
        if (known is not { PairToken: not null }
            || !await chain.IsCoveredAsync(chainId, venue.Address, known.Block.Number + 1, block.Number, cancellation))
            return await reader.ReadAsync(venue, monitor.Token, block, cancellation);
        var before = new PoolDepth(known.Pool, known.PairToken, known.AtPrice, known.Price);
        if (venue.Kind == VenueKind.Range)
            return await OfRangeAsync(before, chainId, known.Block.Number, block, cancellation);
        var moved = await past.SinceAsync(
            chainId, venue.Address, [Erc20.Transfer.Topic0], known.Block.Number + 1, -1, block.Number, cancellation);
        return OfPair(
            before, UInt256.SubtractToZero(known.AtPrice, known.Held), moved, [.. monitor.OwnChainWallets.Select(one => one.Wallet)]);
    }

    // The first shares of a pair are made for nobody: they are of the whole, and stay so.
    private static PoolDepth OfPair(PoolDepth before, UInt256 others, IReadOnlyList<RpcLog> logs, HashSet<Address> wallets)
    {
        var (whole, least) = (before.Whole, others);
        foreach (var moved in logs.Select(log => Erc20.Transfer.TryDecode(log, out var values) ? values : null).OfType<object[]>())
        {
            var (from, to, amount) = ((Address)moved[0], (Address)moved[1], (UInt256)moved[2]);
            var (isMade, isEnded) = (from.IsZero, to.IsZero && !from.IsZero);
            whole = isMade ? whole + amount : isEnded ? UInt256.SubtractToZero(whole, amount) : whole;
            var (isOthersBefore, isOthersAfter) = (!isMade && !wallets.Contains(from), !isEnded && !wallets.Contains(to));
            if (isOthersAfter && !isOthersBefore)
                others += amount;
            else if (isOthersBefore && !isOthersAfter)
                others = UInt256.SubtractToZero(others, amount);
            least = UInt256.Min(least, others);
        }

        return before with { Whole = whole, OthersLeast = least };
    }

    // A swap says the liquidity at its price; what came and went before it is in that.
    private async Task<PoolDepth> OfRangeAsync(
        PoolDepth before, long chainId, long fromBlock, BlockRef block, CancellationToken cancellation)
    {
        var last = await past.LastAsync(chainId, before.Pool, UniswapV3Pool.Swap.Topic0, block.Number, cancellation)
            ?? await past.LastAsync(chainId, before.Pool, AlgebraPool.SwapWithPlugin.Topic0, block.Number, cancellation);
        return last is not null && last.BlockNumber > fromBlock
            ? await SinceAsync(After(before, last), OfRanges, chainId, last.BlockNumber, last.LogIndex, block, cancellation)
            : await SinceAsync(before, OfRanges, chainId, fromBlock + 1, -1, block, cancellation);
    }

    private async Task<PoolDepth> SinceAsync(
        PoolDepth before, Hash32[] topics, long chainId, long fromBlock, int afterLog, BlockRef block, CancellationToken cancellation)
    {
        var logs = await past.SinceAsync(chainId, before.Pool, topics, fromBlock, afterLog, block.Number, cancellation);
        return logs.Aggregate(before, After);
    }

    private static PoolDepth After(PoolDepth depth, RpcLog log) => UniswapV3Pool.Logs.Read(log) switch
    {
        UniswapV3Pool.SwapLog swap => depth with { Price = swap.SqrtPriceX96, Whole = swap.Liquidity },
        UniswapV3Pool.MintLog minted when Covers(depth, minted.TickLower, minted.TickUpper) => depth with
        {
            Whole = depth.Whole + minted.Amount,
        },
        UniswapV3Pool.BurnLog burned when Covers(depth, burned.TickLower, burned.TickUpper) => Less(depth, burned.Amount),
        _ => AlgebraPool.Logs.Read(log) switch
        {
            AlgebraPool.SwapWithPluginLog swap => depth with { Price = swap.Price, Whole = swap.Liquidity },
            AlgebraPool.BurnWithPluginLog burned when Covers(depth, burned.BottomTick, burned.TopTick) =>
                Less(depth, burned.LiquidityAmount),
            _ => depth,
        },
    };

    private static PoolDepth Less(PoolDepth depth, UInt256 amount) => depth with { Whole = UInt256.SubtractToZero(depth.Whole, amount) };

    private static bool Covers(PoolDepth depth, int lowerTick, int upperTick) =>
        depth.Price is { } price && LiquidityMath.PriceAt(lowerTick) <= price && price < LiquidityMath.PriceAt(upperTick);
}

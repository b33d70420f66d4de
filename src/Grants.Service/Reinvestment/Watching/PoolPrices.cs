using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Ethereum.Contracts.Pools;
using Grants.Primitives;
using Grants.Service.Ingestion;

namespace Grants.Service.Reinvestment.Watching;

/// <summary>What the last swap of each pool in which an award has positions left as its price; no state of the chain is asked.</summary>
public sealed class PoolPrices(PastTransactions past)
{
    public async Task<ValueList<PoolPrice>> AtAsync(
        ReinvestmentMonitor monitor, long chainId, BlockRef block, CancellationToken cancellation)
    {
        var prices = new List<PoolPrice>();
        foreach (var pool in monitor.LiquidityTokens.Select(token => token.Pool).Distinct())
        {
            if (await PriceAsync(chainId, pool, block.Number, cancellation) is { } price)
                prices.Add(new PoolPrice(pool, price));
        }

        return [.. prices];
    }

    private async Task<UInt256?> PriceAsync(long chainId, Address pool, long block, CancellationToken cancellation)
    {
        if (await past.LastAsync(chainId, pool, UniswapV3Pool.Swap.Topic0, block, cancellation) is { } swap
            && UniswapV3Pool.Logs.Read(swap) is UniswapV3Pool.SwapLog uniswap)
            return uniswap.SqrtPriceX96;
        return await past.LastAsync(chainId, pool, AlgebraPool.SwapWithPlugin.Topic0, block, cancellation) is { } other
            && AlgebraPool.Logs.Read(other) is AlgebraPool.SwapWithPluginLog algebra
            ? algebra.Price
            : null;
    }
}

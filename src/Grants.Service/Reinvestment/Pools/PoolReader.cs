using Grants.Domain;
using Grants.Domain.Reinvestment.Pools;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Reinvestment.Pools;

/// <summary>What a pool says of itself: its tokens, which never change, and its liquidity at a block.</summary>
public sealed class PoolReader(EthereumRpc node, ILogger<PoolReader> log)
{
    private static readonly AbiFunction TotalSupply = AbiFunction.Parse("function totalSupply() view returns (uint256)");
    private static readonly AbiFunction Liquidity = AbiFunction.Parse("function liquidity() view returns (uint128)");

    // The price is the first word of what both answer, whatever follows.
    private static readonly AbiFunction UniswapState = AbiFunction.Parse("function slot0() view returns (uint256)");
    private static readonly AbiFunction AlgebraState = AbiFunction.Parse("function globalState() view returns (uint256)");

    /// <summary>The token that a pool has beside another; null where the contract is no pool of that one.</summary>
    public async Task<Address?> PairTokenAsync(Address pool, Address token, CancellationToken cancellation)
    {
        if (await WordAsync(pool, UniswapV2Pair.Token0, null, cancellation) is not { } first
            || await WordAsync(pool, UniswapV2Pair.Token1, null, cancellation) is not { } second)
            return null;
        var (token0, token1) = (AccountOf(first), AccountOf(second));
        return token0 == token ? token1 : token1 == token ? token0 : null;
    }

    /// <summary>Null where the node has no state of that block any more: the next checkpoint tries again.</summary>
    /// <exception cref="RpcTransportException">The node gives no usable answer.</exception>
    public async Task<PoolDepth?> ReadAsync(PolicyVenue venue, Address token, BlockRef block, CancellationToken cancellation)
    {
        var pool = venue.Address;
        if (await PairTokenAsync(pool, token, cancellation) is not { } pair)
            return new PoolDepth(pool, null, UInt256.Zero);
        if (venue.Kind == VenueKind.Pool)
        {
            if (await WordAsync(pool, TotalSupply, block.Hash, cancellation) is { } supply)
                return new PoolDepth(pool, pair, supply);
        }
        else if (await WordAsync(pool, Liquidity, block.Hash, cancellation) is { } liquidity
            && (await WordAsync(pool, UniswapState, block.Hash, cancellation)
                ?? await WordAsync(pool, AlgebraState, block.Hash, cancellation)) is { } price)
        {
            return new PoolDepth(pool, pair, liquidity, price);
        }

        log.LogWarning("The node does not say what liquidity {Pool} had at block {Number}.", pool, block.Number);
        return null;
    }

    /// <summary>The first word of what a call answers; null where the contract has no such function or the node no such state.</summary>
    private async Task<UInt256?> WordAsync(Address pool, AbiFunction function, Hash32? blockHash, CancellationToken cancellation)
    {
        try
        {
            var answer = blockHash is { } at
                ? await node.CallAsync(pool, function.Encode(), at, cancellation: cancellation)
                : await node.CallAsync(pool, function.Encode(), BlockTag.Latest, cancellation: cancellation);
            return answer.Length < Hash32.Length ? null : UInt256.FromBytes(answer.AsSpan(0, Hash32.Length));
        }
        catch (RpcErrorException)
        {
            return null;
        }
    }

    private static Address AccountOf(UInt256 word) => new(word.ToBytes().AsSpan(Hash32.Length - Address.Length));
}

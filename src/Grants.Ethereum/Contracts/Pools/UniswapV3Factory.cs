using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>Makes the pools of Uniswap v3 (github.com/Uniswap/v3-core) and of its forks.</summary>
public static class UniswapV3Factory
{
    /// <summary>Uniswap v3: there is a pool of these two tokens from here on; the fee is in millionths.</summary>
    public static readonly AbiEvent PoolCreated = AbiEvent.Parse(
        "event PoolCreated(address indexed token0, address indexed token1, uint24 indexed fee, int24 tickSpacing, address pool)");

    /// <inheritdoc cref="PoolCreated"/>
    public sealed record PoolCreatedLog(Address Token0, Address Token1, int Fee, int TickSpacing, Address Pool) : ContractLog;

    /// <summary>Uniswap v3: makes the pool of two tokens and a fee, in millionths.</summary>
    public static readonly AbiFunction CreatePool =
        AbiFunction.Parse("function createPool(address tokenA, address tokenB, uint24 fee) returns (address pool)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(PoolCreated, v => new PoolCreatedLog(v.Address(0), v.Address(1), v.Int(2), v.Int(3), v.Address(4))));
}

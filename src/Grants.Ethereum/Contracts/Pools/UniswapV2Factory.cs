using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>Makes the pools of Uniswap v2 (github.com/Uniswap/v2-core) and of its forks.</summary>
public static class UniswapV2Factory
{
    /// <summary>Uniswap v2: there is a pool of these two tokens from here on; the number counts all pools.</summary>
    public static readonly AbiEvent PairCreated =
        AbiEvent.Parse("event PairCreated(address indexed token0, address indexed token1, address pair, uint256 count)");

    /// <inheritdoc cref="PairCreated"/>
    public sealed record PairCreatedLog(Address Token0, Address Token1, Address Pair, UInt256 Count) : ContractLog;

    /// <summary>Uniswap v2: makes the pool of two tokens.</summary>
    public static readonly AbiFunction CreatePair =
        AbiFunction.Parse("function createPair(address tokenA, address tokenB) returns (address pair)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(PairCreated, v => new PairCreatedLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3))));
}

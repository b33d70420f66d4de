using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>Makes the pools of Algebra (github.com/cryptoalgebra/Algebra): one of two tokens, because the fee moves.</summary>
public static class AlgebraFactory
{
    /// <summary>Algebra (github.com/cryptoalgebra/Algebra): there is a pool of these two tokens from here on.</summary>
    public static readonly AbiEvent Pool = AbiEvent.Parse("event Pool(address indexed token0, address indexed token1, address pool)");

    /// <inheritdoc cref="Pool"/>
    public sealed record PoolLog(Address Token0, Address Token1, Address Pool) : ContractLog;

    /// <summary>Algebra: makes the pool of two tokens.</summary>
    public static readonly AbiFunction CreatePool =
        AbiFunction.Parse("function createPool(address tokenA, address tokenB) returns (address pool)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Pool, v => new PoolLog(v.Address(0), v.Address(1), v.Address(2))));
}

using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>
/// A pool of two tokens with liquidity between ticks, as Uniswap v3 (github.com/Uniswap/v3-core) and its forks have it. A position is
/// of an owner between two ticks; the owner of those with a token is the position manager. Amounts are base units.
/// </summary>
public static class UniswapV3Pool
{
    /// <summary>Uniswap v3: the pool has a price from here on; the square root is multiplied by 2^96.</summary>
    public static readonly AbiEvent Initialize = AbiEvent.Parse("event Initialize(uint160 sqrtPriceX96, int24 tick)");

    /// <inheritdoc cref="Initialize"/>
    public sealed record InitializeLog(UInt256 SqrtPriceX96, int Tick) : ContractLog;

    /// <summary>Uniswap v3: liquidity of an owner came in, with base units of both tokens.</summary>
    public static readonly AbiEvent Mint = AbiEvent.Parse(
        "event Mint(address sender, address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, "
        + "uint256 amount0, uint256 amount1)");

    /// <inheritdoc cref="Mint"/>
    public sealed record MintLog(
        Address Sender, Address Owner, int TickLower, int TickUpper, UInt256 Amount, UInt256 Amount0, UInt256 Amount1) : ContractLog;

    /// <summary>Uniswap v3: liquidity of an owner ended. Its base units are owed to the owner: nothing moves before Collect.</summary>
    public static readonly AbiEvent Burn = AbiEvent.Parse(
        "event Burn(address indexed owner, int24 indexed tickLower, int24 indexed tickUpper, uint128 amount, uint256 amount0, "
        + "uint256 amount1)");

    /// <inheritdoc cref="Burn"/>
    public sealed record BurnLog(Address Owner, int TickLower, int TickUpper, UInt256 Amount, UInt256 Amount0, UInt256 Amount1)
        : ContractLog;

    /// <summary>
    /// Uniswap v3: base units that were owed to an owner went out: of liquidity that ended, and fees, without a difference.
    /// </summary>
    public static readonly AbiEvent Collect = AbiEvent.Parse(
        "event Collect(address indexed owner, address recipient, int24 indexed tickLower, int24 indexed tickUpper, "
        + "uint128 amount0, uint128 amount1)");

    /// <inheritdoc cref="Collect"/>
    public sealed record CollectLog(Address Owner, Address Recipient, int TickLower, int TickUpper, UInt256 Amount0, UInt256 Amount1)
        : ContractLog;

    /// <summary>
    /// Uniswap v3: base units came into the pool (positive) and went out (negative). The pools of Algebra v1 have the same event.
    /// </summary>
    public static readonly AbiEvent Swap = AbiEvent.Parse(
        "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 sqrtPriceX96, "
        + "uint128 liquidity, int24 tick)");

    /// <inheritdoc cref="Swap"/>
    public sealed record SwapLog(
        Address Sender, Address Recipient, BigInteger Amount0, BigInteger Amount1, UInt256 SqrtPriceX96, UInt256 Liquidity, int Tick)
        : ContractLog;

    /// <summary>Uniswap v3: base units were lent within one transaction; who deposits them nearby has nothing.</summary>
    public static readonly AbiEvent Flash = AbiEvent.Parse(
        "event Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, "
        + "uint256 paid1)");

    /// <inheritdoc cref="Flash"/>
    public sealed record FlashLog(Address Sender, Address Recipient, UInt256 Amount0, UInt256 Amount1, UInt256 Paid0, UInt256 Paid1)
        : ContractLog;

    /// <summary>Uniswap v3: the token with the lower address.</summary>
    public static readonly AbiFunction Token0 = AbiFunction.Parse("function token0() view returns (address)");

    /// <summary>Uniswap v3: the token with the higher address.</summary>
    public static readonly AbiFunction Token1 = AbiFunction.Parse("function token1() view returns (address)");

    /// <summary>Uniswap v3: the liquidity at the present price.</summary>
    public static readonly AbiFunction Liquidity = AbiFunction.Parse("function liquidity() view returns (uint128)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Initialize, v => new InitializeLog(v.Amount(0), v.Int(1))),
        LogType.Of(Mint, v => new MintLog(v.Address(0), v.Address(1), v.Int(2), v.Int(3), v.Amount(4), v.Amount(5), v.Amount(6))),
        LogType.Of(Burn, v => new BurnLog(v.Address(0), v.Int(1), v.Int(2), v.Amount(3), v.Amount(4), v.Amount(5))),
        LogType.Of(Collect, v => new CollectLog(v.Address(0), v.Address(1), v.Int(2), v.Int(3), v.Amount(4), v.Amount(5))),
        LogType.Of(Swap, v => new SwapLog(v.Address(0), v.Address(1), v.Signed(2), v.Signed(3), v.Amount(4), v.Amount(5), v.Int(6))),
        LogType.Of(Flash, v => new FlashLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5))));
}

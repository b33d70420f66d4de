using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>
/// A pool of Algebra (github.com/cryptoalgebra/Algebra), of v1 to Integral. The events of v1 are those of Uniswap v3, so that only
/// the factory tells which it is. Amounts are base units.
/// </summary>
public static class AlgebraPool
{
    /// <summary>Algebra: the pool has a price from here on; the square root is multiplied by 2^96.</summary>
    public static readonly AbiEvent Initialize = AbiEvent.Parse("event Initialize(uint160 price, int24 tick)");

    /// <inheritdoc cref="Initialize"/>
    public sealed record InitializeLog(UInt256 Price, int Tick) : ContractLog;

    /// <summary>Algebra: liquidity of an owner came in, with base units of both tokens.</summary>
    public static readonly AbiEvent Mint = AbiEvent.Parse(
        "event Mint(address sender, address indexed owner, int24 indexed bottomTick, int24 indexed topTick, "
        + "uint128 liquidityAmount, uint256 amount0, uint256 amount1)");

    /// <inheritdoc cref="Mint"/>
    public sealed record MintLog(
        Address Sender, Address Owner, int BottomTick, int TopTick, UInt256 LiquidityAmount, UInt256 Amount0, UInt256 Amount1)
        : ContractLog;

    /// <summary>Algebra: liquidity of an owner ended. Its base units are owed to the owner: nothing moves before Collect.</summary>
    public static readonly AbiEvent Burn = AbiEvent.Parse(
        "event Burn(address indexed owner, int24 indexed bottomTick, int24 indexed topTick, uint128 liquidityAmount, "
        + "uint256 amount0, uint256 amount1)");

    /// <inheritdoc cref="Burn"/>
    public sealed record BurnLog(
        Address Owner, int BottomTick, int TopTick, UInt256 LiquidityAmount, UInt256 Amount0, UInt256 Amount1) : ContractLog;

    /// <summary>Algebra Integral: as Burn, with the fee of a plugin in millionths.</summary>
    public static readonly AbiEvent BurnWithPlugin = AbiEvent.Parse(
        "event Burn(address indexed owner, int24 indexed bottomTick, int24 indexed topTick, uint128 liquidityAmount, "
        + "uint256 amount0, uint256 amount1, uint24 pluginFee)");

    /// <inheritdoc cref="BurnWithPlugin"/>
    public sealed record BurnWithPluginLog(
        Address Owner, int BottomTick, int TopTick, UInt256 LiquidityAmount, UInt256 Amount0, UInt256 Amount1, int PluginFee) : ContractLog;

    /// <summary>
    /// Algebra: base units that were owed to an owner went out: of liquidity that ended, and fees, without a difference.
    /// </summary>
    public static readonly AbiEvent Collect = AbiEvent.Parse(
        "event Collect(address indexed owner, address recipient, int24 indexed bottomTick, int24 indexed topTick, "
        + "uint128 amount0, uint128 amount1)");

    /// <inheritdoc cref="Collect"/>
    public sealed record CollectLog(Address Owner, Address Recipient, int BottomTick, int TopTick, UInt256 Amount0, UInt256 Amount1)
        : ContractLog;

    /// <summary>Algebra: base units came into the pool (positive) and went out (negative).</summary>
    public static readonly AbiEvent Swap = AbiEvent.Parse(
        "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 price, "
        + "uint128 liquidity, int24 tick)");

    /// <inheritdoc cref="Swap"/>
    public sealed record SwapLog(
        Address Sender, Address Recipient, BigInteger Amount0, BigInteger Amount1, UInt256 Price, UInt256 Liquidity, int Tick)
        : ContractLog;

    /// <summary>Algebra Integral: as Swap, with the fees of this swap in millionths.</summary>
    public static readonly AbiEvent SwapWithPlugin = AbiEvent.Parse(
        "event Swap(address indexed sender, address indexed recipient, int256 amount0, int256 amount1, uint160 price, "
        + "uint128 liquidity, int24 tick, uint24 overrideFee, uint24 pluginFee)");

    /// <inheritdoc cref="SwapWithPlugin"/>
    public sealed record SwapWithPluginLog(
        Address Sender, Address Recipient, BigInteger Amount0, BigInteger Amount1, UInt256 Price, UInt256 Liquidity, int Tick,
        int OverrideFee, int PluginFee) : ContractLog;

    /// <summary>Algebra: base units were lent within one transaction.</summary>
    public static readonly AbiEvent Flash = AbiEvent.Parse(
        "event Flash(address indexed sender, address indexed recipient, uint256 amount0, uint256 amount1, uint256 paid0, "
        + "uint256 paid1)");

    /// <inheritdoc cref="Flash"/>
    public sealed record FlashLog(Address Sender, Address Recipient, UInt256 Amount0, UInt256 Amount1, UInt256 Paid0, UInt256 Paid1)
        : ContractLog;

    /// <summary>Algebra v1: the fee of swaps from here on, in millionths.</summary>
    public static readonly AbiEvent Fee = AbiEvent.Parse("event Fee(uint16 fee)");

    /// <inheritdoc cref="Fee"/>
    public sealed record FeeLog(int Fee) : ContractLog;

    /// <summary>Algebra v1.9: the fee of swaps from here on in each direction, in millionths.</summary>
    public static readonly AbiEvent DirectionalFee = AbiEvent.Parse("event Fee(uint16 feeZto, uint16 feeOtz)");

    /// <inheritdoc cref="DirectionalFee"/>
    public sealed record DirectionalFeeLog(int FeeZto, int FeeOtz) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Initialize, v => new InitializeLog(v.Amount(0), v.Int(1))),
        LogType.Of(Mint, v => new MintLog(v.Address(0), v.Address(1), v.Int(2), v.Int(3), v.Amount(4), v.Amount(5), v.Amount(6))),
        LogType.Of(Burn, v => new BurnLog(v.Address(0), v.Int(1), v.Int(2), v.Amount(3), v.Amount(4), v.Amount(5))),
        LogType.Of(
            BurnWithPlugin,
            v => new BurnWithPluginLog(v.Address(0), v.Int(1), v.Int(2), v.Amount(3), v.Amount(4), v.Amount(5), v.Int(6))),
        LogType.Of(Collect, v => new CollectLog(v.Address(0), v.Address(1), v.Int(2), v.Int(3), v.Amount(4), v.Amount(5))),
        LogType.Of(Swap, v => new SwapLog(v.Address(0), v.Address(1), v.Signed(2), v.Signed(3), v.Amount(4), v.Amount(5), v.Int(6))),
        LogType.Of(
            SwapWithPlugin,
            v => new SwapWithPluginLog(
                v.Address(0), v.Address(1), v.Signed(2), v.Signed(3), v.Amount(4), v.Amount(5), v.Int(6), v.Int(7), v.Int(8))),
        LogType.Of(Flash, v => new FlashLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5))),
        LogType.Of(Fee, v => new FeeLog(v.Int(0))),
        LogType.Of(DirectionalFee, v => new DirectionalFeeLog(v.Int(0), v.Int(1))));
}

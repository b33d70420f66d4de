using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// A pool of two tokens, as Uniswap v2 (github.com/Uniswap/v2-core) and its forks have it; its shares are an ERC-20 token.
/// </summary>
public static class UniswapV2Pair
{
    /// <summary>
    /// Uniswap v2: base units of both tokens came in for new shares. Who gets the shares is in the Transfer before it.
    /// </summary>
    public static readonly AbiEvent Mint = AbiEvent.Parse("event Mint(address indexed sender, uint256 amount0, uint256 amount1)");

    /// <summary>Uniswap v2: shares were burned, and base units of both tokens went out to an account.</summary>
    public static readonly AbiEvent Burn =
        AbiEvent.Parse("event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)");

    /// <summary>Uniswap v2: base units of one token came in and of the other went out to an account.</summary>
    public static readonly AbiEvent Swap = AbiEvent.Parse(
        "event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, "
        + "address indexed to)");

    /// <summary>Uniswap v2: the reserves of both tokens, in base units; it follows every change of them.</summary>
    public static readonly AbiEvent Sync = AbiEvent.Parse("event Sync(uint112 reserve0, uint112 reserve1)");

    /// <summary>Velodrome v2 (github.com/velodrome-finance/contracts), a fork of Uniswap v2: as Swap, with both accounts first.</summary>
    public static readonly AbiEvent SwapToIndexed = AbiEvent.Parse(
        "event Swap(address indexed sender, address indexed to, uint256 amount0In, uint256 amount1In, uint256 amount0Out, "
        + "uint256 amount1Out)");

    /// <summary>Uniswap v2: the token with the lower address.</summary>
    public static readonly AbiFunction Token0 = AbiFunction.Parse("function token0() view returns (address)");

    /// <summary>Uniswap v2: the token with the higher address.</summary>
    public static readonly AbiFunction Token1 = AbiFunction.Parse("function token1() view returns (address)");

    /// <summary>
    /// Uniswap v2: the reserves of both tokens, in base units, and the Unix second of their last change modulo 2^32.
    /// </summary>
    public static readonly AbiFunction GetReserves = AbiFunction.Parse(
        "function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)");

    /// <inheritdoc cref="Mint"/>
    public sealed record MintLog(Address Sender, UInt256 Amount0, UInt256 Amount1) : ContractLog;

    /// <inheritdoc cref="Burn"/>
    public sealed record BurnLog(Address Sender, UInt256 Amount0, UInt256 Amount1, Address To) : ContractLog;

    /// <inheritdoc cref="Swap"/>
    public sealed record SwapLog(
        Address Sender, UInt256 Amount0In, UInt256 Amount1In, UInt256 Amount0Out, UInt256 Amount1Out, Address To) : ContractLog;

    /// <inheritdoc cref="Sync"/>
    public sealed record SyncLog(UInt256 Reserve0, UInt256 Reserve1) : ContractLog;

    /// <inheritdoc cref="SwapToIndexed"/>
    public sealed record SwapToIndexedLog(
        Address Sender, Address To, UInt256 Amount0In, UInt256 Amount1In, UInt256 Amount0Out, UInt256 Amount1Out) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Mint, v => new MintLog(v.Address(0), v.Amount(1), v.Amount(2))),
        LogType.Of(Burn, v => new BurnLog(v.Address(0), v.Amount(1), v.Amount(2), v.Address(3))),
        LogType.Of(Swap, v => new SwapLog(v.Address(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Address(5))),
        LogType.Of(Sync, v => new SyncLog(v.Amount(0), v.Amount(1))),
        LogType.Of(
            SwapToIndexed,
            v => new SwapToIndexedLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Amount(5))));
}

using Grants.Ethereum.Abi;

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

    /// <summary>Uniswap v2: the token with the lower address.</summary>
    public static readonly AbiFunction Token0 = AbiFunction.Parse("function token0() view returns (address)");

    /// <summary>Uniswap v2: the token with the higher address.</summary>
    public static readonly AbiFunction Token1 = AbiFunction.Parse("function token1() view returns (address)");

    /// <summary>
    /// Uniswap v2: the reserves of both tokens, in base units, and the Unix second of their last change modulo 2^32.
    /// </summary>
    public static readonly AbiFunction GetReserves = AbiFunction.Parse(
        "function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)");
}

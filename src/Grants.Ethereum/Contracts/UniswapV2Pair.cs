using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>A pool of two tokens, as Uniswap v2 and its forks have it; its shares are an ERC-20 token.</summary>
public static class UniswapV2Pair
{
    public static readonly AbiEvent Mint = AbiEvent.Parse("event Mint(address indexed sender, uint256 amount0, uint256 amount1)");
    public static readonly AbiEvent Burn =
        AbiEvent.Parse("event Burn(address indexed sender, uint256 amount0, uint256 amount1, address indexed to)");
    public static readonly AbiEvent Swap = AbiEvent.Parse(
        "event Swap(address indexed sender, uint256 amount0In, uint256 amount1In, uint256 amount0Out, uint256 amount1Out, "
        + "address indexed to)");
    public static readonly AbiEvent Sync = AbiEvent.Parse("event Sync(uint112 reserve0, uint112 reserve1)");

    public static readonly AbiFunction Token0 = AbiFunction.Parse("function token0() view returns (address)");
    public static readonly AbiFunction Token1 = AbiFunction.Parse("function token1() view returns (address)");
    public static readonly AbiFunction GetReserves = AbiFunction.Parse(
        "function getReserves() view returns (uint112 reserve0, uint112 reserve1, uint32 blockTimestampLast)");
}

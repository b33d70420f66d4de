using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Pools;

/// <summary>
/// The positions of Algebra pools as ERC-721 tokens: NonfungiblePositionManager (github.com/cryptoalgebra/Algebra). The event names
/// the pool, because no fee does. Amounts are base units.
/// </summary>
public static class AlgebraPositions
{
    /// <summary>Algebra: a position was made or grew by liquidity, with base units of both tokens.</summary>
    public static readonly AbiEvent IncreaseLiquidity = AbiEvent.Parse(
        "event IncreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint128 actualLiquidity, uint256 amount0, "
        + "uint256 amount1, address pool)");

    /// <inheritdoc cref="IncreaseLiquidity"/>
    public sealed record IncreaseLiquidityLog(
        UInt256 TokenId, UInt256 Liquidity, UInt256 ActualLiquidity, UInt256 Amount0, UInt256 Amount1, Address Pool) : ContractLog;

    /// <summary>Algebra: a position shrank; its base units wait for Collect.</summary>
    public static readonly AbiEvent DecreaseLiquidity =
        AbiEvent.Parse("event DecreaseLiquidity(uint256 indexed tokenId, uint128 liquidity, uint256 amount0, uint256 amount1)");

    /// <inheritdoc cref="DecreaseLiquidity"/>
    public sealed record DecreaseLiquidityLog(UInt256 TokenId, UInt256 Liquidity, UInt256 Amount0, UInt256 Amount1) : ContractLog;

    /// <summary>Algebra: base units of a position went out to a recipient, of liquidity that ended, and fees.</summary>
    public static readonly AbiEvent Collect =
        AbiEvent.Parse("event Collect(uint256 indexed tokenId, address recipient, uint256 amount0, uint256 amount1)");

    /// <inheritdoc cref="Collect"/>
    public sealed record CollectLog(UInt256 TokenId, Address Recipient, UInt256 Amount0, UInt256 Amount1) : ContractLog;

    /// <summary>ERC-721: a position went from one account to another; from the zero address it was made.</summary>
    public static readonly AbiEvent Transfer =
        AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 indexed tokenId)");

    /// <inheritdoc cref="Transfer"/>
    public sealed record TransferLog(Address From, Address To, UInt256 TokenId) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            IncreaseLiquidity,
            v => new IncreaseLiquidityLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3), v.Amount(4), v.Address(5))),
        LogType.Of(DecreaseLiquidity, v => new DecreaseLiquidityLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3))),
        LogType.Of(Collect, v => new CollectLog(v.Amount(0), v.Address(1), v.Amount(2), v.Amount(3))),
        LogType.Of(Transfer, v => new TransferLog(v.Address(0), v.Address(1), v.Amount(2))));
}

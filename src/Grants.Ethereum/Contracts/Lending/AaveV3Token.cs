using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Lending;

/// <summary>
/// The aToken of a reserve, by Aave v3 (github.com/aave/aave-v3-core); debt tokens have its Mint and Burn. It is an ERC-20 token
/// whose balances grow.
/// </summary>
public static class AaveV3Token
{
    /// <summary>Aave v3: a deposit went from one account to another; the value is scaled: divided by the index, a ray.</summary>
    public static readonly AbiEvent BalanceTransfer =
        AbiEvent.Parse("event BalanceTransfer(address indexed from, address indexed to, uint256 value, uint256 index)");

    /// <inheritdoc cref="BalanceTransfer"/>
    public sealed record BalanceTransferLog(Address From, Address To, UInt256 Value, UInt256 Index) : ContractLog;

    /// <summary>Aave v3: a deposit or a debt grew, interest included: balanceIncrease of the value is interest.</summary>
    public static readonly AbiEvent Mint = AbiEvent.Parse(
        "event Mint(address indexed caller, address indexed onBehalfOf, uint256 value, uint256 balanceIncrease, uint256 index)");

    /// <inheritdoc cref="Mint"/>
    public sealed record MintLog(Address Caller, Address OnBehalfOf, UInt256 Value, UInt256 BalanceIncrease, UInt256 Index) : ContractLog;

    /// <summary>Aave v3: a deposit or a debt shrank; interest came first: balanceIncrease was added before the value went.</summary>
    public static readonly AbiEvent Burn =
        AbiEvent.Parse("event Burn(address indexed from, address indexed target, uint256 value, uint256 balanceIncrease, uint256 index)");

    /// <inheritdoc cref="Burn"/>
    public sealed record BurnLog(Address From, Address Target, UInt256 Value, UInt256 BalanceIncrease, UInt256 Index) : ContractLog;

    /// <summary>Aave v3: the balance of an account divided by the index.</summary>
    public static readonly AbiFunction ScaledBalanceOf = AbiFunction.Parse("function scaledBalanceOf(address user) view returns (uint256)");

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(BalanceTransfer, v => new BalanceTransferLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3))),
        LogType.Of(Mint, v => new MintLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3), v.Amount(4))),
        LogType.Of(Burn, v => new BurnLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3), v.Amount(4))));
}

using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// A token that wraps the native one, as WETH9 does: these events stand where others log transfers from and to the zero address.
/// </summary>
public static class WrappedNative
{
    /// <summary>Native tokens came in for an account.</summary>
    public static readonly AbiEvent Deposit = AbiEvent.Parse("event Deposit(address indexed dst, uint256 wad)");

    /// <summary>Native tokens went out to an account.</summary>
    public static readonly AbiEvent Withdrawal = AbiEvent.Parse("event Withdrawal(address indexed src, uint256 wad)");

    /// <inheritdoc cref="Deposit"/>
    public sealed record DepositLog(Address Dst, UInt256 Wad) : ContractLog;

    /// <inheritdoc cref="Withdrawal"/>
    public sealed record WithdrawalLog(Address Src, UInt256 Wad) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Deposit, v => new DepositLog(v.Address(0), v.Amount(1))),
        LogType.Of(Withdrawal, v => new WithdrawalLog(v.Address(0), v.Amount(1))));
}

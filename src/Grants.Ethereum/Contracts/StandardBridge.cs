using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>
/// The bridge to L1 that Metis has, and that the OP stack keeps for old callers: L2StandardBridge. Amounts are base units.
/// </summary>
public static class StandardBridge
{
    /// <summary>
    /// L2StandardBridge: base units of an L2 token left for L1; the L1 token is the zero address for the native one.
    /// </summary>
    public static readonly AbiEvent WithdrawalInitiated = AbiEvent.Parse(
        "event WithdrawalInitiated(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    /// <summary>L2StandardBridge: base units of an L2 token came from L1.</summary>
    public static readonly AbiEvent DepositFinalized = AbiEvent.Parse(
        "event DepositFinalized(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    /// <summary>L2StandardBridge: base units that came from L1 could not be given out and go back.</summary>
    public static readonly AbiEvent DepositFailed = AbiEvent.Parse(
        "event DepositFailed(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    /// <summary>L2StandardBridge: sends base units of an L2 token to the sender's own account on L1.</summary>
    public static readonly AbiFunction Withdraw =
        AbiFunction.Parse("function withdraw(address l2Token, uint256 amount, uint32 l1Gas, bytes data)");

    /// <inheritdoc cref="WithdrawalInitiated"/>
    public sealed record WithdrawalInitiatedLog(
        Address L1Token, Address L2Token, Address From, Address To, UInt256 Amount, byte[] Data) : ContractLog;

    /// <inheritdoc cref="DepositFinalized"/>
    public sealed record DepositFinalizedLog(Address L1Token, Address L2Token, Address From, Address To, UInt256 Amount, byte[] Data)
        : ContractLog;

    /// <inheritdoc cref="DepositFailed"/>
    public sealed record DepositFailedLog(Address L1Token, Address L2Token, Address From, Address To, UInt256 Amount, byte[] Data)
        : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            WithdrawalInitiated,
            v => new WithdrawalInitiatedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(
            DepositFinalized,
            v => new DepositFinalizedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(
            DepositFailed,
            v => new DepositFailedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))));
}

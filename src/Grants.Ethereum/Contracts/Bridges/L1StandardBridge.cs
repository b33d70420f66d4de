using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Bridges;

/// <summary>
/// The bridge's other end on L1, of Metis and of the OP stack: L1StandardBridge (github.com/ethereum-optimism/optimism). Amounts are
/// base units.
/// </summary>
public static class L1StandardBridge
{
    /// <summary>L1StandardBridge: base units of a token left for L2.</summary>
    public static readonly AbiEvent Erc20DepositInitiated = AbiEvent.Parse(
        "event ERC20DepositInitiated(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    /// <inheritdoc cref="Erc20DepositInitiated"/>
    public sealed record Erc20DepositInitiatedLog(
        Address L1Token, Address L2Token, Address From, Address To, UInt256 Amount, byte[] Data) : ContractLog;

    /// <summary>L1StandardBridge: base units of a token came from L2: where bridged tokens land.</summary>
    public static readonly AbiEvent Erc20WithdrawalFinalized = AbiEvent.Parse(
        "event ERC20WithdrawalFinalized(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    /// <inheritdoc cref="Erc20WithdrawalFinalized"/>
    public sealed record Erc20WithdrawalFinalizedLog(
        Address L1Token, Address L2Token, Address From, Address To, UInt256 Amount, byte[] Data) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            Erc20DepositInitiated,
            v => new Erc20DepositInitiatedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(
            Erc20WithdrawalFinalized,
            v => new Erc20WithdrawalFinalizedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))));
}

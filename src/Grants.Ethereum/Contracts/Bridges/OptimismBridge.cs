using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Bridges;

/// <summary>
/// The bridge of the OP stack to L1 since Bedrock: L2StandardBridge and L2ToL1MessagePasser (github.com/ethereum-optimism/optimism).
/// It emits the events of the legacy bridge beside its own: a withdrawal is counted by one of them. Amounts are base units.
/// </summary>
public static class OptimismBridge
{
    /// <summary>L2StandardBridge: base units of a token left for the other side.</summary>
    public static readonly AbiEvent Erc20BridgeInitiated = AbiEvent.Parse(
        "event ERC20BridgeInitiated(address indexed localToken, address indexed remoteToken, address indexed from, address to, "
        + "uint256 amount, bytes extraData)");

    /// <inheritdoc cref="Erc20BridgeInitiated"/>
    public sealed record Erc20BridgeInitiatedLog(
        Address LocalToken, Address RemoteToken, Address From, Address To, UInt256 Amount, byte[] ExtraData) : ContractLog;

    /// <summary>L2StandardBridge: base units of a token came from the other side.</summary>
    public static readonly AbiEvent Erc20BridgeFinalized = AbiEvent.Parse(
        "event ERC20BridgeFinalized(address indexed localToken, address indexed remoteToken, address indexed from, address to, "
        + "uint256 amount, bytes extraData)");

    /// <inheritdoc cref="Erc20BridgeFinalized"/>
    public sealed record Erc20BridgeFinalizedLog(
        Address LocalToken, Address RemoteToken, Address From, Address To, UInt256 Amount, byte[] ExtraData) : ContractLog;

    /// <summary>L2StandardBridge: native token left for the other side, in wei.</summary>
    public static readonly AbiEvent EthBridgeInitiated =
        AbiEvent.Parse("event ETHBridgeInitiated(address indexed from, address indexed to, uint256 amount, bytes extraData)");

    /// <inheritdoc cref="EthBridgeInitiated"/>
    public sealed record EthBridgeInitiatedLog(Address From, Address To, UInt256 Amount, byte[] ExtraData) : ContractLog;

    /// <summary>L2StandardBridge: native token came from the other side, in wei.</summary>
    public static readonly AbiEvent EthBridgeFinalized =
        AbiEvent.Parse("event ETHBridgeFinalized(address indexed from, address indexed to, uint256 amount, bytes extraData)");

    /// <inheritdoc cref="EthBridgeFinalized"/>
    public sealed record EthBridgeFinalizedLog(Address From, Address To, UInt256 Amount, byte[] ExtraData) : ContractLog;

    /// <summary>L2ToL1MessagePasser: a message to L1, with a value in wei that leaves with it.</summary>
    public static readonly AbiEvent MessagePassed = AbiEvent.Parse(
        "event MessagePassed(uint256 indexed nonce, address indexed sender, address indexed target, uint256 value, "
        + "uint256 gasLimit, bytes data, bytes32 withdrawalHash)");

    /// <inheritdoc cref="MessagePassed"/>
    public sealed record MessagePassedLog(
        UInt256 Nonce, Address Sender, Address Target, UInt256 Value, UInt256 GasLimit, byte[] Data, Hash32 WithdrawalHash) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            Erc20BridgeInitiated,
            v => new Erc20BridgeInitiatedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(
            Erc20BridgeFinalized,
            v => new Erc20BridgeFinalizedLog(v.Address(0), v.Address(1), v.Address(2), v.Address(3), v.Amount(4), v.Bytes(5))),
        LogType.Of(EthBridgeInitiated, v => new EthBridgeInitiatedLog(v.Address(0), v.Address(1), v.Amount(2), v.Bytes(3))),
        LogType.Of(EthBridgeFinalized, v => new EthBridgeFinalizedLog(v.Address(0), v.Address(1), v.Amount(2), v.Bytes(3))),
        LogType.Of(
            MessagePassed,
            v => new MessagePassedLog(v.Amount(0), v.Address(1), v.Address(2), v.Amount(3), v.Amount(4), v.Bytes(5), v.Word(6))));
}

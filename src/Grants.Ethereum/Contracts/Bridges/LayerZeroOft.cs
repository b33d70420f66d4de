using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Bridges;

/// <summary>
/// A token on many chains at once: OFT of LayerZero v2 (github.com/LayerZero-Labs/LayerZero-v2). Chains are LayerZero's endpoint ids;
/// amounts are base units of this chain.
/// </summary>
public static class LayerZeroOft
{
    /// <summary>LayerZero: base units of an account left for another chain, where it gets what remains after dust and fees.</summary>
    public static readonly AbiEvent OftSent = AbiEvent.Parse(
        "event OFTSent(bytes32 indexed guid, uint32 dstEid, address indexed fromAddress, uint256 amountSentLD, "
        + "uint256 amountReceivedLD)");

    /// <inheritdoc cref="OftSent"/>
    public sealed record OftSentLog(Hash32 Guid, long DstEid, Address FromAddress, UInt256 AmountSentLD, UInt256 AmountReceivedLD)
        : ContractLog;

    /// <summary>LayerZero: base units came from another chain to an account.</summary>
    public static readonly AbiEvent OftReceived =
        AbiEvent.Parse("event OFTReceived(bytes32 indexed guid, uint32 srcEid, address indexed toAddress, uint256 amountReceivedLD)");

    /// <inheritdoc cref="OftReceived"/>
    public sealed record OftReceivedLog(Hash32 Guid, long SrcEid, Address ToAddress, UInt256 AmountReceivedLD) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(OftSent, v => new OftSentLog(v.Word(0), v.Long(1), v.Address(2), v.Amount(3), v.Amount(4))),
        LogType.Of(OftReceived, v => new OftReceivedLog(v.Word(0), v.Long(1), v.Address(2), v.Amount(3))));
}

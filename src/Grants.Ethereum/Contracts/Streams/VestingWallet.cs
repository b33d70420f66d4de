using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Streams;

/// <summary>A wallet that pays its owner over time, by OpenZeppelin. The address of the contract tells which award it is.</summary>
public static class VestingWallet
{
    /// <summary>OpenZeppelin VestingWallet: native token was paid to the owner, in wei.</summary>
    public static readonly AbiEvent EtherReleased = AbiEvent.Parse("event EtherReleased(uint256 amount)");

    /// <inheritdoc cref="EtherReleased"/>
    public sealed record EtherReleasedLog(UInt256 Amount) : ContractLog;

    /// <summary>OpenZeppelin VestingWallet: base units of a token were paid to the owner.</summary>
    public static readonly AbiEvent Erc20Released = AbiEvent.Parse("event ERC20Released(address indexed token, uint256 amount)");

    /// <inheritdoc cref="Erc20Released"/>
    public sealed record Erc20ReleasedLog(Address Token, UInt256 Amount) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(EtherReleased, v => new EtherReleasedLog(v.Amount(0))),
        LogType.Of(Erc20Released, v => new Erc20ReleasedLog(v.Address(0), v.Amount(1))));
}

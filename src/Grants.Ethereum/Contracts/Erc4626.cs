using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>A vault of one token, by ERC-4626; its shares are an ERC-20 token. The owner of the shares counts, not the sender.</summary>
public static class Erc4626
{
    /// <summary>ERC-4626: a sender gave base units of the token, for which the owner got shares.</summary>
    public static readonly AbiEvent Deposit =
        AbiEvent.Parse("event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)");

    /// <summary>ERC-4626: an owner's shares were burned, for which the receiver got base units of the token.</summary>
    public static readonly AbiEvent Withdraw = AbiEvent.Parse(
        "event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)");

    /// <summary>ERC-4626: gives base units of the token, for shares of the receiver's; returns the shares.</summary>
    public static readonly AbiFunction DepositCall =
        AbiFunction.Parse("function deposit(uint256 assets, address receiver) returns (uint256 shares)");

    /// <summary>
    /// ERC-4626: burns shares of an owner's, for base units of the token to the receiver; returns the base units.
    /// </summary>
    public static readonly AbiFunction Redeem =
        AbiFunction.Parse("function redeem(uint256 shares, address receiver, address owner) returns (uint256 assets)");

    /// <summary>ERC-4626: base units of the token that so many shares stand for, without fees and rounded down.</summary>
    public static readonly AbiFunction ConvertToAssets =
        AbiFunction.Parse("function convertToAssets(uint256 shares) view returns (uint256 assets)");

    /// <inheritdoc cref="Deposit"/>
    public sealed record DepositLog(Address Sender, Address Owner, UInt256 Assets, UInt256 Shares) : ContractLog;

    /// <inheritdoc cref="Withdraw"/>
    public sealed record WithdrawLog(Address Sender, Address Receiver, Address Owner, UInt256 Assets, UInt256 Shares) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Deposit, v => new DepositLog(v.Address(0), v.Address(1), v.Amount(2), v.Amount(3))),
        LogType.Of(Withdraw, v => new WithdrawLog(v.Address(0), v.Address(1), v.Address(2), v.Amount(3), v.Amount(4))));
}

using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts;

/// <summary>A token, by ERC-20. Values are base units. An ERC-721 transfer has the same first topic and one topic more.</summary>
public static class Erc20
{
    /// <summary>
    /// ERC-20: tokens went from one account to another. The value is base units; the zero address as sender mints, as
    /// receiver burns.
    /// </summary>
    public static readonly AbiEvent Transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");

    /// <summary>ERC-20: a spender may now take so many base units of an owner's.</summary>
    public static readonly AbiEvent Approval =
        AbiEvent.Parse("event Approval(address indexed owner, address indexed spender, uint256 value)");

    /// <summary>ERC-20: the balance of an account, in base units.</summary>
    public static readonly AbiFunction BalanceOf = AbiFunction.Parse("function balanceOf(address account) view returns (uint256)");

    /// <summary>ERC-20: the sum of all balances, in base units.</summary>
    public static readonly AbiFunction TotalSupply = AbiFunction.Parse("function totalSupply() view returns (uint256)");

    /// <summary>
    /// ERC-20: gives base units of the sender's to an account. Some tokens of before the standard return nothing.
    /// </summary>
    public static readonly AbiFunction TransferCall = AbiFunction.Parse("function transfer(address to, uint256 value) returns (bool)");

    /// <summary>ERC-20: lets a spender take so many base units of the sender's.</summary>
    public static readonly AbiFunction Approve = AbiFunction.Parse("function approve(address spender, uint256 value) returns (bool)");

    /// <inheritdoc cref="Transfer"/>
    public sealed record TransferLog(Address From, Address To, UInt256 Value) : ContractLog;

    /// <inheritdoc cref="Approval"/>
    public sealed record ApprovalLog(Address Owner, Address Spender, UInt256 Value) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(Transfer, v => new TransferLog(v.Address(0), v.Address(1), v.Amount(2))),
        LogType.Of(Approval, v => new ApprovalLog(v.Address(0), v.Address(1), v.Amount(2))));
}

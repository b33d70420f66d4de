using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>A token, by ERC-20. An ERC-721 transfer has the same first topic and one more.</summary>
public static class Erc20
{
    public static readonly AbiEvent Transfer = AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
    public static readonly AbiEvent Approval =
        AbiEvent.Parse("event Approval(address indexed owner, address indexed spender, uint256 value)");

    public static readonly AbiFunction BalanceOf = AbiFunction.Parse("function balanceOf(address account) view returns (uint256)");
    public static readonly AbiFunction TotalSupply = AbiFunction.Parse("function totalSupply() view returns (uint256)");
    public static readonly AbiFunction Allowance =
        AbiFunction.Parse("function allowance(address owner, address spender) view returns (uint256)");
    public static readonly AbiFunction TransferCall = AbiFunction.Parse("function transfer(address to, uint256 value) returns (bool)");
    public static readonly AbiFunction Approve = AbiFunction.Parse("function approve(address spender, uint256 value) returns (bool)");
}

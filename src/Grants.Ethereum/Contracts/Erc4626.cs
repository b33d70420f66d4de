using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>A vault of one token, by ERC-4626; its shares are an ERC-20 token. The owner of the shares counts, not the sender.</summary>
public static class Erc4626
{
    public static readonly AbiEvent Deposit =
        AbiEvent.Parse("event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares)");
    public static readonly AbiEvent Withdraw = AbiEvent.Parse(
        "event Withdraw(address indexed sender, address indexed receiver, address indexed owner, uint256 assets, uint256 shares)");

    public static readonly AbiFunction DepositCall =
        AbiFunction.Parse("function deposit(uint256 assets, address receiver) returns (uint256 shares)");
    public static readonly AbiFunction Redeem =
        AbiFunction.Parse("function redeem(uint256 shares, address receiver, address owner) returns (uint256 assets)");
    public static readonly AbiFunction ConvertToAssets =
        AbiFunction.Parse("function convertToAssets(uint256 shares) view returns (uint256 assets)");
    public static readonly AbiFunction TotalAssets = AbiFunction.Parse("function totalAssets() view returns (uint256)");
}

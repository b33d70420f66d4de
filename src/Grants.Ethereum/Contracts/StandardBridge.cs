using Grants.Ethereum.Abi;

namespace Grants.Ethereum.Contracts;

/// <summary>The bridge to L1 that Metis has and that the OP stack keeps for old callers.</summary>
public static class StandardBridge
{
    public static readonly AbiEvent WithdrawalInitiated = AbiEvent.Parse(
        "event WithdrawalInitiated(address indexed l1Token, address indexed l2Token, address indexed from, address to, "
        + "uint256 amount, bytes data)");

    public static readonly AbiFunction Withdraw =
        AbiFunction.Parse("function withdraw(address l2Token, uint256 amount, uint32 l1Gas, bytes data)");
    public static readonly AbiFunction WithdrawTo =
        AbiFunction.Parse("function withdrawTo(address l2Token, address to, uint256 amount, uint32 l1Gas, bytes data)");
}

using Grants.Ethereum.Abi;

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

    /// <summary>L2StandardBridge: sends base units of an L2 token to the sender's own account on L1.</summary>
    public static readonly AbiFunction Withdraw =
        AbiFunction.Parse("function withdraw(address l2Token, uint256 amount, uint32 l1Gas, bytes data)");
}

using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Tokens;

/// <summary>
/// A vault that takes its time, by ERC-7540: what is asked for is at work only once it is claimed, by the Deposit and Withdraw of
/// ERC-4626.
/// </summary>
public static class Erc7540
{
    /// <summary>ERC-7540: base units of the token wait to become shares of the controller.</summary>
    public static readonly AbiEvent DepositRequest = AbiEvent.Parse(
        "event DepositRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, "
        + "uint256 assets)");

    /// <inheritdoc cref="DepositRequest"/>
    public sealed record DepositRequestLog(Address Controller, Address Owner, UInt256 RequestId, Address Sender, UInt256 Assets)
        : ContractLog;

    /// <summary>ERC-7540: shares left the owner and wait to become base units of the token: the position ends here.</summary>
    public static readonly AbiEvent RedeemRequest = AbiEvent.Parse(
        "event RedeemRequest(address indexed controller, address indexed owner, uint256 indexed requestId, address sender, "
        + "uint256 shares)");

    /// <inheritdoc cref="RedeemRequest"/>
    public sealed record RedeemRequestLog(Address Controller, Address Owner, UInt256 RequestId, Address Sender, UInt256 Shares)
        : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(DepositRequest, v => new DepositRequestLog(v.Address(0), v.Address(1), v.Amount(2), v.Address(3), v.Amount(4))),
        LogType.Of(RedeemRequest, v => new RedeemRequestLog(v.Address(0), v.Address(1), v.Amount(2), v.Address(3), v.Amount(4))));
}

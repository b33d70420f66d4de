using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Streams;

/// <summary>
/// Vesting plans as ERC-721 tokens, by Hedgey (github.com/hedgey-finance/Locked_VestingTokenPlans). Amounts are base units, times are
/// Unix seconds.
/// </summary>
public static class HedgeyVesting
{
    /// <summary>Hedgey (github.com/hedgey-finance): a plan of a recipient; rate base units vest each period of seconds.</summary>
    public static readonly AbiEvent PlanCreated = AbiEvent.Parse(
        "event PlanCreated(uint256 indexed id, address indexed recipient, address indexed token, uint256 amount, "
        + "uint256 start, uint256 cliff, uint256 end, uint256 rate, uint256 period, address vestingAdmin, bool adminTransferOBO)");

    /// <inheritdoc cref="PlanCreated"/>
    public sealed record PlanCreatedLog(
        UInt256 Id, Address Recipient, Address Token, UInt256 Amount, UInt256 Start, UInt256 Cliff, UInt256 End, UInt256 Rate,
        UInt256 Period, Address VestingAdmin, bool AdminTransferOBO) : ContractLog;

    /// <summary>Hedgey: the owner of a plan took what had vested; the plan begins anew at the reset date with the remainder.</summary>
    public static readonly AbiEvent PlanRedeemed =
        AbiEvent.Parse("event PlanRedeemed(uint256 indexed id, uint256 amountRedeemed, uint256 planRemainder, uint256 resetDate)");

    /// <inheritdoc cref="PlanRedeemed"/>
    public sealed record PlanRedeemedLog(UInt256 Id, UInt256 AmountRedeemed, UInt256 PlanRemainder, UInt256 ResetDate) : ContractLog;

    /// <summary>Hedgey: a plan ended: what had vested went to its owner, the rest back to the admin.</summary>
    public static readonly AbiEvent PlanRevoked =
        AbiEvent.Parse("event PlanRevoked(uint256 indexed id, uint256 amountRedeemed, uint256 revokedAmount)");

    /// <inheritdoc cref="PlanRevoked"/>
    public sealed record PlanRevokedLog(UInt256 Id, UInt256 AmountRedeemed, UInt256 RevokedAmount) : ContractLog;

    /// <summary>How its logs are read.</summary>
    public static ContractAdapter Logs { get; } = new(
        LogType.Of(
            PlanCreated,
            v => new PlanCreatedLog(
                v.Amount(0), v.Address(1), v.Address(2), v.Amount(3), v.Amount(4), v.Amount(5), v.Amount(6), v.Amount(7), v.Amount(8),
                v.Address(9), v.Flag(10))),
        LogType.Of(PlanRedeemed, v => new PlanRedeemedLog(v.Amount(0), v.Amount(1), v.Amount(2), v.Amount(3))),
        LogType.Of(PlanRevoked, v => new PlanRevokedLog(v.Amount(0), v.Amount(1), v.Amount(2))));
}

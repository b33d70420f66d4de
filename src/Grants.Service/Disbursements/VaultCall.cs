using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;

namespace Grants.Service.Disbursements;

/// <summary>The call data of a treasury order.</summary>
public static class VaultCall
{
    /// <param name="order">What is to be done.</param>
    /// <param name="deadlineAt">Seconds since 1970; of the attempt, not of the order.</param>
    public static byte[] Of(TreasuryOrder order, long deadlineAt) => order.Kind switch
    {
        TreasuryOrderKind.Reservation => IncentiveVault.Grant.Encode(
            order.AwardId,
            order.Token,
            order.Receiver,
            order.Amount,
            (object[])[
                order.Schedule!.StartAt,
                order.Schedule.CliffSeconds,
                order.Schedule.DurationSeconds,
                order.Schedule.Tranches,
            ]),
        TreasuryOrderKind.Release => IncentiveVault.Release.Encode(order.AwardId, order.Seq, order.Amount, deadlineAt),
        TreasuryOrderKind.Clawback => IncentiveVault.Clawback.Encode(order.AwardId, order.Seq, order.Amount),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

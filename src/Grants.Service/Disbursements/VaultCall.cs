using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Service.Disbursements;

/// <summary>The call data of a treasury order.</summary>
public static class VaultCall
{
    /// <summary>A deadline that is far from over, in seconds since 1970: only of simulations.</summary>
    public const long FarAway = 9_999_999_999;

    /// <param name="order">What is to be done.</param>
    /// <param name="deadlineAt">Seconds since 1970; of the attempt, not of the order.</param>
    public static byte[] Of(TreasuryOrder order, long deadlineAt) => order.Kind switch
    {
        TreasuryOrderKind.Reservation => IncentiveVault.Grant.Encode(
            order.AwardId,
            order.Token,
            order.Receiver,
            order.Amount,
            ScheduleOf(order.Vesting!)),
        TreasuryOrderKind.Release => IncentiveVault.Release.Encode(order.AwardId, order.Seq, order.Amount, deadlineAt),
        TreasuryOrderKind.Clawback => IncentiveVault.Clawback.Encode(order.AwardId, order.Seq, order.Amount),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>What the vault would do with an order alone at a block; its deadline is far away.</summary>
    /// <param name="order">What is to be done.</param>
    /// <param name="sender">The treasury's account.</param>
    public static RpcRequest Simulation(TreasuryOrder order, Address sender, BlockTag at) => new(
        "eth_call",
        new Dictionary<string, string>
        {
            ["from"] = sender.ToString(),
            ["to"] = order.Vault.ToString(),
            ["data"] = Hex.Format(Of(order, FarAway)),
        },
        at.ToString());

    /// <summary>Why the vault refuses, decoded where it says so.</summary>
    public static string ReasonOf(RpcErrorException refusal) => refusal.RevertData is { Length: > 0 } revert
        ? RevertReason.Describe(revert, IncentiveVault.Errors)
        : refusal.Message;

    /// <summary>A curve as the vault takes it. Which milestone a tranche waits for is not for the vault.</summary>
    public static object[] ScheduleOf(VestingCurve vesting) => vesting switch
    {
        LinearVesting line =>
        [
            line.StartAt,
            line.CliffSeconds,
            line.DurationSeconds,
            line.GranularitySeconds,
            (int)line.CliffMode,
            line.StartUnlock,
            line.CliffUnlock,
            Array.Empty<object>(),
        ],
        TranchedVesting tranched =>
        [
            0, 0, 0, 0, 0, 0, 0, tranched.Tranches.Select(object (tranche) => new object[] { tranche.At, tranche.Amount }).ToArray(),
        ],
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}

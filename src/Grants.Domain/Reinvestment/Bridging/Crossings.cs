using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Bridging;

/// <summary>
/// Tells how far a chain is, all whose final transactions up to there were recorded: what should have come over a bridge to it by then and
/// has not is gone.
/// </summary>
/// <param name="ChainId">The chain on which it should have come out.</param>
/// <param name="Block">A final block of that chain.</param>
/// <param name="Evidence">The block's place for what no log of it says.</param>
/// <param name="Clock">The last final block of the chain that pays, where that is another one.</param>
public sealed record NoteCrossings(Hash32 AwardId, long ChainId, BlockRef Block, EventKey Evidence, BlockRef? Clock = null);

/// <summary>What is on its way from one chain to the other.</summary>
internal static class Crossings
{
    /// <summary>A flow over a bridge to the award's own wallet counts only where it does not come out in time.</summary>
    public static Flow Of(Flow flow, AwardScope scope, ReinvestmentPolicy policy, long at) =>
        flow is { Kind: FlowKind.BridgeOut, Counterparty: { } to } && policy.OtherChain is { } other && scope.WalletsElsewhere.Contains(to)
            ? flow with { CountsFrom = at + other.LandsWithinSeconds }
            : flow;

    /// <summary>What should have come out by now.</summary>
    public static Decision Decide(NoteCrossings command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        if (state.PausedAt is not null)
            return Decision.Nothing;
        var overdue = (state.Ledger.Under(Convention.Floor).Followed ?? [])
            .Where(part => part.IsBridged && part.CountsFrom <= command.Block.TimestampSeconds)
            .Select(part => state.Pursuit.Trails.FirstOrDefault(trail => trail.FlowId == part.FlowId)?.Left)
            .OfType<FlowClassified>()
            .Where(left => left.Flow.Evidence.ChainId != command.ChainId);
        return Decision.Accept([.. overdue.SelectMany(left => NotLanded(command, left, state.ListVersion))]);
    }

    /// <summary>The flow as it is told once it is known that it did not come out.</summary>
    public static FlowClassified Gone(FlowClassified left) => left with
    {
        Flow = left.Flow with { CountsFrom = null, Why = $"{left.Flow.Why} It did not come out there in time." },
    };

    /// <summary>What the wallets hold on the other chain after a flow there, base units.</summary>
    public static UInt256 LiquidAfter(UInt256 before, Flow flow) => flow.Kind switch
    {
        FlowKind.OwnIn or FlowKind.BridgeIn or FlowKind.Close or FlowKind.SharesSold => before + flow.Amount,
        FlowKind.Open or FlowKind.Sale or FlowKind.BridgeOut or FlowKind.ExchangeOut or FlowKind.Unknown or FlowKind.Spent
            or FlowKind.Gas or FlowKind.Return => UInt256.SubtractToZero(before, flow.Amount),
        _ => before,
    };

    private static object[] NotLanded(NoteCrossings command, FlowClassified left, int version)
    {
        var told = command.Clock ?? command.Block;
        return
        [
            new FollowedFlowMoved(
                command.AwardId, left.Flow.Id, left.Flow.Wallet, left.Flow.Counterparty!.Value, 0, FollowedOutcome.NotLanded,
                command.Evidence, told),
            new FlowReclassified(
                command.AwardId, version, left.Flow, Gone(left).Flow, left.Granted, left.Block, told, left.WithFlashLoan),
        ];
    }
}

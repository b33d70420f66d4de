using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

// Where the incentive token is the chain's native one, as on Metis, a plain payment of it emits no log. What logs cannot show, the wallets'
// balances at finalized checkpoints do.

/// <summary>What the wallets hold of the incentive token at the end of a finalized block, after its transactions were recorded.</summary>
/// <param name="Held">Base units, of all wallets together, as the chain's state says.</param>
/// <param name="Block">The finalized block of the balances.</param>
/// <param name="Evidence">The block's place for what no log of it says.</param>
public sealed record ReconcileBalances(Hash32 AwardId, UInt256 Held, BlockRef Block, EventKey Evidence);

/// <summary>The wallets hold less than their logs account for: as much has left for a destination that nobody knows.</summary>
/// <param name="Held">Base units of all wallets together.</param>
/// <param name="Amount">Base units; what the wallets' own transactions may have cost is taken off.</param>
/// <param name="AfterBlock">The checkpoint before, after which it left.</param>
/// <param name="Block">The finalized block by which it had left.</param>
public sealed record UnexplainedOutflow(Hash32 AwardId, UInt256 Held, UInt256 Amount, long AfterBlock, BlockRef Block);

/// <content>The ledger against what the wallets really hold.</content>
public sealed partial record ReinvestmentMonitor
{
    /// <summary>
    /// Base units of a token of 18 decimals: so much of what is missing at one checkpoint is taken for the gas of the wallets'
    /// transactions, and no more.
    /// </summary>
    private static readonly UInt256 MostGas = 50_000_000_000_000_000;

    /// <summary>Whether a day has passed since the last checkpoint, or there was none.</summary>
    public bool IsCheckpointDue(BlockRef block) =>
        LastCheckpoint is not { } last || block.TimestampSeconds - last.TimestampSeconds >= SecondsBetweenCheckpoints;

    public static Decision Decide(ReconcileBalances command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var at = command.Block.TimestampSeconds;
        var account = state.Ledger.Under(Convention.Floor);
        var known = UInt256.SubtractToZero(account.LiquidGrant + account.LiquidOwn, state.LiquidElsewhere);
        if (state.Ledger.Released.IsZero || at < state.Ledger.Time || known == command.Held)
            return Decision.Nothing;
        if (command.Held > known)
            return Decision.Accept(state.Classified(
                command, (FlowKind.OwnIn, command.Held - known, "The wallets hold more than their logs account for.")));
        var gas = UInt256.Min(known - command.Held, MostGas);
        var missing = known - command.Held - gas;
        var left = new UnexplainedOutflow(
            command.AwardId, command.Held, missing, state.LastCheckpoint?.Number ?? state.Wallets[0].SinceBlock, command.Block);
        return Decision.Accept(missing.IsZero
            ? state.Classified(command, (FlowKind.Gas, gas, "Taken for the gas of the wallets' transactions."))
            : [
                left,
                .. state.Classified(
                    command,
                    (FlowKind.Gas, gas, "Taken for the gas of the wallets' transactions."),
                    (FlowKind.Unknown, missing, $"The wallets hold less than their logs account for since block {left.AfterBlock}.")),
            ]);
    }

    private List<object> Classified(ReconcileBalances command, params ReadOnlySpan<(FlowKind Kind, UInt256 Amount, string Why)> parts)
    {
        var at = command.Block.TimestampSeconds;
        var ledger = Passed(at);
        var events = new List<object>();
        foreach (var (kind, amount, why) in parts)
        {
            var id = $"balance/{command.Block.Hash}/{kind}";
            var flow = new Flow(id, kind, Wallets[0].Wallet, null, null, amount, UInt256.Zero, command.Evidence, why);
            flow = Following.Of(flow, Policy, at);
            (ledger, var granted) = ledger.Post(flow, null, at);
            events.Add(new FlowClassified(command.AwardId, flow, granted, command.Block));
        }

        return events;
    }
}

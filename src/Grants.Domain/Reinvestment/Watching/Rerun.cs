using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Locks;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

// --- Commands ---

/// <summary>A final transaction of the past, whole.</summary>
public sealed record PastTransaction(IReadOnlyList<Observation> Observations, BlockRef Block);

/// <summary>Tells the flows of an award again, with what the space has come to know.</summary>
/// <param name="Version">Of the space's list.</param>
/// <param name="Entries">All that it holds by then.</param>
/// <param name="FromBlock">The earliest block of which something may be told otherwise.</param>
/// <param name="History">The award's events so far.</param>
/// <param name="Transactions">All from that block on that have to do with the wallets, in the order of the chain.</param>
/// <param name="Block">The last block that the history holds.</param>
public sealed record RerunFlows(
    Hash32 AwardId,
    int Version,
    ValueList<WatchEntry> Entries,
    long FromBlock,
    IReadOnlyList<object> History,
    IReadOnlyList<PastTransaction> Transactions,
    BlockRef Block);

// --- Events ---

/// <summary>A flow is told otherwise than before. What was told then stays in its own event, and so do the verdicts on it.</summary>
/// <param name="Version">Of the space's list.</param>
/// <param name="Before">Null where there was no such flow.</param>
/// <param name="After">Null where there is none any more.</param>
/// <param name="Granted">How much of it was granted tokens; null where there is none any more.</param>
/// <param name="FlowBlock">The flow's.</param>
/// <param name="Block">After which it is told so.</param>
public sealed record FlowReclassified(
    Hash32 AwardId,
    int Version,
    Flow? Before,
    Flow? After,
    GrantParts? Granted,
    BlockRef FlowBlock,
    BlockRef Block,
    bool WithFlashLoan = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool InOwnPool = false)
{
    /// <summary>The flow as it is told now.</summary>
    public FlowClassified Told(Flow after) => new(AwardId, after, Granted!, FlowBlock, WithFlashLoan, InOwnPool);
}

/// <summary>From where the changes since a breach are counted, as it would have been found if all had been known then.</summary>
public sealed record RestatedBaseline(string BreachId, BreachBaseline Baseline);

/// <summary>The books of an award as all its flows make them, those that are told otherwise included.</summary>
/// <param name="Version">Of the space's list, with which flows are told from here on.</param>
/// <param name="Changes">How many flows are told otherwise.</param>
/// <param name="Wallets">Those that joined by themselves and are known to be somebody else's are not among them any more.</param>
/// <param name="Pursuit">Where what went to somebody unknown is followed.</param>
/// <param name="Baselines">Of the breaches that are not over: being told otherwise cures nothing.</param>
public sealed record FlowsRerun(
    Hash32 AwardId,
    int Version,
    ValueList<WatchEntry> Entries,
    long FromBlock,
    int Changes,
    Ledger Ledger,
    ImmutableList<string> DisposalIds,
    ImmutableList<string> PositionIds,
    ImmutableList<LedgerMark> Marks,
    EvidenceTree Evidence,
    ImmutableList<OpenLoan> Loans,
    ValueList<RestatedBaseline> Baselines,
    BlockRef Block,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValueList<MonitoredWallet>? Wallets = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] Pursuit? Pursuit = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValueList<LiquidityToken>? LiquidityTokens = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] ValueList<SequencerLock>? SequencerLocks = null);

/// <summary>
/// The past of an award, told again. It lives through its own events once more, up to the block in question as they are; from there on
/// the transactions are told anew where their blocks come, between the wallets that were linked, the clock that stood and the
/// checkpoints, which leave their marks again. Breaches stay what people and checkpoints made of them.
/// </summary>
public static class Rerun
{
    /// <summary>The flows of a history as they are told now, in the order of the chain.</summary>
    public static IReadOnlyList<FlowClassified> FlowsOf(IEnumerable<object> history)
    {
        var flows = new Dictionary<string, FlowClassified>(StringComparer.Ordinal);
        foreach (var data in history)
        {
            if (data is FlowClassified classified)
                flows[classified.Flow.Id] = classified;
            if (data is not FlowReclassified changed)
                continue;
            if (changed.Before is { Id: var id })
                flows.Remove(id);
            if (changed.After is { } after)
                flows[after.Id] = changed.Told(after);
        }

        return
        [
            .. flows.Values.OrderBy(PlaceOf).ThenBy(flow => flow.Flow.Evidence.LogIndex).ThenBy(flow => flow.Flow.Kind),
        ];
    }

    internal static ReinvestmentMonitor Evolve(ReinvestmentMonitor state, FlowsRerun rerun) => state with
    {
        Listed = rerun.Entries,
        ListVersion = rerun.Version,
        Ledger = rerun.Ledger,
        DisposalIds = rerun.DisposalIds,
        PositionIds = rerun.PositionIds,
        Marks = rerun.Marks,
        Evidence = rerun.Evidence,
        Loans = rerun.Loans,
        Wallets = rerun.Wallets is { } wallets ? [.. wallets] : state.Wallets,
        Pursuit = rerun.Pursuit ?? state.Pursuit,
        LiquidityTokens = rerun.LiquidityTokens is { } tokens ? [.. tokens] : state.LiquidityTokens,
        SequencerLocks = rerun.SequencerLocks is { } locks ? [.. locks] : state.SequencerLocks,
        Breaches = state.Breaches.ConvertAll(breach =>
            rerun.Baselines.FirstOrDefault(one => one.BreachId == breach.BreachId) is { } restated
                ? breach with { Baseline = restated.Baseline }
                : breach),
        FlowsSinceCheckpoint = state.FlowsSinceCheckpoint + rerun.Changes,
    };

    internal static Decision Decide(RerunFlows command, ReinvestmentMonitor state)
    {
        var before = FlowsOf(command.History);
        var told = new List<FlowClassified>();
        ReinvestmentMonitor? replay = null;
        var due = DueOf(command, before);
        var elsewhere = 0L; // the last block of the other chain that was told by then
        var baselines = new Dictionary<string, (BreachBaseline Was, BreachBaseline Is, string BreachId)>(StringComparer.Ordinal);
        var review = new SanctionReview();
        foreach (var data in command.History)
        {
            if (data is BreachOpened { Breach: var breach } && replay?.RuleOf(breach) is { } rule)
            {
                baselines[rule.RuleId] = Restated(breach, rule, replay, baselines.GetValueOrDefault(rule.RuleId));
                review.Opened(breach, rule, baselines[rule.RuleId].Is, replay);
            }

            if (data is BreachConfirmed confirmed)
                review.Confirmed(confirmed, replay!);

            elsewhere = Math.Max(elsewhere, ElsewhereOf(data));
            if (!ShapesTheBooks(data, command.FromBlock) || (data is ClusterMemberAdded member && IsKnownToBeAnothers(member, replay!)))
                continue;
            Live((data is ClockResumed resumed ? resumed.Block.Number - 1 : BlockOf(data), elsewhere));
            if (data is FollowedFlowMoved { Outcome: FollowedOutcome.Exchange or FollowedOutcome.NotLanded } moved
                && replay!.Ledger.IsFollowed(moved.FlowId))
            {
                var left = told.FindIndex(flow => flow.Flow.Id == moved.FlowId);
                told[left] = Following.ToldAgain(told[left], moved);
            }

            replay = ReinvestmentMonitor.Evolve(replay, data);
            if (data is MonitoringStarted)
                replay = replay! with { Listed = command.Entries, ListVersion = command.Version };
        }

        Live((command.Block.Number, long.MaxValue));
        var changes = Differences(before, told, command);
        ValueList<RestatedBaseline> restated =
        [
            .. baselines.Values.Where(one => state.Breaches.Any(breach => breach.BreachId == one.BreachId))
                .Select(one => new RestatedBaseline(one.BreachId, one.Is)),
        ];
        return Decision.Accept([.. changes, Books(replay!, changes.Count, restated, command), .. review.Questions(command)]);

        void Live((long, long) upTo)
        {
            while (due.TryPeek(out var next) && next.Place.CompareTo(upTo) <= 0 && replay is not null)
            {
                foreach (var data in due.Dequeue().Tell(replay))
                {
                    if (data is FlowClassified flow)
                        told.Add(flow);
                    replay = ReinvestmentMonitor.Evolve(replay, data)!;
                }
            }
        }
    }

    // What was told of the other chain comes after the block of the chain that pays by which it was told. Nothing that a space lists is of
    // there: it stays as it was told.
    private static (long Block, long Elsewhere) PlaceOf(FlowClassified flow) =>
        (flow.Block.Number, flow.IsElsewhere ? flow.Flow.Evidence.BlockNumber : 0);

    private static long ElsewhereOf(object data) => data switch
    {
        FlowClassified { IsElsewhere: true } classified => classified.Flow.Evidence.BlockNumber,
        FollowedFlowMoved { IsElsewhere: true } moved => moved.Evidence.BlockNumber,
        WalletLinked { Elsewhere: { } linked } => linked.Block.Number,
        _ => 0,
    };

    private static Queue<((long Block, long Elsewhere) Place, Func<ReinvestmentMonitor, IEnumerable<object>> Tell)> DueOf(
        RerunFlows command, IReadOnlyList<FlowClassified> before) => new(
        [
            .. command.Transactions.Where(past => past.Block.Number >= command.FromBlock)
                .Select(past => (
                    Place: (past.Block.Number, 0L), Tell: (Func<ReinvestmentMonitor, IEnumerable<object>>)(one => Tell(past, one))))
                .Concat(before.Where(flow => flow.Block.Number < command.FromBlock || IsOfNoTransaction(flow) || flow.IsElsewhere)
                    .Select(flow => (PlaceOf(flow), (Func<ReinvestmentMonitor, IEnumerable<object>>)(_ => [flow]))))
                .OrderBy(one => one.Item1),
        ]);

    private static IEnumerable<object> Tell(PastTransaction past, ReinvestmentMonitor replay) => ReinvestmentMonitor
        .Decide(new RecordTransaction(replay.AwardId, past.Observations, past.Block), replay).Events
        .Where(data => data is FlowClassified or LiquidityTokenChanged);

    // What the wallets' balances showed after a block: no log tells it, and it stays as it was found.
    private static bool IsOfNoTransaction(FlowClassified flow) => flow.Flow.Evidence.TransactionHash == Hash32.Zero;

    private static bool ShapesTheBooks(object data, long fromBlock) =>
        (data is LiquidityTokenChanged changed && changed.Block.Number < fromBlock) || data is LpDrift ||
        data is MonitoringStarted or WalletLinked or ClusterMemberAdded or FollowedFlowMoved
            or CheckpointEvaluated or ClockPaused or ClockResumed;

    private static long BlockOf(object data) => data switch
    {
        WalletLinked linked => linked.Block.Number,
        ClusterMemberAdded member => member.Block.Number - 1,
        FollowedFlowMoved moved => moved.Block.Number,
        LiquidityTokenChanged changed => changed.Block.Number,
        LpDrift drift => drift.Block.Number,
        CheckpointEvaluated evaluated => evaluated.Block.Number,
        ClockPaused paused => paused.Block.Number,
        _ => -1,
    };

    private static bool IsKnownToBeAnothers(ClusterMemberAdded member, ReinvestmentMonitor replay) =>
        !replay.ScopeAt(member.Block.Number).IsStranger(member.Wallet);

    // Within a transaction, what is gone and what has come are one flow told otherwise, in their order.
    private static IReadOnlyList<FlowReclassified> Differences(
        IReadOnlyList<FlowClassified> before, IReadOnlyList<FlowClassified> told, RerunFlows command)
    {
        var (old, now) = (before.Select(flow => flow.Flow).ToHashSet(), told.Select(flow => flow.Flow).ToHashSet());
        var gone = before.Where(flow => !now.Contains(flow.Flow)).ToLookup(flow => flow.Flow.Evidence.TransactionHash);
        var come = told.Where(flow => !old.Contains(flow.Flow)).ToLookup(flow => flow.Flow.Evidence.TransactionHash);
        return
        [
            .. before.Concat(told).OrderBy(PlaceOf).ThenBy(flow => flow.Flow.Evidence.LogIndex)
                .Select(flow => flow.Flow.Evidence.TransactionHash)
                .Distinct()
                .SelectMany(transaction => Enumerable.Range(0, Math.Max(gone[transaction].Count(), come[transaction].Count()))
                    .Select(i => (Was: gone[transaction].ElementAtOrDefault(i), Is: come[transaction].ElementAtOrDefault(i))))
                .Select(pair => new FlowReclassified(
                    command.AwardId,
                    command.Version,
                    pair.Was?.Flow,
                    pair.Is?.Flow,
                    pair.Is?.Granted,
                    (pair.Was ?? pair.Is)!.Block,
                    command.Block,
                    pair.Is?.WithFlashLoan ?? false,
                    pair.Is?.InOwnPool ?? false)),
        ];
    }

    // A breach that opened again counts from where it first did. The checkpoint before the opening has moved the replay to its block.
    private static (BreachBaseline Was, BreachBaseline Is, string BreachId) Restated(
        Breach breach, PolicyRule rule, ReinvestmentMonitor replay, (BreachBaseline Was, BreachBaseline Is, string BreachId) earlier)
    {
        if (breach.Baseline == earlier.Was)
            return earlier with { BreachId = breach.BreachId };
        var (ledger, account) = (replay.Ledger, replay.Ledger.Under(Convention.Floor));
        var shortfall = new RuleCheck(replay.InForce, ledger, replay.Marks).Outstanding(rule, null);
        var found = new BreachBaseline(
            ledger.Read(Convention.Floor), ledger.ReleasedSeconds, account.EligibleSeconds, shortfall, account.HeldSeconds);
        return (breach.Baseline, found, breach.BreachId);
    }

    private static FlowsRerun Books(
        ReinvestmentMonitor replay, int changes, ValueList<RestatedBaseline> baselines, RerunFlows command) => new(
        command.AwardId,
        command.Version,
        command.Entries,
        command.FromBlock,
        changes,
        replay.Ledger,
        replay.DisposalIds,
        replay.PositionIds,
        replay.Marks,
        replay.Evidence,
        replay.Loans,
        baselines,
        command.Block,
        [.. replay.Wallets],
        replay.Pursuit,
        [.. replay.LiquidityTokens],
        [.. replay.SequencerLocks]);
}

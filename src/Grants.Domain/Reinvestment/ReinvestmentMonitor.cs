using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Bridging;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Pools;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>What the wallets of one award do with what they were paid, and whether that keeps the policy of the award.</summary>
public sealed partial record ReinvestmentMonitor(
    string Id,
    Hash32 AwardId,
    Address Token,
    Address Vault,
    Address Treasury,
    UInt256 Amount,
    ReinvestmentPolicy Policy,
    ImmutableList<MonitoredWallet> Wallets,
    Ledger Ledger,
    ImmutableList<Breach> Breaches)
{
    public BlockRef? LastCheckpoint { get; init; }

    public int FlowsSinceCheckpoint { get; init; }

    /// <summary>The ids of the flows that disposed of granted tokens under <see cref="Convention.Floor"/>.</summary>
    public ImmutableList<string> DisposalIds { get; init; } = [];

    /// <summary>The ids of the flows that released tokens or changed a position.</summary>
    public ImmutableList<string> PositionIds { get; init; } = [];

    /// <summary>One a day while a rule looks back; oldest first.</summary>
    public ImmutableList<LedgerMark> Marks { get; init; } = [];

    /// <summary>The rules that the last checkpoint found broken under <see cref="Convention.Prorata"/> alone.</summary>
    public ImmutableList<string> Warned { get; init; } = [];

    /// <summary>Over the ids of all flows.</summary>
    public EvidenceTree Evidence { get; init; } = EvidenceTree.Empty;

    /// <summary>What the wallets owe in the lending market of the policy.</summary>
    public ImmutableList<OpenLoan> Loans { get; init; } = [];

    /// <summary>What the wallets have in the locks of sequencers.</summary>
    public ImmutableList<SequencerLock> SequencerLocks { get; init; } = [];

    /// <summary>What its space knows beyond the policy: with these flows are told.</summary>
    public ValueList<WatchEntry> Listed { get; init; } = [];

    /// <summary>The version of the space's list that they are of.</summary>
    public int ListVersion { get; init; }

    /// <summary>What the grantee said of flows to somebody unknown.</summary>
    public ImmutableList<FlowLabelled> FlowLabels { get; init; } = [];

    /// <summary>The ids of the logs that told of a wallet's control.</summary>
    public ImmutableList<string> ControlSeen { get; init; } = [];

    /// <summary>Where what went to somebody unknown is followed, and the exchanges that it led to.</summary>
    public Pursuit Pursuit { get; init; } = Pursuit.None;

    /// <summary>Who may take tokens from the wallets, of whom nothing is known.</summary>
    public ImmutableList<SpenderApproved> Approvals { get; init; } = [];

    /// <summary>The wallets' positions between prices.</summary>
    public ImmutableList<LiquidityToken> LiquidityTokens { get; init; } = [];

    /// <summary>The ids of the logs that told of them.</summary>
    public ImmutableList<string> LiquiditySeen { get; init; } = [];

    /// <summary>What the wallets hold of pools, as of the last checkpoint that asked.</summary>
    public ImmutableList<PoolShare> Pools { get; init; } = [];

    /// <summary>The policy with what is listed besides.</summary>
    [JsonIgnore]
    public ReinvestmentPolicy InForce => WatchList.On(Policy, Listed);

    /// <summary>Seconds since 1970 from which on no time counts; null while it runs.</summary>
    public long? PausedAt { get; init; }

    /// <summary>Whether a breach holds the award.</summary>
    [JsonIgnore]
    public bool IsHeld => Breaches.Any(breach => breach.Status switch
    {
        BreachStatus.Open => RuleOf(breach)?.Rung(SanctionKind.Gate) is not null,
        BreachStatus.Confirmed => true,
        _ => false,
    });

    /// <summary>The most, base units, that may have been released in all: no more than is, while a breach holds the award.</summary>
    public UInt256 ComplianceCap(UInt256 amount, UInt256 released) => IsHeld ? released : amount;

    /// <summary>The rule that a breach is of.</summary>
    public PolicyRule? RuleOf(Breach breach) => Policy.RuleOf(breach.BrokenRuleId);

    /// <summary>The stream of an award's monitoring.</summary>
    public static string StreamId(Hash32 awardId) => $"reinvestment/{awardId}";

    // --- Decide ---

    public static Decision Decide(StartMonitoring command, ReinvestmentMonitor? state)
    {
        if (state is not null)
            return state.IsStartedBy(command) ? Decision.Nothing : new MonitoringExists(command.AwardId);
        if (command.Policy.Validate() is { } problem)
            return problem;
        if (command.Amount.IsZero)
            return new InvalidValue("amount", "An award of nothing is not monitored.");
        if (command.Token.IsZero || command.Vault.IsZero || command.Treasury.IsZero)
            return new InvalidValue("token", "Token, vault and treasury must not be the zero address.");
        if (command.Wallets.Count == 0 || command.Wallets.DistinctBy(wallet => wallet.Wallet).Count() != command.Wallets.Count)
            return new InvalidValue("wallets", "There must be at least one wallet, and none twice.");
        foreach (var (wallet, _) in command.Wallets)
        {
            if (!IsLinkable(wallet, command.Policy, command.Token, command.Vault, command.Treasury))
                return new WalletNotLinkable(wallet);
        }

        return Decision.Accept(new MonitoringStarted(
            command.AwardId,
            command.Wallets,
            command.Token,
            command.Vault,
            command.Treasury,
            command.Amount,
            command.Policy,
            command.Policy.Hash,
            command.Block));
    }

    public static Decision Decide(RecordTransaction command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var keys = command.Observations.Select(observation => observation.Key).ToList();
        if (keys.Any(key => key.BlockHash != command.Block.Hash || key.TransactionHash != keys[0].TransactionHash))
            return new InvalidValue("observations", "All observations must be of one transaction in the block.");
        if (state.ScopeOf(command) is not { } scope)
            return new InvalidValue("observations", $"The policy says nothing of chain {keys[0].ChainId}.");
        var (policy, at) = (scope.Policy, command.ToldAt.TimestampSeconds);
        var control = Control.Of(command, state, scope);
        var joining = Newcomers.Joining(command, scope);
        scope = scope with { Wallets = [.. scope.Wallets, .. joining.Select(member => member.Wallet)] };
        joining = [.. joining, .. RewardRecipients.Joining(command, state, scope)];
        var ledger = state.Passed(at);
        var events = new List<object>([.. control, .. Watching.Approvals.Of(command, state, scope), .. joining]);
        var (told, positions) = Classification.Tell(command.Observations, scope);
        var ownPools = OwnPools.SwappedIn(command.Observations, state);
        foreach (var flow in told.Where(flow => !state.Ledger.Seen.Contains(flow.Id))
            .Select(flow => Crossings.Of(Following.Of(flow, policy, at), scope, state.Policy, at)))
        {
            (ledger, var parts) = ledger.Post(flow, VenueOf(flow, policy), at);
            events.Add(new FlowClassified(
                command.AwardId, flow, parts, command.ToldAt, command.Observations.OfType<FlashLent>().Any(),
                OwnPools.IsTradeIn(ownPools, flow, command.Observations)));
        }

        if (command.Clock is null)
            events.AddRange(positions.News(state, command.Block));
        return Decision.Accept([.. events, .. Following.Moves(command, state, scope, ledger, [.. events.OfType<FlowClassified>()])]);
    }

    public static Decision Decide(NoteCrossings command, ReinvestmentMonitor? state) => Crossings.Decide(command, state);

    public static Decision Decide(LabelFlow command, ReinvestmentMonitor? state) => Watching.FlowLabels.Decide(command, state);

    public static Decision Decide(RerunFlows command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        return state.ListVersion >= command.Version ? Decision.Nothing : Rerun.Decide(command, state);
    }

    // --- Evolve ---

    public static ReinvestmentMonitor? Evolve(ReinvestmentMonitor? state, object @event) => @event switch
    {
        MonitoringStarted started => Started(started),
        WalletLinked linked => state!.With(linked),
        ClusterMemberAdded member => state! with
        {
            Wallets = state.Wallets.Add(new MonitoredWallet(member.Wallet, 0, member.Block.Number - 1, Joined: true)),
        },
        FlowClassified classified => state!.With(classified),
        LiquidityTokenChanged changed => RangePositions.Evolve(state!, changed),
        LpDrift drift => state! with { Ledger = state.Ledger.Tick(drift.Block.TimestampSeconds).WithDrift(drift.Pool, drift.Shortfall) },
        FollowedFlowMoved moved => Following.Evolve(state!, moved, state!.Passed(moved.Block.TimestampSeconds)),
        FlowLabelled labelled => state! with { FlowLabels = state.FlowLabels.Add(labelled) },
        SpenderApproved approved => state! with { Approvals = Watching.Approvals.After(state.Approvals, approved) },
        ControlChanged changed => state! with
        {
            ControlSeen = state.ControlSeen.Add(changed.Evidence.EventId("control").ToString()),
        },
        CheckpointEvaluated evaluated => state!.With(evaluated),
        FlowsRerun rerun => Rerun.Evolve(state!, rerun),
        BreachOpened opened => state! with
        {
            Breaches = state.Breaches.RemoveAll(breach => breach.BrokenRuleId == opened.Breach.BrokenRuleId).Add(opened.Breach),
        },
        BreachCured { IsRuleKept: true } cured => state! with
        {
            Breaches = state.Breaches.RemoveAll(breach => breach.BreachId == cured.BreachId),
        },
        ClockPaused paused => state! with
        {
            PausedAt = paused.Block.TimestampSeconds,
            Ledger = state.Ledger.Tick(paused.Block.TimestampSeconds),
        },
        ClockResumed resumed => state! with
        {
            PausedAt = null,
            Ledger = state.Ledger.Tick(resumed.From).Skip(resumed.Block.TimestampSeconds),
            Breaches = state.Breaches.ConvertAll(breach => breach.Evolve(resumed)),
        },
        _ => state is null ? null : state with { Breaches = state.Breaches.ConvertAll(breach => breach.Evolve(@event)) },
    };

    /// <param name="ledger">At the time in question: what it still follows shows nothing yet.</param>
    internal ImmutableList<string> EvidenceOf(PolicyRule rule, Ledger ledger)
    {
        var disposals = DisposalIds.RemoveAll(ledger.IsFollowed);
        return rule.Kind switch
        {
            RuleKind.MaxDisposal or RuleKind.MaxSale => disposals,
            RuleKind.MinRetention => [.. PositionIds, .. disposals.Except(PositionIds)],
            _ => PositionIds,
        };
    }

    private static ReinvestmentMonitor Started(MonitoringStarted started) => new(
        StreamId(started.AwardId),
        started.AwardId,
        started.Token,
        started.Vault,
        started.Treasury,
        started.Amount,
        started.Policy,
        [.. started.Wallets.Select(wallet => new MonitoredWallet(wallet.Wallet, wallet.Amount, started.Block.Number))],
        started.Wallets.Aggregate(Ledger.Empty, (ledger, wallet) =>
            ledger.ApplyOpeningBalance(wallet.Wallet, wallet.Amount, started.Block.TimestampSeconds)),
        []);

    private static PolicyVenue? VenueOf(Flow flow, ReinvestmentPolicy policy) =>
        flow.Venue is { } venue ? policy.VenueAnywhere(venue) : null;

    private bool IsStartedBy(StartMonitoring command) =>
        Token == command.Token
        && Vault == command.Vault
        && Treasury == command.Treasury
        && Amount == command.Amount
        && Policy.Equals(command.Policy)
        && command.Wallets.All(asked => Wallets.Any(known => known.Wallet == asked.Wallet));

    /// <summary>The ledger at a time: while the clock is paused, time passes and counts for nobody.</summary>
    private Ledger Passed(long at) => PausedAt is null ? Ledger.Tick(at) : Ledger.Skip(at);

    private ReinvestmentMonitor With(FlowClassified classified)
    {
        var flow = classified.Flow;
        var at = classified.Block.TimestampSeconds;
        var disposes = !classified.Granted.Floor.IsZero && flow.Kind is FlowKind.Sale or FlowKind.SharesSold or FlowKind.SharesOut
            or FlowKind.BridgeOut or FlowKind.ExchangeOut or FlowKind.Unknown;
        var before = Passed(at);
        var ledger = before.Apply(flow, VenueOf(flow, InForce), at);
        // What has come back disposed of nothing.
        var disposals = flow.Kind is FlowKind.OwnIn or FlowKind.BridgeIn
            ? DisposalIds.RemoveAll(id => before.IsFollowed(id) && !ledger.IsFollowed(id))
            : DisposalIds;
        return this with
        {
            Ledger = ledger,
            FlowsSinceCheckpoint = FlowsSinceCheckpoint + 1,
            DisposalIds = disposes ? disposals.Add(flow.Id) : disposals,
            LiquidElsewhere = classified.IsElsewhere ? Crossings.LiquidAfter(LiquidElsewhere, flow) : LiquidElsewhere,
            PositionIds = flow.Kind == FlowKind.Release || flow.Venue is not null ? PositionIds.Add(flow.Id) : PositionIds,
            Evidence = Evidence.Add(flow.Id),
            Loans = flow is { Kind: FlowKind.Debt, Counterparty: { } asset } ? OpenLoan.Changed(Loans, asset, flow.Shares) : Loans,
            SequencerLocks = Locks.SequencerLocks.After(SequencerLocks, flow),
            Pursuit = Pursuit.After(classified),
        };
    }
}

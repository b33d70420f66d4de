using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>A wallet and what it held of the incentive token at the block from which on it is watched, base units.</summary>
public sealed record WalletBalance(Address Wallet, UInt256 Amount);

/// <param name="Wallets">The recipient's; their balances are their own.</param>
/// <param name="Treasury">Where returned tokens go.</param>
/// <param name="Amount">The award's, base units.</param>
/// <param name="Block">The finalized block of the balances; what comes after it is watched.</param>
public sealed record StartMonitoring(
    Hash32 AwardId,
    IReadOnlyList<WalletBalance> Wallets,
    Address Token,
    Address Vault,
    Address Treasury,
    UInt256 Amount,
    ReinvestmentPolicy Policy,
    BlockRef Block);

/// <summary>Another wallet of the same person, who has proved that it is theirs.</summary>
/// <param name="LinkedBy">The wallet that asked for it.</param>
/// <param name="Block">The finalized block of the balance, the last whose transactions are recorded.</param>
public sealed record LinkWallet(Hash32 AwardId, WalletBalance Wallet, Address LinkedBy, BlockRef Block);

/// <summary>One finalized transaction, whole. Transactions come in the order of the chain.</summary>
public sealed record RecordTransaction(Hash32 AwardId, IReadOnlyList<Observation> Observations, BlockRef Block);

/// <summary>Holds the policy against the ledger after all transactions of a finalized block.</summary>
public sealed record EvaluateCheckpoint(Hash32 AwardId, BlockRef Block);

public sealed record MonitoringStarted(
    Hash32 AwardId,
    IReadOnlyList<WalletBalance> Wallets,
    Address Token,
    Address Vault,
    Address Treasury,
    UInt256 Amount,
    ReinvestmentPolicy Policy,
    Hash32 PolicyHash,
    BlockRef Block);

public sealed record WalletLinked(Hash32 AwardId, WalletBalance Wallet, Address LinkedBy, BlockRef Block);

/// <param name="Granted">How much of the flow was granted tokens.</param>
public sealed record FlowClassified(Hash32 AwardId, Flow Flow, GrantParts Granted, BlockRef Block);

/// <param name="Readings">One a convention.</param>
/// <param name="BrokenRules">The rules that are broken as they are written, whether or not that was made good.</param>
public sealed record CheckpointEvaluated(
    Hash32 AwardId,
    string PolicyId,
    int PolicyVersion,
    IReadOnlyList<LedgerReading> Readings,
    IReadOnlyList<BreachRule> BrokenRules,
    BlockRef Block);

/// <param name="Breach">The breach as it opens.</param>
/// <param name="Why">What is wrong, and what would cure it.</param>
public sealed record BreachOpened(Hash32 AwardId, Breach Breach, string Why, BlockRef Block);

/// <param name="Credit">Base units made good since the opening.</param>
/// <param name="IsRuleKept">Whether the rule itself is kept again: then the breach is forgotten.</param>
public sealed record BreachCured(Hash32 AwardId, string BreachId, BreachRule Rule, UInt256 Credit, bool IsRuleKept, BlockRef Block);

/// <param name="Outstanding">Base units that were not made good.</param>
/// <param name="EvidenceIds">The ids of the flows that it rests on.</param>
public sealed record BreachConfirmed(
    Hash32 AwardId, string BreachId, BreachRule Rule, UInt256 Outstanding, IReadOnlyList<string> EvidenceIds, BlockRef Block);

public sealed record MonitoringExists(Hash32 AwardId)
    : Rejection("MONITORING_EXISTS", "This award is already monitored on other terms.");

public sealed record WalletNotLinkable(Address Wallet)
    : Rejection("WALLET_NOT_LINKABLE", $"{Wallet} is a token, vault, treasury, venue or labelled address and can be nobody's wallet.");

/// <summary>A wallet of the award.</summary>
/// <param name="SinceBlock">Transactions after this block are watched.</param>
public sealed record MonitoredWallet(Address Wallet, UInt256 OpeningBalance, long SinceBlock);

/// <summary>What the wallets of one award do with what they were paid, and whether that keeps the policy of the award.</summary>
public sealed record ReinvestmentMonitor(
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
    private const long SecondsBetweenCheckpoints = 86_400;

    public BlockRef? LastCheckpoint { get; init; }

    public int FlowsSinceCheckpoint { get; init; }

    /// <summary>The ids of the flows that disposed of granted tokens under <see cref="Convention.Floor"/>.</summary>
    public ImmutableList<string> DisposalIds { get; init; } = [];

    /// <summary>The ids of the flows that released tokens or changed a position.</summary>
    public ImmutableList<string> PositionIds { get; init; } = [];

    /// <summary>Whether a breach holds the award.</summary>
    [JsonIgnore]
    public bool IsHeld => Breaches.Any(breach => breach.Status != BreachStatus.Cured);

    /// <summary>The most, base units, that may have been released in all: no more than is, while a breach holds the award.</summary>
    public UInt256 ComplianceCap(UInt256 amount, UInt256 released) => IsHeld ? released : amount;

    /// <summary>The stream of an award's monitoring.</summary>
    public static string StreamId(Hash32 awardId) => $"reinvestment/{awardId}";

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

    public static Decision Decide(LinkWallet command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var wallet = command.Wallet.Wallet;
        if (state.Wallets.Any(known => known.Wallet == wallet))
            return Decision.Nothing;
        return IsLinkable(wallet, state.Policy, state.Token, state.Vault, state.Treasury)
            ? Decision.Accept(new WalletLinked(command.AwardId, command.Wallet, command.LinkedBy, command.Block))
            : new WalletNotLinkable(wallet);
    }

    public static Decision Decide(RecordTransaction command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        var keys = command.Observations.Select(observation => observation.Key).ToList();
        if (keys.Any(key => key.BlockHash != command.Block.Hash || key.TransactionHash != keys[0].TransactionHash))
            return new InvalidValue("observations", "All observations must be of one transaction in the block.");
        var wallets = state.Wallets.Where(wallet => wallet.SinceBlock < command.Block.Number).Select(wallet => wallet.Wallet);
        var scope = new AwardScope(state.Token, state.Vault, state.Treasury, [.. wallets], state.Policy);
        var ledger = state.Ledger;
        var events = new List<object>();
        foreach (var flow in Classification.Classify(command.Observations, scope).Where(flow => !state.Ledger.Seen.Contains(flow.Id)))
        {
            (ledger, var parts) = ledger.Post(flow, VenueOf(flow, state.Policy), command.Block.TimestampSeconds);
            events.Add(new FlowClassified(command.AwardId, flow, parts, command.Block));
        }

        return Decision.Accept(events);
    }

    public static Decision Decide(EvaluateCheckpoint command, ReinvestmentMonitor? state)
    {
        if (state is null)
            return new NotFound("monitoring");
        if (state.Ledger.Released.IsZero || command.Block.TimestampSeconds < state.Ledger.Time)
            return Decision.Nothing;
        var ledger = state.Ledger.Tick(command.Block.TimestampSeconds);
        var rules = Enum.GetValues<BreachRule>();
        var changes = state.Breaches.Any(breach => breach.Status == BreachStatus.Confirmed)
            ? []
            : rules.SelectMany(rule => state.ChangesOf(rule, ledger, command.Block)).ToList();
        var isDayOver = state.LastCheckpoint is not { } last
            || command.Block.TimestampSeconds - last.TimestampSeconds >= SecondsBetweenCheckpoints;
        if (changes.Count == 0 && state.FlowsSinceCheckpoint == 0 && !isDayOver)
            return Decision.Nothing;
        var checkpoint = new CheckpointEvaluated(
            command.AwardId,
            state.Policy.PolicyId,
            state.Policy.Version,
            [.. Enum.GetValues<Convention>().Select(ledger.Read)],
            [.. rules.Where(rule => PolicyCheck.IsBroken(rule, state.Policy, ledger))],
            command.Block);
        return Decision.Accept([checkpoint, .. changes]);
    }

    public static ReinvestmentMonitor? Evolve(ReinvestmentMonitor? state, object @event) => @event switch
    {
        MonitoringStarted started => Started(started),
        WalletLinked linked => state! with
        {
            Wallets = state.Wallets.Add(new MonitoredWallet(linked.Wallet.Wallet, linked.Wallet.Amount, linked.Block.Number)),
            Ledger = state.Ledger.ApplyOpeningBalance(linked.Wallet.Wallet, linked.Wallet.Amount, linked.Block.TimestampSeconds),
        },
        FlowClassified classified => state!.With(classified),
        CheckpointEvaluated evaluated => state! with
        {
            Ledger = state.Ledger.Tick(evaluated.Block.TimestampSeconds),
            LastCheckpoint = evaluated.Block,
            FlowsSinceCheckpoint = 0,
            Breaches = state.Breaches.RemoveAll(
                breach => breach.Status == BreachStatus.Cured && !evaluated.BrokenRules.Contains(breach.Rule)),
        },
        BreachOpened opened => state! with
        {
            Breaches = state.Breaches.RemoveAll(breach => breach.Rule == opened.Breach.Rule).Add(opened.Breach),
        },
        BreachCured { IsRuleKept: true } cured => state! with { Breaches = state.Breaches.RemoveAll(breach => breach.Rule == cured.Rule) },
        BreachCured cured => state!.WithStatus(cured.Rule, BreachStatus.Cured),
        BreachConfirmed confirmed => state!.WithStatus(confirmed.Rule, BreachStatus.Confirmed),
        _ => state,
    };

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

    private static PolicyVenue? VenueOf(Flow flow, ReinvestmentPolicy policy) => flow.Venue is { } venue ? policy.VenueAt(venue) : null;

    private static bool IsLinkable(Address wallet, ReinvestmentPolicy policy, Address token, Address vault, Address treasury) =>
        !wallet.IsZero
        && wallet != token
        && wallet != vault
        && wallet != treasury
        && policy.VenueAt(wallet) is null
        && policy.LabelOf(wallet) is null;

    private bool IsStartedBy(StartMonitoring command) =>
        Token == command.Token
        && Vault == command.Vault
        && Treasury == command.Treasury
        && Amount == command.Amount
        && Policy.Equals(command.Policy)
        && command.Wallets.All(asked => Wallets.Any(known => known.Wallet == asked.Wallet));

    private IEnumerable<object> ChangesOf(BreachRule rule, Ledger ledger, BlockRef block)
    {
        var earlier = Breaches.FirstOrDefault(breach => breach.Rule == rule);
        var isBroken = PolicyCheck.IsBroken(rule, Policy, ledger);
        var outstanding = isBroken ? PolicyCheck.Outstanding(rule, Policy, ledger, earlier) : UInt256.Zero;
        if (outstanding.IsZero)
        {
            if (earlier?.Status == BreachStatus.Open)
            {
                var credit = earlier.CreditAt(ledger.Read(Convention.Floor));
                yield return new BreachCured(AwardId, earlier.BreachId, rule, credit, !isBroken, block);
            }

            yield break;
        }

        var breach = earlier;
        if (breach?.Status != BreachStatus.Open)
        {
            breach = Opened(rule, ledger, outstanding, earlier, block);
            yield return new BreachOpened(AwardId, breach, breach.Explain(), block);
        }

        if (block.TimestampSeconds >= breach!.CureEndsAt)
            yield return new BreachConfirmed(AwardId, breach.BreachId, rule, outstanding, EvidenceOf(rule), block);
    }

    private Breach Opened(BreachRule rule, Ledger ledger, UInt256 outstanding, Breach? earlier, BlockRef block)
    {
        var reading = ledger.Read(Convention.Floor);
        var isDisposal = rule == BreachRule.MaxDisposal;
        return new Breach(
            $"{AwardId}/{rule}/{block.Number}",
            rule,
            BreachStatus.Open,
            isDisposal ? Policy.MaxDisposal : Policy.MinTimeWeightedReinvestment,
            isDisposal ? reading.DisposalShare : reading.TimeWeightedReinvestment,
            outstanding,
            reading,
            block.TimestampSeconds,
            earlier?.CureEndsAt ?? block.TimestampSeconds + Policy.CurePeriodSeconds,
            earlier?.Baseline
                ?? new BreachBaseline(reading, ledger.ReleasedSeconds, ledger.Under(Convention.Floor).EligibleSeconds, outstanding),
            EvidenceOf(rule));
    }

    private ImmutableList<string> EvidenceOf(BreachRule rule) => rule == BreachRule.MaxDisposal ? DisposalIds : PositionIds;

    private ReinvestmentMonitor With(FlowClassified classified)
    {
        var flow = classified.Flow;
        var disposes = !classified.Granted.Floor.IsZero && flow.Kind is FlowKind.Sale or FlowKind.SharesSold or FlowKind.SharesOut
            or FlowKind.BridgeOut or FlowKind.ExchangeOut or FlowKind.Unknown;
        return this with
        {
            Ledger = Ledger.Apply(flow, VenueOf(flow, Policy), classified.Block.TimestampSeconds),
            FlowsSinceCheckpoint = FlowsSinceCheckpoint + 1,
            DisposalIds = disposes ? DisposalIds.Add(flow.Id) : DisposalIds,
            PositionIds = flow.Kind == FlowKind.Release || flow.Venue is not null ? PositionIds.Add(flow.Id) : PositionIds,
        };
    }

    private ReinvestmentMonitor WithStatus(BreachRule rule, BreachStatus status) => this with
    {
        Breaches = Breaches.ConvertAll(breach => breach.Rule == rule ? breach with { Status = status } : breach),
    };
}

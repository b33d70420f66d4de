using Grants.Domain.Reinvestment.Books;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Policies;

/// <summary>A recorded flow, and its block.</summary>
public sealed record PastFlow(Flow Flow, BlockRef Block);

/// <summary>What a policy would have led to, at worst: each rung of the ladder, and when it was first reached.</summary>
/// <param name="WarnedAt">Seconds since 1970, as the others; null where it never came to that.</param>
/// <param name="ClawedBack">The largest share of what was unreleased.</param>
public sealed record TrialOutcome(
    long? WarnedAt, long? GatedAt, long? PausedAt, long? ClawedBackAt, BasisPoints ClawedBack, long? BlacklistedAt)
{
    /// <summary>Every step of the trial, in order; those that change nothing for the recipient included.</summary>
    public IReadOnlyList<TrialStep> Steps { get; init; } = [];

    /// <summary>Whether both led to the same at the same times, whatever the sentences.</summary>
    public bool IsLike(TrialOutcome other) => this with { Steps = [] } == other with { Steps = [] };
}

/// <param name="At">Seconds since 1970.</param>
/// <param name="What">WARNED, OPENED, CURED, CONFIRMED, LIFTED, or the sanction.</param>
public sealed record TrialStep(long At, string RuleId, string What, string Why);

/// <summary>
/// Runs a policy over recorded flows: once a day, after every flow that disposes of something, and while a breach is open
/// after every flow. Sanctions that people must sign for are taken as signed, and nobody appeals.
/// </summary>
/// <remarks>
/// The flows are taken as they were classified. A venue that the policy does not list counts for nothing; a venue or a label that
/// only the trial's policy knows has left no other flows than were recorded.
/// </remarks>
public sealed class PolicyTrial
{
    private const long Day = 86_400;

    private readonly LedgerBook book = LedgerBook.Begin();
    private readonly ReinvestmentPolicy policy;
    private readonly List<TrialStep> steps = [];
    private ReinvestmentMonitor state;
    private TrialOutcome outcome = new(null, null, null, null, default, null);

    /// <param name="policy">Its signers are taken to have signed.</param>
    /// <param name="own">What the wallets held of their own before, base units.</param>
    public PolicyTrial(ReinvestmentPolicy policy, UInt256 own)
    {
        this.policy = policy with
        {
            Rules = [.. policy.Rules.Select(rule => rule with
            {
                Ladder = [.. rule.Ladder.Select(rung => rung with { SignaturesRequired = 0 })],
            })],
        };
        book.Receive(own);
        var nobody = Address.Zero;
        state = new ReinvestmentMonitor(
            string.Empty, Hash32.Zero, nobody, nobody, nobody, UInt256.One, this.policy, [], Ledger.Empty, []);
    }

    /// <summary>The outcome of a whole history, judged until the end.</summary>
    /// <param name="history">In the order of the chain.</param>
    public static TrialOutcome Run(ReinvestmentPolicy policy, UInt256 own, IEnumerable<PastFlow> history, BlockRef until)
    {
        var trial = new PolicyTrial(policy, own);
        foreach (var past in history)
            trial.Add(past);
        return trial.End(until);
    }

    public void Add(PastFlow past)
    {
        PassDays(past.Block);
        // How long a flow is followed is the trial's policy's to say; how often it was passed on, the record does not tell.
        // What crossed a bridge has come out, or was told again as gone.
        var crossed = past.Flow.Kind == FlowKind.BridgeOut && policy.OtherChain is not null;
        var flow = crossed
            ? past.Flow
            : Following.Of(past.Flow with { CountsFrom = null }, policy, past.Block.TimestampSeconds);
        book.Post(flow, flow.Venue is { } venue ? VenueAt(venue) : null, past.Block.TimestampSeconds);
        if (Disposes(flow.Kind) || !state.Breaches.IsEmpty)
            Judge(past.Block);
    }

    public TrialOutcome End(BlockRef until)
    {
        PassDays(until);
        Judge(until);
        return outcome with { Steps = steps };
    }

    private static bool Disposes(FlowKind kind) => kind is FlowKind.Sale or FlowKind.SharesSold or FlowKind.SharesOut
        or FlowKind.BridgeOut or FlowKind.ExchangeOut or FlowKind.Unknown or FlowKind.Debt;

    private PolicyVenue VenueAt(Address venue) =>
        policy.VenueAnywhere(venue) ?? new PolicyVenue(venue, VenueKind.Vault, default, default, 0);

    private void PassDays(BlockRef next)
    {
        if (book.Released.IsZero)
            return;
        for (var at = book.Time - (book.Time % Day) + Day; at < next.TimestampSeconds; at += Day)
            Judge(next with { TimestampSeconds = at });
    }

    private void Judge(BlockRef block)
    {
        book.Tick(block.TimestampSeconds);
        state = state with { Ledger = book.ToJudge() };
        foreach (var data in ReinvestmentMonitor.Decide(new EvaluateCheckpoint(Hash32.Zero, block), state).Events)
        {
            Note(data, block.TimestampSeconds);
            state = ReinvestmentMonitor.Evolve(state, data)!;
        }
    }

    private void Note(object data, long at)
    {
        switch (data)
        {
            case PolicyWarned warned:
                outcome = outcome with { WarnedAt = outcome.WarnedAt ?? at };
                steps.Add(new TrialStep(at, warned.RuleId, "WARNED", warned.Why));
                break;
            case BreachOpened { Breach: var breach } opened:
                var isGate = policy.RuleOf(breach.BrokenRuleId)?.Rung(SanctionKind.Gate) is not null;
                outcome = outcome with { WarnedAt = outcome.WarnedAt ?? at, GatedAt = outcome.GatedAt ?? (isGate ? at : null) };
                steps.Add(new TrialStep(at, breach.BrokenRuleId, "OPENED", opened.Why));
                break;
            case BreachCured cured:
                steps.Add(new TrialStep(at, cured.RuleId!, "CURED", cured.IsRuleKept ? "The rule is kept again." : "It was made good."));
                break;
            case BreachConfirmed confirmed:
                steps.Add(new TrialStep(at, confirmed.RuleId!, "CONFIRMED", "It was not cured in time."));
                break;
            case SanctionApplied applied:
                Note(applied, at);
                break;
            case SanctionLifted lifted:
                steps.Add(new TrialStep(at, RuleOf(lifted.BreachId), "LIFTED", "The confirmed breach was cured."));
                break;
        }
    }

    private void Note(SanctionApplied applied, long at)
    {
        outcome = applied.Kind switch
        {
            SanctionKind.Pause => outcome with { PausedAt = outcome.PausedAt ?? at },
            SanctionKind.ClawBackUnreleased => outcome with
            {
                ClawedBackAt = outcome.ClawedBackAt ?? at,
                ClawedBack = applied.Share > outcome.ClawedBack ? applied.Share : outcome.ClawedBack,
            },
            _ => outcome with { BlacklistedAt = outcome.BlacklistedAt ?? at },
        };
        var what = applied.Kind switch
        {
            SanctionKind.Pause => "PAUSE",
            SanctionKind.ClawBackUnreleased => $"CLAW_BACK_UNRELEASED {applied.Share}",
            _ => "BLACKLIST",
        };
        steps.Add(new TrialStep(at, RuleOf(applied.BreachId), what, "The breach was confirmed."));
    }

    private static string RuleOf(string breachId) =>
        breachId[(breachId.IndexOf('/', StringComparison.Ordinal) + 1)..breachId.LastIndexOf('/')];
}

using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Judging;

/// <summary>What a checkpoint found about one rule.</summary>
/// <param name="Floor">What it measures under <see cref="Convention.Floor"/>, on which every sanction rests.</param>
/// <param name="Prorata">And under <see cref="Convention.Prorata"/>, which warns.</param>
/// <param name="IsJudged">Whether the grace is over and there is something to measure.</param>
/// <param name="IsBroken">Under <see cref="Convention.Floor"/>, whether or not that was made good.</param>
/// <param name="IsWarned">Under <see cref="Convention.Prorata"/> alone.</param>
public sealed record RuleVerdict(
    string RuleId, RuleKind Kind, BasisPoints Limit, BasisPoints Floor, BasisPoints Prorata, bool IsJudged, bool IsBroken, bool IsWarned);

/// <summary>
/// The rules of a policy against the ledger. Only <see cref="Convention.Floor"/> has consequences: under it nobody can say
/// that those were other tokens.
/// </summary>
internal sealed class RuleCheck(ReinvestmentPolicy policy, Ledger ledger, ImmutableList<LedgerMark> marks)
{
    private readonly LedgerMark now = LedgerMark.Of(ledger);

    public IReadOnlyList<RuleVerdict> Verdicts() => [.. policy.Rules.Select(VerdictOf)];

    public RuleVerdict VerdictOf(PolicyRule rule)
    {
        var window = LedgerMark.Window(rule, ledger, now, marks);
        var (floor, prorata) = (ValueOf(rule, window, Convention.Floor), ValueOf(rule, window, Convention.Prorata));
        var isJudged = IsJudged(rule, window);
        var isBroken = isJudged && IsBeyond(rule, floor);
        var isWarned = isJudged && !isBroken && IsBeyond(rule, prorata);
        return new RuleVerdict(rule.RuleId, rule.Kind, rule.Limit, floor, prorata, isJudged, isBroken, isWarned);
    }

    /// <summary>
    /// Base units still missing, zero when it is made good. A most: what went beyond it, less the credit. A least over time:
    /// the shortfall of the opening, and the asked share of what was released since, less the credit; or nothing, if since the
    /// opening the least was kept and the cure period is over.
    /// </summary>
    public UInt256 Outstanding(PolicyRule rule, Breach? earlier)
    {
        if (earlier is null || rule.Kind == RuleKind.MinReinvestment)
            return Shortfall(rule);
        var reading = ledger.Read(Convention.Floor);
        var credit = earlier.CreditAt(reading);
        if (rule.IsMost)
            return UInt256.SubtractToZero(Shortfall(rule), credit);
        if (ledger.Time >= earlier.CureEndsAt && ShareSince(rule, earlier.Baseline) >= rule.Limit)
            return UInt256.Zero;
        var releasedSince = reading.Released - earlier.Baseline.Reading.Released;
        return UInt256.SubtractToZero(earlier.Baseline.Shortfall + Asked(rule, releasedSince), credit);
    }

    /// <summary>Whether the time of the rule is over: a breach that is open stays, and none is opened.</summary>
    public bool HasLapsed(PolicyRule rule) =>
        rule.LastsSeconds > 0 && ledger.FirstReleaseAt is { } first && ledger.Time >= first + rule.LastsSeconds + ledger.StoodSeconds;

    private static bool IsBeyond(PolicyRule rule, BasisPoints value) => rule.IsMost ? value > rule.Limit : value < rule.Limit;

    private bool IsJudged(PolicyRule rule, (LedgerMark From, LedgerMark To)? window) =>
        ledger.FirstReleaseAt is { } first
        && ledger.Time >= first + rule.GraceSeconds + ledger.StoodSeconds
        && !HasLapsed(rule)
        && window is var (from, to)
        && (rule.IsMost || rule.Kind == RuleKind.MinReinvestment || to.ReleasedSeconds > from.ReleasedSeconds);

    private BasisPoints ValueOf(PolicyRule rule, (LedgerMark From, LedgerMark To)? window, Convention convention)
    {
        if (rule.Kind == RuleKind.MinReinvestment)
            return BasisPoints.Of(EligibleIn(rule.VenueKind, convention), ledger.Released);
        if (window is not var (from, to))
            return default;
        return rule.IsMost
            ? BasisPoints.Of(Measured(rule, from, to, convention), ledger.Released)
            : BasisPoints.Of(Measured(rule, from, to, convention), to.ReleasedSeconds - from.ReleasedSeconds);
    }

    private UInt256 Measured(PolicyRule rule, LedgerMark from, LedgerMark to, Convention convention)
    {
        var (before, after) = (from.Under(convention), to.Under(convention));
        return rule.Kind switch
        {
            RuleKind.MaxDisposal => after.Disposed - before.Disposed + Pledged(rule, convention) + Drifted(rule, convention),
            RuleKind.MaxSale => after.Sold - before.Sold + Pledged(rule, convention) + Drifted(rule, convention),
            RuleKind.MinRetention => after.HeldSeconds - before.HeldSeconds,
            _ => after.EligibleSeconds - before.EligibleSeconds,
        };
    }

    private UInt256 Shortfall(PolicyRule rule)
    {
        if (rule.Kind == RuleKind.MinReinvestment)
            return UInt256.SubtractToZero(Asked(rule, ledger.Released), EligibleIn(rule.VenueKind, Convention.Floor));
        if (LedgerMark.Window(rule, ledger, now, marks) is not var (from, to))
            return UInt256.Zero;
        var measured = Measured(rule, from, to, Convention.Floor);
        return rule.IsMost
            ? UInt256.SubtractToZero(measured, rule.Limit.OfAmount(ledger.Released))
            : UInt256.SubtractToZero(
                Asked(rule, ledger.Released), UInt256.MulDiv(ledger.Released, measured, to.ReleasedSeconds - from.ReleasedSeconds));
    }

    private UInt256 Pledged(PolicyRule rule, Convention convention) => rule.PledgingCounts
        ? ledger.Under(convention).Positions
            .Aggregate(UInt256.Zero, (sum, position) => sum + UInt256.Min(position.Grant, position.Debt))
        : UInt256.Zero;

    private UInt256 Drifted(PolicyRule rule, Convention convention) => rule.DriftCounts
        ? ledger.Under(convention).DriftGrant()
        : UInt256.Zero;

    private UInt256 EligibleIn(VenueKind? kind, Convention convention)
    {
        var sum = ledger.Under(convention).Positions
            .Where(position => kind is null || policy.VenueAnywhere(position.Venue)?.Kind == kind)
            .Aggregate(UInt256.Zero, (sum, position) => sum + position.EligibleAt(ledger.Time, ledger.Released));
        return UInt256.Min(sum, ledger.Released);
    }

    private BasisPoints ShareSince(PolicyRule rule, BreachBaseline baseline)
    {
        var account = ledger.Under(Convention.Floor);
        var since = rule.Kind == RuleKind.MinRetention
            ? account.HeldSeconds - baseline.HeldSeconds
            : account.EligibleSeconds - baseline.EligibleSeconds;
        return BasisPoints.Of(since, ledger.ReleasedSeconds - baseline.ReleasedSeconds);
    }

    // Rounded up: the share that is asked for is never a base unit less.
    private static UInt256 Asked(PolicyRule rule, UInt256 released) =>
        released - new BasisPoints(BasisPoints.Whole - rule.Limit.Value).OfAmount(released);
}

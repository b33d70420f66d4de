using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>
/// The rules of a policy against the ledger. Only <see cref="Convention.Floor"/> counts: under it nobody can say that
/// those were other tokens.
/// </summary>
internal static class PolicyCheck
{
    /// <summary>
    /// Whether a rule is broken as it is written: disposal above the maximum from the first flow on, or, after the grace,
    /// reinvestment over all the time below the minimum.
    /// </summary>
    public static bool IsBroken(BreachRule rule, ReinvestmentPolicy policy, Ledger ledger)
    {
        var reading = ledger.Read(Convention.Floor);
        return rule == BreachRule.MaxDisposal
            ? reading.DisposalShare > policy.MaxDisposal
            : ledger.FirstReleaseAt is { } first
                && !ledger.ReleasedSeconds.IsZero
                && ledger.Time >= first + policy.GraceSeconds
                && reading.TimeWeightedReinvestment < policy.MinTimeWeightedReinvestment;
    }

    /// <summary>
    /// Base units still missing, zero when it is made good. Disposal: what was disposed of above the allowed, less the
    /// credit. Reinvestment: the shortfall of the opening, and the asked share of what was released since, less the credit;
    /// or nothing, if over the time since the opening the minimum was kept and the cure period is over.
    /// </summary>
    public static UInt256 Outstanding(BreachRule rule, ReinvestmentPolicy policy, Ledger ledger, Breach? earlier)
    {
        var reading = ledger.Read(Convention.Floor);
        var credit = earlier?.CreditAt(reading) ?? UInt256.Zero;
        if (rule == BreachRule.MaxDisposal)
        {
            var above = UInt256.SubtractToZero(reading.Disposed, policy.MaxDisposal.OfAmount(reading.Released));
            return UInt256.SubtractToZero(above, credit);
        }

        if (earlier is null)
            return ReinvestmentShortfall(policy, ledger);
        if (ledger.Time >= earlier.CureEndsAt && ShareSince(earlier.Baseline, ledger) >= policy.MinTimeWeightedReinvestment)
            return UInt256.Zero;
        var releasedSince = reading.Released - earlier.Baseline.Reading.Released;
        return UInt256.SubtractToZero(earlier.Baseline.Shortfall + Asked(policy, releasedSince), credit);
    }

    private static UInt256 ReinvestmentShortfall(ReinvestmentPolicy policy, Ledger ledger)
    {
        var eligibleSeconds = ledger.Under(Convention.Floor).EligibleSeconds;
        var average = UInt256.MulDiv(ledger.Released, eligibleSeconds, ledger.ReleasedSeconds);
        return UInt256.SubtractToZero(Asked(policy, ledger.Released), average);
    }

    private static BasisPoints ShareSince(BreachBaseline baseline, Ledger ledger) => BasisPoints.Of(
        ledger.Under(Convention.Floor).EligibleSeconds - baseline.EligibleSeconds, ledger.ReleasedSeconds - baseline.ReleasedSeconds);

    // Rounded up: the share that is asked for is never a base unit less.
    private static UInt256 Asked(ReinvestmentPolicy policy, UInt256 released) =>
        released - new BasisPoints(BasisPoints.Whole - policy.MinTimeWeightedReinvestment.Value).OfAmount(released);
}

using Grants.Primitives;

namespace Grants.Domain;

/// <summary>A tranche of a template.</summary>
/// <param name="AfterSeconds">After the start.</param>
/// <param name="Share">Of the award's amount; the shares of all sum to the whole, the last takes the remainder.</param>
/// <param name="Milestone">The milestone that must be accepted before it is paid, from 1; null when time is enough.</param>
public sealed record VestingPart(long AfterSeconds, BasisPoints Share, int? Milestone = null);

/// <summary>The milestones of a proposal are not those that its program's vesting waits for.</summary>
public sealed record MilestonesDoNotMatch(string Why) : Rejection("MILESTONES_DO_NOT_MATCH", Why);

/// <summary>
/// Vesting without its start and its amount: what a program promises before anybody is awarded. The first of these that it has
/// decides: parts; else the milestones of the proposal, each a tranche that vests when it is due; else equal tranches; else a line.
/// </summary>
/// <param name="CliffSeconds">After the start; before it nothing but the start unlock is vested.</param>
/// <param name="DurationSeconds">From the start until everything is vested.</param>
/// <param name="Tranches">Into how many equal tranches the duration is cut; zero for a line.</param>
/// <param name="StartUnlock">Of a line: the share that is vested at the start.</param>
/// <param name="CliffUnlock">Of a line: the share that is vested at the cliff beside the line.</param>
/// <param name="GranularitySeconds">The steps of a line.</param>
/// <param name="CliffMode">Of a line.</param>
/// <param name="ReleasePeriodSeconds">How often a line is paid, counted from the start; zero: at each of its steps.</param>
/// <param name="Parts">Tranches that are written down, in order of time.</param>
/// <param name="PauseBudgetSeconds">For how long in all an award may be paused.</param>
public sealed record VestingTemplate(
    long CliffSeconds,
    long DurationSeconds,
    int Tranches = 0,
    BasisPoints StartUnlock = default,
    BasisPoints CliffUnlock = default,
    long GranularitySeconds = 1,
    CliffMode CliffMode = CliffMode.FromCliff,
    long ReleasePeriodSeconds = 0,
    ValueList<VestingPart>? Parts = null,
    long PauseBudgetSeconds = 0)
{
    /// <summary>The most tranches that can be written down: the vault adds them up in one transaction.</summary>
    public const int TranchesMax = 64;

    /// <summary>The most payments of a line.</summary>
    public const int ReleasesMax = 1_000;

    /// <summary>Ten years; who needs a longer pause cancels.</summary>
    public const long PauseBudgetSecondsMax = 10L * 365 * 86_400;

    /// <summary>The curve of an award.</summary>
    /// <param name="amount">Base units.</param>
    /// <param name="startAt">Seconds since 1970.</param>
    /// <param name="milestones">Of the proposal; none where it has none.</param>
    public VestingCurve CurveOf(UInt256 amount, long startAt, IReadOnlyList<Milestone> milestones)
    {
        if (Parts is { Count: > 0 } parts)
            return InTranches(amount, startAt, parts);
        if (milestones.Count > 0)
        {
            return InTranches(amount, startAt, [.. milestones.Select((milestone, index) => new VestingPart(
                Math.Max(CliffSeconds, milestone.DueAfterSeconds), milestone.Share, index + 1))]);
        }

        return Tranches > 0
            ? new EqualTranches(startAt, CliffSeconds, DurationSeconds, Tranches).CurveOf(amount)
            : new LinearVesting(
                amount,
                startAt,
                CliffSeconds,
                DurationSeconds,
                StartUnlock.OfAmount(amount),
                CliffUnlock.OfAmount(amount),
                GranularitySeconds,
                CliffMode);
    }

    /// <summary>
    /// Why an award with these milestones cannot vest as the template says, or null. Only written parts can contradict them: each part
    /// waits for a milestone that there is, each milestone has a part that waits for it, and where all parts wait, with the very share
    /// that the proposal gives it.
    /// </summary>
    /// <param name="milestones">Of the proposal; none where it has none.</param>
    public MilestonesDoNotMatch? Mismatch(IReadOnlyList<Milestone> milestones)
    {
        if (Parts is not { Count: > 0 } parts)
            return null;
        var gated = parts.Where(part => part.Milestone is not null).ToLookup(part => part.Milestone!.Value, part => part.Share.Value);
        if (gated.Count == 0 && milestones.Count > 0)
            return new MilestonesDoNotMatch("The program pays by time alone: a proposal to it has no milestones.");
        if (gated.FirstOrDefault(group => group.Key > milestones.Count) is { Key: var missing })
            return new MilestonesDoNotMatch($"The program pays on milestone {missing}; the proposal has {milestones.Count}.");
        if (Enumerable.Range(1, milestones.Count).FirstOrDefault(number => !gated.Contains(number)) is var unpaid and not 0)
            return new MilestonesDoNotMatch($"Nothing is paid on milestone {unpaid}: the program's vesting does not name it.");
        if (parts.Any(part => part.Milestone is null))
            return null;
        foreach (var (i, milestone) in milestones.Index())
        {
            if (gated[i + 1].Sum() is var paid && paid != milestone.Share.Value)
                return new MilestonesDoNotMatch(
                    $"The program pays {paid} basis points on milestone {i + 1}; the proposal says {milestone.Share.Value}.");
        }

        return null;
    }

    /// <summary>The first thing wrong with this template, or null.</summary>
    public Rejection? Validate()
    {
        if (PauseBudgetSeconds is < 0 or > PauseBudgetSecondsMax)
            return Wrong("pauseBudgetSeconds", $"Must be 0 to {PauseBudgetSecondsMax} seconds.");
        if (Parts is { Count: > 0 })
            return ValidateParts(Parts);
        if (DurationSeconds is < 1 or > VestingCurve.InstantMax)
            return Wrong("durationSeconds", $"Must be 1 to {VestingCurve.InstantMax} seconds.");
        if (CliffSeconds < 0 || CliffSeconds > DurationSeconds)
            return Wrong("cliffSeconds", $"Must be 0 to the duration, {DurationSeconds} seconds.");
        if (Tranches is < 0 or > TranchesMax)
            return Wrong("tranches", $"Must be 1 to {TranchesMax}, or 0 for a line.");
        if (Tranches > 0)
            return null;
        if (StartUnlock.Value + CliffUnlock.Value > BasisPoints.Whole)
            return Wrong("cliffUnlock", "The unlocks must not be more than the whole.");
        if (ReleasePeriodSeconds < 0 || GranularitySeconds < 1)
            return Wrong("releasePeriodSeconds", "Periods and steps must not be negative.");
        return DurationSeconds / Math.Max(ReleasePeriodSeconds, GranularitySeconds) > ReleasesMax
            ? Wrong("releasePeriodSeconds", $"A line is paid {ReleasesMax} times at most: give a longer period or longer steps.")
            : CurveOf(BasisPoints.Whole, 0, []).Validate();
    }

    private static InvalidValue? ValidateParts(ValueList<VestingPart> parts)
    {
        if (parts.Count > TranchesMax)
            return Wrong("parts", $"There must be at most {TranchesMax}.");
        if (parts.Sum(part => part.Share.Value) != BasisPoints.Whole)
            return Wrong("parts", $"The shares must sum to {BasisPoints.Whole}.");
        if (parts.Any(part => part.AfterSeconds is < 0 or > VestingCurve.InstantMax || part.Milestone is < 1 or > TranchesMax))
            return Wrong("parts", $"A part vests at or after the start; milestones count from 1 to {TranchesMax}.");
        return parts.Zip(parts.Skip(1)).Any(pair => pair.First.AfterSeconds > pair.Second.AfterSeconds)
            ? Wrong("parts", "They must be in order of time.")
            : null;
    }

    private static TranchedVesting InTranches(UInt256 amount, long startAt, IReadOnlyList<VestingPart> parts) => new(
    [
        .. TranchedVesting.Cut(amount, [.. parts.Select(part => part.Share)])
            .Zip(parts, (share, part) => new VestingTranche(startAt + part.AfterSeconds, share, part.Milestone))
            .OrderBy(tranche => tranche.At),
    ]);

    private static InvalidValue Wrong(string field, string problem) => new($"vesting.{field}", problem);
}

using Grants.Primitives;

namespace Grants.Domain;

/// <summary>The clock of the schedule stands still in [from, to), seconds since 1970.</summary>
/// <param name="ToAt">Null while it lasts.</param>
public sealed record VestingPause(long FromAt, long? ToAt);

/// <summary>All the time that an award may be paused has been used.</summary>
public sealed record PauseBudgetSpent(long BudgetSeconds)
    : Rejection("PAUSE_BUDGET_SPENT", $"The {BudgetSeconds} seconds for which this award may be paused are used up.");

/// <summary>
/// The time for which vesting was stopped. The schedule is read at effective(t) = t - paused(t), with
/// paused(t) = min(budget, Σ of the seconds of all pauses before t): while paused nothing vests, afterwards everything is later by
/// exactly as much, the end included. When the budget is used up the clock goes on by itself, so that a pause nobody ends is not
/// for ever. effective never falls, and is never more than t: pauses only delay.
/// </summary>
/// <param name="BudgetSeconds">The most that all pauses together may take.</param>
/// <param name="Pauses">In order of time, disjoint; only the last may still last.</param>
public sealed record VestingPauses(long BudgetSeconds, ValueList<VestingPause> Pauses)
{
    /// <summary>No pause, and none allowed.</summary>
    public static VestingPauses None { get; } = new(0, []);

    /// <summary>Whether a pause was begun and not ended, even where its budget is used up.</summary>
    public bool IsOpen => Pauses is [.., { ToAt: null }];

    /// <summary>Seconds of pause before <paramref name="at"/>, at most the budget.</summary>
    public long PausedSeconds(long at)
    {
        var paused = 0L;
        foreach (var pause in Pauses.Where(pause => pause.FromAt < at))
            paused += Math.Min(Math.Min(at, pause.ToAt ?? at) - pause.FromAt, BudgetSeconds - paused);
        return paused;
    }

    /// <summary>What the clock of the schedule shows at <paramref name="at"/>.</summary>
    public long EffectiveTime(long at) => at - PausedSeconds(at);

    /// <summary>
    /// The first second at which the clock of the schedule shows <paramref name="effective"/>. A pause that lasts is taken to last
    /// as long as the budget: with it this is the latest second, and an end of the pause makes it earlier.
    /// </summary>
    public long RealTime(long effective)
    {
        var paused = 0L;
        foreach (var pause in Pauses)
        {
            if (pause.FromAt >= effective + paused)
                break;
            var left = BudgetSeconds - paused;
            paused += pause.ToAt is { } to ? Math.Min(to - pause.FromAt, left) : left;
        }

        return effective + paused;
    }

    /// <summary>Why no pause can begin at <paramref name="at"/>, or null. A pause in the past would take back what has vested.</summary>
    public Rejection? CheckPause(long at)
    {
        if (CheckOrder(at) is { } problem)
            return problem;
        return PausedSeconds(at) >= BudgetSeconds ? new PauseBudgetSpent(BudgetSeconds) : null;
    }

    /// <summary>Why the pause that lasts can not end at <paramref name="at"/>, or null.</summary>
    public Rejection? CheckResume(long at) => CheckOrder(at);

    /// <summary>With a pause from <paramref name="at"/> on; the same when one lasts.</summary>
    public VestingPauses PausedFrom(long at) => IsOpen ? this : this with { Pauses = [.. Pauses, new VestingPause(at, null)] };

    /// <summary>With the pause that lasts ended at <paramref name="at"/>; the same when none lasts.</summary>
    public VestingPauses ResumedAt(long at) =>
        IsOpen ? this with { Pauses = [.. Pauses.SkipLast(1), Pauses[^1] with { ToAt = at }] } : this;

    private InvalidValue? CheckOrder(long at) => Pauses is [.., var last] && at < (last.ToAt ?? last.FromAt)
        ? new InvalidValue("at", "A pause can neither begin nor end before the last one did.")
        : null;
}

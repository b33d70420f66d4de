using System.Numerics;
using Grants.Domain.Awards;

namespace Grants.Domain.Tests.Awards;

/// <summary>
/// What an award is worth, counted the slow way: the clock of the schedule ticks second by second, amounts are added one by one, and
/// nothing is derived from the award under test.
/// </summary>
internal sealed class NaiveAward(AwardTerms terms)
{
    private readonly Dictionary<int, BigInteger> verdicts = [];

    private long pauseLeft = terms.PauseBudgetSeconds;
    private bool isPaused;
    private (long Clock, CancellationMode Mode)? cancelled;

    public long Now { get; private set; } = AnAward.Start;

    /// <summary>What the schedule's clock shows.</summary>
    public long Clock { get; private set; } = AnAward.Start;

    public BigInteger Amount { get; } = terms.Amount.ToBigInteger();

    public BigInteger Ordered { get; set; }

    public BigInteger TakenBack { get; set; }

    public BigInteger Left => Amount - Ordered - TakenBack;

    public bool IsCancelled => cancelled is not null;

    public bool CanPause => !isPaused && !IsCancelled && pauseLeft > 0 && !Left.IsZero;

    public bool IsPaused => isPaused;

    /// <summary>What may have been paid in all by now, by time, verdicts and what was taken back.</summary>
    public BigInteger Payable => cancelled is { Mode: CancellationMode.KeepReleased }
        ? Ordered
        : BigInteger.Min(BigInteger.Min(Vested(ReadClock), Allowed(ReadClock)), Amount - TakenBack);

    /// <summary>What can never be paid and is not taken back yet.</summary>
    public BigInteger Surplus
    {
        get
        {
            var kept = cancelled switch
            {
                { Mode: CancellationMode.KeepReleased } => BigInteger.Zero,
                { Clock: var clock } => Unrefused(clock),
                null => Unrefused(long.MaxValue),
            };
            return Amount - TakenBack - BigInteger.Max(Ordered, BigInteger.Min(kept, Amount - TakenBack));
        }
    }

    private long ReadClock => cancelled?.Clock ?? Clock;

    public void Wait(long seconds)
    {
        for (; seconds > 0; seconds--)
        {
            Now++;
            if (isPaused && pauseLeft > 0)
                pauseLeft--;
            else
                Clock++;
        }
    }

    public void Pause() => isPaused = true;

    public void Resume() => isPaused = false;

    public void Cancel(CancellationMode mode) => cancelled = (Clock, mode);

    public void Judge(int milestone, BigInteger accepted) => verdicts.Add(milestone, accepted);

    public BigInteger VestedNow() => Vested(ReadClock);

    private BigInteger Vested(long clock) => terms.Vesting switch
    {
        LinearVesting line => OnLine(line, clock),
        TranchedVesting tranched => Sum(tranched.Tranches.Where(tranche => tranche.At <= clock)),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static BigInteger OnLine(LinearVesting line, long clock)
    {
        var (amount, end) = (line.Amount.ToBigInteger(), line.StartAt + line.DurationSeconds);
        if (clock < line.StartAt)
            return 0;
        if (clock < line.StartAt + line.CliffSeconds)
            return line.StartUnlock.ToBigInteger();
        if (clock >= end)
            return amount;
        var from = line.CliffMode == CliffMode.Retro ? line.StartAt : line.StartAt + line.CliffSeconds;
        var steps = 0L;
        while (from + ((steps + 1) * line.GranularitySeconds) <= clock)
            steps++;
        var unlocked = line.StartUnlock.ToBigInteger() + line.CliffUnlock.ToBigInteger();
        return unlocked + ((amount - unlocked) * steps * line.GranularitySeconds / (end - from));
    }

    private BigInteger Allowed(long clock) => ByMilestone(clock, BigInteger.Zero);

    private BigInteger Unrefused(long clock) => terms.Vesting is TranchedVesting ? ByMilestone(clock, null) : Vested(clock);

    // Without a verdict a milestone counts as given, or in full.
    private BigInteger ByMilestone(long clock, BigInteger? unjudged)
    {
        if (terms.Vesting is not TranchedVesting tranched)
            return Amount;
        var sum = BigInteger.Zero;
        foreach (var group in tranched.Tranches.Where(tranche => tranche.At <= clock).GroupBy(tranche => tranche.Milestone))
        {
            var all = Sum(group);
            if (group.Key is { } milestone)
                sum += BigInteger.Min(all, verdicts.TryGetValue(milestone, out var accepted) ? accepted : unjudged ?? all);
            else
                sum += all;
        }

        return sum;
    }

    private static BigInteger Sum(IEnumerable<VestingTranche> tranches) =>
        tranches.Aggregate(BigInteger.Zero, (sum, tranche) => sum + tranche.Amount.ToBigInteger());
}

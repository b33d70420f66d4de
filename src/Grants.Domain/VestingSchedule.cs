using Grants.Primitives;

namespace Grants.Domain;

/// <summary>
/// When an amount vests: nothing before the cliff, then in equal tranches, everything at the end. The cliff works
/// backwards as in OpenZeppelin's VestingWalletCliff: at the cliff all that the curve holds by then is vested at once.
/// With as many tranches as seconds the curve is linear. The vault contract computes the same numbers.
/// </summary>
/// <param name="StartAt">Seconds since 1970.</param>
/// <param name="CliffSeconds">After the start; at most the duration.</param>
/// <param name="DurationSeconds">From the start until everything is vested.</param>
/// <param name="Tranches">Into how many slices the duration is cut.</param>
public sealed record VestingSchedule(long StartAt, long CliffSeconds, long DurationSeconds, int Tranches)
{
    /// <summary>A hundred years: nobody means more, and no sum of times can overflow.</summary>
    public const long DurationSecondsMax = 100L * 365 * 86_400;

    /// <summary>The latest start, the end of the year 9999: a start in milliseconds is refused.</summary>
    public const long StartAtMax = 253_402_300_799;

    /// <summary>
    /// Base units vested at <paramref name="at"/>, seconds since 1970. Between cliff and end it is ⌊amount·k/n⌋ with
    /// k = ⌊(at - start)·n/duration⌋ tranches elapsed of n.
    /// </summary>
    public UInt256 VestedAmount(UInt256 amount, long at)
    {
        if (at < StartAt + CliffSeconds)
            return UInt256.Zero;
        if (at >= StartAt + DurationSeconds)
            return amount;
        return FirstTranches(amount, (int)((Int128)(at - StartAt) * Tranches / DurationSeconds));
    }

    /// <summary>The first second, since 1970, at which the first <paramref name="tranche"/> tranches are vested.</summary>
    /// <param name="tranche">From 1 to the number of tranches.</param>
    public long TrancheDueAt(int tranche)
    {
        CheckTranche(tranche);
        var elapsed = (long)((((Int128)tranche * DurationSeconds) + Tranches - 1) / Tranches);
        return StartAt + Math.Max(CliffSeconds, elapsed);
    }

    /// <summary>
    /// Base units of one tranche: ⌊amount·k/n⌋ - ⌊amount·(k-1)/n⌋, so that the tranches sum to the amount exactly.
    /// </summary>
    /// <param name="amount">The whole amount, base units.</param>
    /// <param name="tranche">From 1 to the number of tranches.</param>
    public UInt256 TrancheAmount(UInt256 amount, int tranche)
    {
        CheckTranche(tranche);
        return FirstTranches(amount, tranche) - FirstTranches(amount, tranche - 1);
    }

    /// <summary>The first thing wrong with this schedule, or null.</summary>
    public Rejection? Validate()
    {
        if (StartAt is < 0 or > StartAtMax)
            return new InvalidValue("vestingSchedule.startAt", $"Must be 0 to {StartAtMax} seconds since 1970.");
        if (DurationSeconds is <= 0 or > DurationSecondsMax)
            return new InvalidValue("vestingSchedule.durationSeconds", $"Must be 1 to {DurationSecondsMax} seconds.");
        if (CliffSeconds < 0 || CliffSeconds > DurationSeconds)
            return new InvalidValue("vestingSchedule.cliffSeconds", $"Must be 0 to the duration, {DurationSeconds} seconds.");
        return Tranches < 1 ? new InvalidValue("vestingSchedule.tranches", "There must be at least one tranche.") : null;
    }

    private UInt256 FirstTranches(UInt256 amount, int count) => UInt256.MulDiv(amount, (ulong)count, (ulong)Tranches);

    private void CheckTranche(int tranche)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tranche, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(tranche, Tranches);
    }
}

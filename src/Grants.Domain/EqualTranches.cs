using Grants.Primitives;

namespace Grants.Domain;

/// <summary>
/// Equal tranches, one shape of vesting: nothing before the cliff, at it all that vested by then, everything at the end. Awards and
/// orders of the first version were written so, and read on as the curve that vests the very same amounts.
/// </summary>
/// <param name="StartAt">Seconds since 1970.</param>
/// <param name="CliffSeconds">After the start; at most the duration.</param>
/// <param name="DurationSeconds">From the start until everything is vested.</param>
/// <param name="Tranches">Into how many slices the duration is cut, at least one.</param>
public sealed record EqualTranches(long StartAt, long CliffSeconds, long DurationSeconds, int Tranches)
{
    /// <summary>
    /// ⌊amount·k/n⌋ after k of n tranches, tranche k at ⌈k·duration/n⌉ seconds: a line with steps where n divides the duration,
    /// else tranches that are written down.
    /// </summary>
    public VestingCurve CurveOf(UInt256 amount)
    {
        if (DurationSeconds % Tranches == 0)
        {
            return new LinearVesting(
                amount,
                StartAt,
                CliffSeconds,
                DurationSeconds,
                GranularitySeconds: DurationSeconds / Tranches,
                CliffMode: CliffMode.Retro);
        }

        return new TranchedVesting(
            [.. Enumerable.Range(1, Tranches).Select(k => new VestingTranche(DueAt(k), First(amount, k) - First(amount, k - 1)))]);
    }

    private long DueAt(int tranche) =>
        StartAt + Math.Max(CliffSeconds, (long)((((Int128)tranche * DurationSeconds) + Tranches - 1) / Tranches));

    private UInt256 First(UInt256 amount, int count) => UInt256.MulDiv(amount, (ulong)count, (ulong)Tranches);
}

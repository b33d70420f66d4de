using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What a linear schedule does at its cliff.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CliffMode>))]
public enum CliffMode
{
    /// <summary>The line begins at the cliff: nothing accrues before it (Sablier Lockup Linear 4.0.1).</summary>
    FromCliff = 0,

    /// <summary>
    /// The line begins at the start: at the cliff all that it holds by then vests at once (OpenZeppelin VestingWalletCliff).
    /// </summary>
    Retro = 1,
}

/// <summary>
/// How much of an amount is vested when. It depends on the time alone, never on what was released: neither a late nor a
/// frequent release changes what vests. Vesting is inclusive (what vests at a second is vested in it), never falls, and is
/// exactly the amount from the end on. Amounts are base units, instants seconds since 1970, spans seconds.
/// </summary>
[JsonDerivedType(typeof(LinearVesting), "linear")]
[JsonDerivedType(typeof(TranchedVesting), "tranched")]
public abstract record VestingCurve
{
    /// <summary>The latest instant, 2^40 - 1 as in Sablier Lockup: a present time in milliseconds is refused.</summary>
    public const long InstantMax = (1L << 40) - 1;

    /// <summary>All that ever vests, base units. It is fixed: tokens that reach the vault later vest with no award.</summary>
    public abstract UInt256 Amount { get; }

    /// <summary>Before it nothing is vested.</summary>
    [JsonIgnore]
    public abstract long BeginsAt { get; }

    /// <summary>From it on everything is vested.</summary>
    [JsonIgnore]
    public abstract long EndsAt { get; }

    /// <summary>Base units vested at <paramref name="at"/>, any instant, by time alone.</summary>
    public abstract UInt256 VestedAmount(long at);

    /// <summary>
    /// The most, in base units, that milestones allow to be paid by <paramref name="at"/>: what waits for no milestone, and
    /// of what waits for one, what has been accepted of it.
    /// </summary>
    /// <param name="accepted">
    /// Base units, by milestone: all of it when it was accepted, less when it was accepted in part, zero when it was
    /// rejected. A milestone without a verdict is absent, and nothing is paid for it.
    /// </param>
    public virtual UInt256 MilestoneCap(long at, IReadOnlyDictionary<int, UInt256> accepted) => Amount;

    /// <summary>
    /// Base units vested at <paramref name="at"/> without what the verdicts refused. A milestone without one counts in full.
    /// </summary>
    /// <param name="accepted">As for <see cref="MilestoneCap"/>.</param>
    public virtual UInt256 UnrefusedAmount(long at, IReadOnlyDictionary<int, UInt256> accepted) => VestedAmount(at);

    /// <summary>The first thing wrong with this schedule, or null. Of one that is refused no other member can be relied on.</summary>
    public abstract Rejection? Validate();

    /// <summary>
    /// What vests, second by second, each more than zero; they sum to the amount exactly, the last taking the remainder. Lazy: a
    /// line without steps has as many as seconds.
    /// </summary>
    public IEnumerable<VestingTranche> Steps()
    {
        for (var vested = UInt256.Zero; vested < Amount;)
        {
            var before = vested;
            var at = FirstInstant(instant => VestedAmount(instant) > before);
            vested = VestedAmount(at);
            yield return new VestingTranche(at, vested - before);
        }
    }

    /// <summary>The first instant of the schedule of which something is true that stays true and is true at the end.</summary>
    internal long FirstInstant(Func<long, bool> isSo)
    {
        var (first, last) = (BeginsAt, EndsAt);
        while (first < last)
        {
            var middle = first + ((last - first) / 2);
            if (isSo(middle))
                last = middle;
            else
                first = middle + 1;
        }

        return last;
    }

    private protected static InvalidValue Wrong(string field, string problem) => new($"vesting.{field}", problem);
}

/// <summary>
/// Vesting along a line, in steps. With A the amount, u and c the unlocks, g the granularity, s the start, e the end and b where
/// the line begins (the cliff with <see cref="Domain.CliffMode.FromCliff"/>, the start with <see cref="Domain.CliffMode.Retro"/>):
/// <code>
/// vested(t) = 0                                                t &lt; s
///           = u                                                s &lt;= t &lt; cliff
///           = u + c + ⌊⌊(t - b)/g⌋ · g · (A - u - c) / (e - b)⌋    cliff &lt;= t &lt; e
///           = A                                                e &lt;= t
/// </code>
/// One division by time and one rounding, down, so that nothing is lost in between; the last step is at the end, also where g does
/// not divide the line, and takes the remainder. FromCliff is LockupMath.calculateStreamedAmountLL of Sablier Lockup 4.0.1; Retro
/// without unlocks and with g = 1 is VestingWalletCliff of OpenZeppelin Contracts 5.7.0.
/// </summary>
/// <param name="Amount">A, unlocks included.</param>
/// <param name="StartAt">s.</param>
/// <param name="CliffSeconds">After the start; zero means that there is none.</param>
/// <param name="DurationSeconds">From the start to the end.</param>
/// <param name="StartUnlock">u, vested at the start.</param>
/// <param name="CliffUnlock">c, vested at the cliff beside the line. Without a cliff there is none.</param>
/// <param name="GranularitySeconds">g, from 1 to the length of the line.</param>
public sealed record LinearVesting(
    UInt256 Amount,
    long StartAt,
    long CliffSeconds,
    long DurationSeconds,
    UInt256 StartUnlock = default,
    UInt256 CliffUnlock = default,
    long GranularitySeconds = 1,
    CliffMode CliffMode = CliffMode.FromCliff) : VestingCurve
{
    public override UInt256 Amount { get; } = Amount;

    [JsonIgnore]
    public override long BeginsAt => StartAt;

    [JsonIgnore]
    public override long EndsAt => StartAt + DurationSeconds;

    private long LineAt => CliffMode == CliffMode.FromCliff ? StartAt + CliffSeconds : StartAt;

    public override UInt256 VestedAmount(long at)
    {
        if (at < StartAt)
            return UInt256.Zero;
        if (at < StartAt + CliffSeconds)
            return StartUnlock;
        if (at >= EndsAt)
            return Amount;
        var elapsed = at - LineAt;
        var unlocked = StartUnlock + CliffUnlock;
        var stepped = (ulong)(elapsed - (elapsed % GranularitySeconds));
        return unlocked + UInt256.MulDiv(Amount - unlocked, stepped, (ulong)(EndsAt - LineAt));
    }

    public override Rejection? Validate()
    {
        if (StartAt is < 0 or > InstantMax)
            return Wrong("startAt", $"The start must be 0 to {InstantMax} seconds since 1970.");
        if (DurationSeconds < 1 || DurationSeconds > InstantMax - StartAt)
            return Wrong("durationSeconds", $"The duration must be 1 to {InstantMax - StartAt} seconds.");
        if (!Enum.IsDefined(CliffMode))
            return Wrong("cliffMode", "The cliff works from the cliff or back to the start.");
        var cliffMax = CliffMode == CliffMode.FromCliff ? DurationSeconds - 1 : DurationSeconds;
        if (CliffSeconds < 0 || CliffSeconds > cliffMax)
            return Wrong("cliffSeconds", $"The cliff must be 0 to {cliffMax} seconds after the start.");
        if (CliffSeconds == 0 && !CliffUnlock.IsZero)
            return Wrong("cliffUnlock", "Without a cliff nothing can unlock at it.");
        if (StartUnlock > Amount || CliffUnlock > Amount - StartUnlock)
            return Wrong("cliffUnlock", $"The unlocks must not be more than the amount, {Amount}.");
        return GranularitySeconds < 1 || GranularitySeconds > EndsAt - LineAt
            ? Wrong("granularitySeconds", $"The granularity must be 1 to {EndsAt - LineAt} seconds, the length of the line.")
            : null;
    }
}

/// <param name="At">Vested from this second on.</param>
/// <param name="Amount">Base units.</param>
/// <param name="Milestone">The milestone that must be accepted before it is paid, from 1; null when time is enough.</param>
public sealed record VestingTranche(long At, UInt256 Amount, int? Milestone = null);

/// <summary>
/// Vesting in tranches that are written down: vested(t) = Σ amounts with at &lt;= t, as LockupMath.calculateStreamedAmountLT of
/// Sablier Lockup 4.0.1. With accepted(m) what was accepted of milestone m:
/// <code>
/// milestoneCap(t) = Σ ungated(t) + Σ over m of min(accepted(m), gated by m(t))
/// </code>
/// where both sums are over tranches with at &lt;= t: what is refused of one tranche is not paid out of another.
/// </summary>
/// <param name="Tranches">In order of time; several may vest in one second, and a milestone may hold several.</param>
public sealed record TranchedVesting(ValueList<VestingTranche> Tranches) : VestingCurve
{
    /// <summary>The sum of the tranches.</summary>
    [JsonIgnore]
    public override UInt256 Amount => Sum(Tranches);

    [JsonIgnore]
    public override long BeginsAt => Tranches[0].At;

    [JsonIgnore]
    public override long EndsAt => Tranches[^1].At;

    /// <summary>
    /// Cuts an amount by shares that sum to the whole. Each part is rounded down, ⌊amount·share/10,000⌋, but the last, which takes
    /// the remainder: the parts sum to the amount.
    /// </summary>
    public static ValueList<UInt256> Cut(UInt256 amount, IReadOnlyList<BasisPoints> shares)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(shares.Sum(share => share.Value), BasisPoints.Whole);
        var parts = shares.SkipLast(1).Select(share => share.OfAmount(amount)).ToList();
        return [.. parts, parts.Aggregate(amount, (rest, part) => rest - part)];
    }

    public override UInt256 VestedAmount(long at) => Sum(Tranches.Where(tranche => tranche.At <= at));

    public override UInt256 MilestoneCap(long at, IReadOnlyDictionary<int, UInt256> accepted) =>
        Passed(at, milestone => accepted.GetValueOrDefault(milestone));

    public override UInt256 UnrefusedAmount(long at, IReadOnlyDictionary<int, UInt256> accepted) =>
        Passed(at, milestone => accepted.GetValueOrDefault(milestone, UInt256.MaxValue));

    public override Rejection? Validate()
    {
        if (Tranches.Count == 0)
            return Wrong("tranches", "There must be at least one tranche.");
        var (last, rest) = (0L, UInt256.MaxValue);
        foreach (var tranche in Tranches)
        {
            if (tranche.At is < 0 or > InstantMax)
                return Wrong("tranches", $"A tranche must vest 0 to {InstantMax} seconds since 1970.");
            if (tranche.At < last)
                return Wrong("tranches", $"Tranches must be in order of time: one at {tranche.At} follows one at {last}.");
            if (tranche.Amount > rest)
                return Wrong("tranches", "The tranches must not sum to more than 2^256 - 1.");
            if (tranche.Milestone < 1)
                return Wrong("tranches", "Milestones count from 1.");
            (last, rest) = (tranche.At, rest - tranche.Amount);
        }

        return null;
    }

    private UInt256 Passed(long at, Func<int, UInt256> cap) => Tranches
        .Where(tranche => tranche.At <= at)
        .GroupBy(tranche => tranche.Milestone)
        .Select(group => group.Key is { } milestone ? UInt256.Min(cap(milestone), Sum(group)) : Sum(group))
        .Aggregate(UInt256.Zero, (sum, part) => sum + part);

    private static UInt256 Sum(IEnumerable<VestingTranche> tranches) =>
        tranches.Aggregate(UInt256.Zero, (sum, tranche) => sum + tranche.Amount);
}

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

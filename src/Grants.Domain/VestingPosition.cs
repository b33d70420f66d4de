using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What the recipient of a cancelled award keeps.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CancellationMode>))]
public enum CancellationMode
{
    /// <summary>What had vested, paid or not. It stays releasable, at once or later.</summary>
    KeepVested = 0,

    /// <summary>What had been released. What was vested but held is forfeited.</summary>
    KeepReleased = 1,
}

/// <param name="At">Seconds since 1970: nothing vests later.</param>
public sealed record VestingCancellation(long At, CancellationMode Mode);

/// <summary>
/// Where an award stands: its schedule, read by a clock that pauses stop, what its milestones allow, and its cancellation.
/// <code>
/// releasable(t) = max(0, min(vested(t), milestoneCap(t), A - taken back, complianceCap) - released)
/// clawback      = A - max(released, min(kept, A - taken back))
/// kept          = A                             while the award goes on
///               = vested at the cancellation    KEEP_VESTED
///               = 0                             KEEP_RELEASED
/// </code>
/// with vested and milestoneCap of <see cref="VestingCurve"/> at <see cref="VestingPauses.EffectiveTime"/>. What the review of a
/// milestone refused is never kept: it could never be paid, and would be locked for ever. Released and clawed back never sum to
/// more than A, in whatever order they come, and asking again changes nothing.
/// </summary>
/// <param name="Accepted">As for <see cref="VestingCurve.MilestoneCap"/>; what was once accepted stays accepted.</param>
/// <param name="Cancellation">Null while the award goes on.</param>
/// <param name="TakenBack">Base units that were ordered back to the treasury; they can never be released.</param>
public sealed record VestingPosition(
    VestingCurve Curve,
    VestingPauses Pauses,
    IReadOnlyDictionary<int, UInt256> Accepted,
    VestingCancellation? Cancellation = null,
    UInt256 TakenBack = default)
{
    private static readonly Dictionary<int, UInt256> NoVerdicts = [];

    /// <summary>Without pauses, verdicts or cancellation.</summary>
    public VestingPosition(VestingCurve curve)
        : this(curve, VestingPauses.None, NoVerdicts)
    {
    }

    /// <summary>When all is vested: the end of the schedule, later by the pauses. See <see cref="VestingPauses.RealTime"/>.</summary>
    public long EndsAt => Pauses.RealTime(Curve.EndsAt);

    /// <summary>Base units vested at <paramref name="at"/> by time alone.</summary>
    public UInt256 VestedAmount(long at) => Curve.VestedAmount(Clock(at));

    /// <summary>Base units that milestones allow to be paid by <paramref name="at"/>.</summary>
    public UInt256 MilestoneCap(long at) => Curve.MilestoneCap(Clock(at), Accepted);

    /// <summary>Base units that may be paid now.</summary>
    /// <param name="at">Seconds since 1970.</param>
    /// <param name="complianceCap">The most, in base units, that may have been released in all.</param>
    /// <param name="released">Base units released, or ordered to be.</param>
    public UInt256 Releasable(long at, UInt256 complianceCap, UInt256 released) => Cancellation is { Mode: CancellationMode.KeepReleased }
        ? UInt256.Zero
        : UInt256.SubtractToZero(UInt256.Min(Payable(Clock(at)), complianceCap), released);

    /// <summary>
    /// The first second at which more than <paramref name="released"/> may be paid, as things stand; null when that is never.
    /// </summary>
    public long? NextDueAt(UInt256 released) => NextRelease(released)?.At;

    /// <summary>
    /// What is paid next, and when: a function of what was released before and of the verdicts, never of when it is asked, so that
    /// the same release is found again. Null when nothing is left that may be paid, as things stand.
    /// </summary>
    /// <param name="released">Base units released, or ordered to be.</param>
    /// <param name="periodSeconds">
    /// How often a linear schedule is paid, counted from its start, and at its end; zero: whenever more of it has vested.
    /// </param>
    public VestingTranche? NextRelease(UInt256 released, long periodSeconds = 0)
    {
        var last = Cancellation is { At: var stop } ? Math.Min(Curve.EndsAt, Pauses.EffectiveTime(stop)) : Curve.EndsAt;
        if (Cancellation is { Mode: CancellationMode.KeepReleased } || Payable(last) <= released)
            return null;
        var first = Curve.FirstInstant(instant => Payable(instant) > released);
        var instant = Curve is LinearVesting && periodSeconds > 0 ? Math.Min(last, PaydayOf(first, periodSeconds)) : first;
        var at = Pauses.RealTime(instant);
        return new VestingTranche(Math.Min(at, Cancellation?.At ?? at), Payable(instant) - released);
    }

    /// <summary>Base units that go back to the treasury in all, with what was taken back.</summary>
    /// <param name="released">As for <see cref="Releasable"/>.</param>
    public UInt256 Clawback(UInt256 released)
    {
        var kept = Cancellation switch
        {
            null => Curve.UnrefusedAmount(Curve.EndsAt, Accepted),
            { Mode: CancellationMode.KeepReleased } => UInt256.Zero,
            { At: var at } => Curve.UnrefusedAmount(Clock(at), Accepted),
        };
        return Curve.Amount - UInt256.Max(released, UInt256.Min(kept, Curve.Amount - TakenBack));
    }

    // After a cancellation the clock stands.
    private long Clock(long at) => Pauses.EffectiveTime(Math.Min(at, Cancellation?.At ?? at));

    private UInt256 Payable(long effective) => UInt256.Min(
        UInt256.Min(Curve.VestedAmount(effective), Curve.MilestoneCap(effective, Accepted)), Curve.Amount - TakenBack);

    private long PaydayOf(long instant, long periodSeconds)
    {
        var late = (instant - Curve.BeginsAt) % periodSeconds;
        return late == 0 ? instant : instant - late + periodSeconds;
    }
}

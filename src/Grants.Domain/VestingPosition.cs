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
/// releasable(t) = max(0, min(vested(t), milestoneCap(t), complianceCap) - released)
/// clawback      = A - max(released, vested at the cancellation)     KEEP_VESTED
///               = A - released                                      KEEP_RELEASED
/// </code>
/// with vested and milestoneCap of <see cref="VestingCurve"/> at <see cref="VestingPauses.EffectiveTime"/>. What the review of a
/// milestone refused is not kept: it could never be paid, and would be locked for ever. Released and clawed back never sum to
/// more than A, in whatever order they come, and asking again changes nothing.
/// </summary>
/// <param name="Accepted">As for <see cref="VestingCurve.MilestoneCap"/>; what was once accepted stays accepted.</param>
/// <param name="Cancellation">Null while the award goes on.</param>
public sealed record VestingPosition(
    VestingCurve Curve, VestingPauses Pauses, IReadOnlyDictionary<int, UInt256> Accepted, VestingCancellation? Cancellation = null)
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
    public long? NextDueAt(UInt256 released)
    {
        if (Cancellation is { Mode: CancellationMode.KeepReleased } || Payable(Curve.EndsAt) <= released)
            return null;
        var at = Pauses.RealTime(Curve.FirstInstant(instant => Payable(instant) > released));
        return at > Cancellation?.At ? null : at;
    }

    /// <summary>Base units that go back to the treasury in all; zero while the award is not cancelled.</summary>
    /// <param name="released">As for <see cref="Releasable"/>.</param>
    public UInt256 Clawback(UInt256 released) => Cancellation switch
    {
        null => UInt256.Zero,
        { Mode: CancellationMode.KeepReleased } => Curve.Amount - released,
        { At: var at } => Curve.Amount - UInt256.Max(released, Curve.UnrefusedAmount(Clock(at), Accepted)),
    };

    // After a cancellation the clock stands.
    private long Clock(long at) => Pauses.EffectiveTime(Math.Min(at, Cancellation?.At ?? at));

    private UInt256 Payable(long effective) => UInt256.Min(Curve.VestedAmount(effective), Curve.MilestoneCap(effective, Accepted));
}

using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>A part of a position that was put in at one time.</summary>
/// <param name="Grant">Base units of granted tokens.</param>
/// <param name="Own">Base units of the wallets' own tokens.</param>
/// <param name="Since">Seconds since 1970.</param>
public readonly record struct Lot(UInt256 Grant, UInt256 Own, long Since);

/// <summary>
/// The tokens of an award's wallets in one venue, in token terms: the principal that was put in, never what a share is
/// said to be worth now. The terms of the venue are those of its first deposit.
/// </summary>
public sealed record Position
{
    public required Address Venue { get; init; }

    public required BasisPoints Weight { get; init; }

    public required BasisPoints Cap { get; init; }

    public required long MinHoldSeconds { get; init; }

    /// <summary>Granted principal at work; the sum over the lots.</summary>
    public UInt256 Grant { get; init; }

    /// <summary>The wallets' own principal at work; the sum over the lots.</summary>
    public UInt256 Own { get; init; }

    /// <summary>All shares that are known of; scaled ones where <see cref="IsScaled"/>.</summary>
    public UInt256 Shares { get; init; }

    /// <summary>
    /// Whether <see cref="Shares"/> do not grow with what the venue earns. Positions of before count amounts of a token that does, until
    /// their last share has left.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsScaled { get; init; }

    /// <summary>What is borrowed against the position.</summary>
    public UInt256 Debt { get; init; }

    /// <summary>What the price has sold of it for the time being, own and granted together.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public UInt256 Drift { get; init; }

    /// <summary>The granted part of <see cref="Drift"/>.</summary>
    [JsonIgnore]
    public UInt256 DriftGrant => Drift.IsZero || Grant.IsZero ? UInt256.Zero
        : UInt256.MulDiv(UInt256.Min(Drift, Grant + Own), Grant, Grant + Own);

    /// <summary>
    /// The most shares that count, where the venue is a pool of which only so much may be the wallets' own; null where all do.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public UInt256? Counting { get; init; }

    /// <summary>Granted principal of the shares beyond <see cref="Counting"/>.</summary>
    [JsonIgnore]
    public UInt256 UncountedGrant => Grant - PartThatCounts(Grant, Shares, Counting);

    /// <summary>Granted principal that has begun to leave and has not arrived: held, not at work.</summary>
    public UInt256 LeavingGrant { get; init; }

    /// <summary>Own principal that has begun to leave and has not arrived.</summary>
    public UInt256 LeavingOwn { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Lot> Lots { get; init; } = [];

    /// <summary>
    /// The part that counts at <paramref name="at"/>: min(max(0, ⌊weight·mature grant/10,000⌋ - debt), ⌊released·cap/10,000⌋), where of
    /// the mature grant ⌊mature grant·counting/shares⌋ is taken if not all shares count.
    /// </summary>
    public UInt256 EligibleAt(long at, UInt256 released) => Counted(at, released, lot => lot.Grant);

    /// <summary>What would count if the wallets' own tokens were granted ones: what a cure may be made of.</summary>
    public UInt256 AtWorkAt(long at, UInt256 released) => Counted(at, released, lot => lot.Grant + lot.Own);

    private UInt256 Counted(long at, UInt256 released, Func<Lot, UInt256> amount)
    {
        var mature = UInt256.Zero;
        foreach (var lot in Lots)
        {
            if (at - lot.Since >= MinHoldSeconds)
                mature += amount(lot);
        }

        var counting = PartThatCounts(mature, Shares, Counting);
        return UInt256.Min(UInt256.SubtractToZero(Weight.OfAmount(counting), Debt), Cap.OfAmount(released));
    }

    internal static UInt256 PartThatCounts(UInt256 amount, UInt256 shares, UInt256? counting) =>
        counting is { } most && most < shares ? UInt256.MulDiv(amount, most, shares) : amount;
}

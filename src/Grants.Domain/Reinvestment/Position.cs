using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>A part of a position that was put in at one time.</summary>
/// <param name="Grant">Base units of granted tokens.</param>
/// <param name="Own">Base units of the wallets' own tokens.</param>
/// <param name="Since">Seconds since 1970.</param>
public sealed record Lot(UInt256 Grant, UInt256 Own, long Since);

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

    public UInt256 Shares { get; init; }

    /// <summary>What is borrowed against the position.</summary>
    public UInt256 Debt { get; init; }

    /// <summary>Granted principal that has begun to leave and has not arrived: held, not at work.</summary>
    public UInt256 LeavingGrant { get; init; }

    /// <summary>Own principal that has begun to leave and has not arrived.</summary>
    public UInt256 LeavingOwn { get; init; }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<Lot> Lots { get; init; } = [];

    public static Position At(PolicyVenue venue) => new()
    {
        Venue = venue.Address,
        Weight = venue.Weight,
        Cap = venue.Cap,
        MinHoldSeconds = venue.MinHoldSeconds,
    };

    public Position Deposit(UInt256 grant, UInt256 own, UInt256 shares, long at) => this with
    {
        Grant = Grant + grant,
        Own = Own + own,
        Shares = Shares + shares,
        Lots = WithNewest(grant, own, at),
    };

    /// <summary>
    /// Takes out the principal of so many shares: ⌊grant·shares/all⌋ and ⌊own·shares/all⌋, everything with the last share.
    /// The newest lots leave first. Shares that were never seen to come in take out no more than there is.
    /// </summary>
    public (Position Position, UInt256 Grant, UInt256 Own) Withdraw(UInt256 shares)
    {
        var all = shares >= Shares;
        var grant = all ? Grant : UInt256.MulDiv(Grant, shares, Shares);
        var own = all ? Own : UInt256.MulDiv(Own, shares, Shares);
        var left = this with
        {
            Grant = Grant - grant,
            Own = Own - own,
            Shares = UInt256.SubtractToZero(Shares, shares),
            Lots = WithoutNewest(grant, own),
        };
        return (left, grant, own);
    }

    /// <summary>
    /// The part that counts at <paramref name="at"/>: min(max(0, ⌊weight·mature grant/10,000⌋ - debt), ⌊released·cap/10,000⌋).
    /// </summary>
    public UInt256 EligibleAt(long at, UInt256 released) => Counted(at, released, lot => lot.Grant);

    /// <summary>What would count if the wallets' own tokens were granted ones: what a cure may be made of.</summary>
    public UInt256 AtWorkAt(long at, UInt256 released) => Counted(at, released, lot => lot.Grant + lot.Own);

    /// <summary>Adds the times inside (from, to) at which a lot begins to count.</summary>
    public void AddMaturities(SortedSet<long> times, long from, long to)
    {
        foreach (var lot in Lots)
        {
            var at = lot.Since + MinHoldSeconds;
            if (at > from && at < to)
                times.Add(at);
        }
    }

    /// <summary>Whether <see cref="MergeMature"/> would change anything.</summary>
    public bool HasSeveralMature(long at) => Lots.Count > 1 && IsMature(Lots[1], at);

    /// <summary>The same position with its mature lots as one: they count alike for good, and leave last.</summary>
    public Position MergeMature(long at)
    {
        if (!HasSeveralMature(at))
            return this;
        var mature = Lots.TakeWhile(lot => IsMature(lot, at)).ToList();
        var merged = mature.Aggregate((sum, lot) => new Lot(sum.Grant + lot.Grant, sum.Own + lot.Own, lot.Since));
        return this with { Lots = [merged, .. Lots.Skip(mature.Count)] };
    }

    private bool IsMature(Lot lot, long at) => at - lot.Since >= MinHoldSeconds;

    private UInt256 Counted(long at, UInt256 released, Func<Lot, UInt256> amount)
    {
        var mature = UInt256.Zero;
        foreach (var lot in Lots)
        {
            if (IsMature(lot, at))
                mature += amount(lot);
        }

        return UInt256.Min(UInt256.SubtractToZero(Weight.OfAmount(mature), Debt), Cap.OfAmount(released));
    }

    private IReadOnlyList<Lot> WithNewest(UInt256 grant, UInt256 own, long at)
    {
        if (grant.IsZero && own.IsZero)
            return Lots;
        return Lots.Count > 0 && Lots[^1].Since == at
            ? [.. Lots.SkipLast(1), new Lot(Lots[^1].Grant + grant, Lots[^1].Own + own, at)]
            : [.. Lots, new Lot(grant, own, at)];
    }

    private List<Lot> WithoutNewest(UInt256 grant, UInt256 own)
    {
        var left = new List<Lot>(Lots.Count);
        foreach (var lot in Lots.Reverse())
        {
            var rest = new Lot(UInt256.SubtractToZero(lot.Grant, grant), UInt256.SubtractToZero(lot.Own, own), lot.Since);
            grant = UInt256.SubtractToZero(grant, lot.Grant);
            own = UInt256.SubtractToZero(own, lot.Own);
            if (!rest.Grant.IsZero || !rest.Own.IsZero)
                left.Add(rest);
        }

        left.Reverse();
        return left;
    }
}

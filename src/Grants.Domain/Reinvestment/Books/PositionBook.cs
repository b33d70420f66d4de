using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>A <see cref="Position"/> while flows are posted to it, in place.</summary>
internal sealed class PositionBook(Address venue, BasisPoints weight, BasisPoints cap, long minHoldSeconds)
{
    private readonly List<Lot> lots = [];
    private UInt256 own;
    private UInt256 shares;
    private bool isScaled;

    // What counts, as it was last computed, until something is put in or taken out, or a lot begins to count.
    private UInt256 counted;
    private UInt256 countedOf;
    private long countedFrom;
    private long countedUntil;

    public Address Venue => venue;

    public UInt256 Grant { get; private set; }

    public UInt256 Debt
    {
        get;
        set => (field, countedUntil) = (value, long.MinValue);
    }

    public UInt256 Drift { get; set; }

    public UInt256? Counting { get; init; }

    public UInt256 LeavingGrant { get; set; }

    public UInt256 LeavingOwn { get; set; }

    public static PositionBook Of(Position position)
    {
        var book = new PositionBook(position.Venue, position.Weight, position.Cap, position.MinHoldSeconds)
        {
            Grant = position.Grant,
            own = position.Own,
            shares = position.Shares,
            isScaled = position.IsScaled,
            Debt = position.Debt,
            Drift = position.Drift,
            Counting = position.Counting,
            LeavingGrant = position.LeavingGrant,
            LeavingOwn = position.LeavingOwn,
        };
        book.lots.AddRange(position.Lots);
        return book;
    }

    public Position ToPosition() => new()
    {
        Venue = venue,
        Weight = weight,
        Cap = cap,
        MinHoldSeconds = minHoldSeconds,
        Grant = Grant,
        Own = own,
        Shares = shares,
        IsScaled = isScaled,
        Debt = Debt,
        Drift = Drift,
        Counting = Counting,
        LeavingGrant = LeavingGrant,
        LeavingOwn = LeavingOwn,
        Lots = [.. lots],
    };

    public void Deposit(UInt256 grant, UInt256 ofOwn, Flow flow, long at)
    {
        // The first share says in what the position counts.
        if (shares.IsZero)
            isScaled = flow.ScaledShares is not null;
        Grant += grant;
        own += ofOwn;
        shares += SharesOf(flow);
        countedUntil = long.MinValue;
        if (grant.IsZero && ofOwn.IsZero)
            return;
        if (lots.Count > 0 && lots[^1] is var newest && newest.Since == at)
            lots[^1] = new Lot(newest.Grant + grant, newest.Own + ofOwn, at);
        else
            lots.Add(new Lot(grant, ofOwn, at));
    }

    /// <summary>
    /// Takes out the principal of the flow's shares: ⌊grant·shares/all⌋ and ⌊own·shares/all⌋, everything with the last share.
    /// The newest lots leave first. Shares that were never seen to come in take out no more than there is.
    /// </summary>
    public (UInt256 Grant, UInt256 Own) Withdraw(Flow flow)
    {
        var ofShares = SharesOf(flow);
        countedUntil = long.MinValue;
        var all = ofShares >= shares;
        var (grant, ofOwn) = all ? (Grant, own) : (UInt256.MulDiv(Grant, ofShares, shares), UInt256.MulDiv(own, ofShares, shares));
        Grant -= grant;
        own -= ofOwn;
        shares = UInt256.SubtractToZero(shares, ofShares);
        if (all)
            lots.Clear();
        else
            TakeNewest(grant, ofOwn);
        return (grant, ofOwn);
    }

    /// <summary>Takes off principal that is lost, own and granted in proportion, and tells how much of it was granted.</summary>
    public UInt256 Lose(UInt256 amount)
    {
        var principal = Grant + own;
        var lost = UInt256.Min(amount, principal);
        if (lost.IsZero)
            return UInt256.Zero;
        countedUntil = long.MinValue;
        var grant = UInt256.MulDiv(lost, Grant, principal);
        Grant -= grant;
        own -= lost - grant;
        TakeNewest(grant, lost - grant);
        return grant;
    }

    /// <summary>The part that counts at <paramref name="at"/>, as <see cref="Position.EligibleAt"/> has it.</summary>
    public UInt256 EligibleAt(long at, UInt256 released)
    {
        if (countedFrom <= at && at < countedUntil && countedOf == released)
            return counted;
        var (mature, until) = (UInt256.Zero, long.MaxValue);
        foreach (var lot in lots)
        {
            if (at - lot.Since < minHoldSeconds)
            {
                until = lot.Since + minHoldSeconds;
                break;
            }

            mature += lot.Grant;
        }

        var counting = Position.PartThatCounts(mature, shares, Counting);
        counted = UInt256.Min(UInt256.SubtractToZero(weight.OfAmount(counting), Debt), cap.OfAmount(released));
        (countedOf, countedFrom, countedUntil) = (released, at, until);
        return counted;
    }

    /// <summary>The first time inside (from, to) at which a lot begins to count; <paramref name="to"/> where none does.</summary>
    public long NextMaturity(long from, long to)
    {
        if (minHoldSeconds == 0)
            return to;
        // Oldest first: the first one that does not count yet is the next one that will.
        foreach (var lot in lots)
        {
            var at = lot.Since + minHoldSeconds;
            if (at > from)
                return Math.Min(at, to);
        }

        return to;
    }

    /// <summary>Makes the mature lots one: they count alike for good, and leave last.</summary>
    public void MergeMature(long at)
    {
        if (lots.Count < 2 || at - lots[1].Since < minHoldSeconds)
            return;
        var (grant, ofOwn, count) = (UInt256.Zero, UInt256.Zero, 0);
        for (; count < lots.Count && at - lots[count].Since >= minHoldSeconds; count++)
            (grant, ofOwn) = (grant + lots[count].Grant, ofOwn + lots[count].Own);
        var since = lots[count - 1].Since;
        lots.RemoveRange(1, count - 1);
        lots[0] = new Lot(grant, ofOwn, since);
    }

    private UInt256 SharesOf(Flow flow) => isScaled ? flow.ScaledShares ?? flow.Shares : flow.Shares;

    private void TakeNewest(UInt256 grant, UInt256 ofOwn)
    {
        var emptied = false;
        for (var i = lots.Count - 1; i >= 0 && !(grant.IsZero && ofOwn.IsZero); i--)
        {
            var lot = lots[i];
            lots[i] = new Lot(UInt256.SubtractToZero(lot.Grant, grant), UInt256.SubtractToZero(lot.Own, ofOwn), lot.Since);
            grant = UInt256.SubtractToZero(grant, lot.Grant);
            ofOwn = UInt256.SubtractToZero(ofOwn, lot.Own);
            emptied |= lots[i].Grant.IsZero && lots[i].Own.IsZero;
        }

        if (emptied)
            lots.RemoveAll(lot => lot.Grant.IsZero && lot.Own.IsZero);
    }
}

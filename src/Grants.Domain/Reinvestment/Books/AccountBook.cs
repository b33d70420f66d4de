using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>An <see cref="Account"/> while flows are posted to it, in place: all the arithmetic of the ledger.</summary>
internal sealed class AccountBook(Convention convention)
{
    private readonly List<PositionBook> positions = [];
    private LiquidLots lots = new();
    private readonly FollowedParts followed = new();
    private UInt256 liquidGrant;
    private UInt256 liquidOwn;
    private UInt256 sold;
    private UInt256 bridged;
    private UInt256 sentToExchanges;
    private UInt256 unknown;
    private UInt256 gas;
    private UInt256 spent;
    private UInt256 returned;
    private UInt256 returnedOwn;
    private UInt256 lost;
    private UInt256 unseenOwn;
    private UInt256 heldSeconds;
    private UInt256 eligibleSeconds;

    // What counts as reinvested, for as long as no position changes and no lot begins to count.
    private UInt256 eligible;
    private UInt256 eligibleOf;
    private long eligibleUntil;
    private bool isEligibleKnown;

    // What is held, and what has left for good, until either changes.
    private UInt256 held;
    private bool isHeldKnown;
    private UInt256 gone;
    private bool isGoneKnown;

    public static AccountBook Of(Account account)
    {
        var book = new AccountBook(account.Convention)
        {
            liquidGrant = account.LiquidGrant,
            liquidOwn = account.LiquidOwn,
            sold = account.Sold,
            bridged = account.Bridged,
            sentToExchanges = account.SentToExchanges,
            unknown = account.Unknown,
            gas = account.Gas,
            spent = account.Spent,
            returned = account.Returned,
            returnedOwn = account.ReturnedOwn,
            lost = account.Lost,
            unseenOwn = account.UnseenOwn,
            lots = LiquidLots.Of(account.LiquidLots),
            heldSeconds = account.HeldSeconds,
            eligibleSeconds = account.EligibleSeconds,
        };
        book.followed.AddRange(account.Followed);
        book.positions.AddRange(account.Positions.Select(PositionBook.Of));
        return book;
    }

    public Account ToAccount(bool withLiquidLots) => new()
    {
        Convention = convention,
        LiquidGrant = liquidGrant,
        LiquidOwn = liquidOwn,
        LiquidLots = withLiquidLots && convention == Convention.Fifo ? lots.Copy() : [],
        Positions = [.. positions.Select(position => position.ToPosition())],
        Followed = followed.ToList(),
        Sold = sold,
        Bridged = bridged,
        SentToExchanges = sentToExchanges,
        Unknown = unknown,
        Gas = gas,
        Spent = spent,
        Returned = returned,
        ReturnedOwn = returnedOwn,
        Lost = lost,
        UnseenOwn = unseenOwn,
        HeldSeconds = heldSeconds,
        EligibleSeconds = eligibleSeconds,
    };

    /// <summary>Where all that was released is now: the invariant is that it sums to the released.</summary>
    /// <remarks>Only sums whose parts have changed are made anew: a change that is not noted breaks the invariant.</remarks>
    public UInt256 Accounted() => Held() + followed.Grant + Gone();

    /// <summary>Lets time pass: the integrals grow piece by piece, cut wherever a lot begins to count.</summary>
    public void Tick(long from, long to, UInt256 released)
    {
        if (released.IsZero)
            return;
        Add(ref unknown, followed.Due(to));
        heldSeconds += Held() * (ulong)(to - from);
        if (positions.Count == 0)
            return;
        var isMergeDue = false;
        for (var start = from; start < to;)
        {
            if (!isEligibleKnown || start >= eligibleUntil || eligibleOf != released)
            {
                Recount(start, released);
                isMergeDue = true;
            }

            var end = Math.Min(to, eligibleUntil);
            eligibleSeconds += eligible * (ulong)(end - start);
            start = end;
        }

        if (!isMergeDue && to < eligibleUntil)
            return;
        foreach (var position in positions)
            position.MergeMature(to);
    }

    /// <summary>Posts one flow and tells how much of it was granted tokens.</summary>
    /// <exception cref="ArgumentException">The flow changes a position and no venue is given.</exception>
    public UInt256 Post(Flow flow, PolicyVenue? venue, long at)
    {
        switch (flow.Kind)
        {
            case FlowKind.Release:
                Receive(flow.Amount, UInt256.Zero);
                return flow.Amount;
            case FlowKind.OwnIn:
                // What comes back from where it is followed to was never gone.
                var returning = followed.TakeBack(flow.Counterparty, flow.Amount);
                Receive(returning, flow.Amount - returning);
                return returning;
            case FlowKind.BridgeIn:
                var landed = followed.Land(flow.Amount);
                Receive(landed, flow.Amount - landed);
                return landed;
            case FlowKind.Open:
                var funded = Take(flow.Amount, Convention.GrantFirst);
                PositionAt(venue).Deposit(funded, flow.Amount - funded, flow, at);
                return funded;
            case FlowKind.UnlockStarted:
                return StartUnlock(flow, venue);
            case FlowKind.SharesIn:
                PositionAt(venue).Deposit(UInt256.Zero, UInt256.Zero, flow, at);
                return UInt256.Zero;
            case FlowKind.Close:
                return flow.Shares.IsZero ? Arrive(flow, venue) : Close(flow, venue);
            case FlowKind.SharesSold or FlowKind.SharesOut:
                return LoseShares(flow, venue, at);
            case FlowKind.Return:
                var back = Take(flow.Amount, Convention.GrantFirst);
                Add(ref returned, back);
                returnedOwn += flow.Amount - back;
                return back;
            case FlowKind.Debt:
                PositionAt(venue).Debt = flow.Amount;
                return UInt256.Zero;
            case FlowKind.Internal:
                return UInt256.Zero;
            case FlowKind.Loss:
                var taken = PositionAt(venue).Lose(flow.Amount);
                Add(ref lost, taken);
                return taken;
            default:
                return Leave(flow, flow.Amount, at);
        }
    }

    /// <summary>What is followed is with somebody else.</summary>
    public void PassOn(string flowId, Address to) => followed.PassOn(flowId, to);

    /// <summary>What was followed is known to have gone there, or to be gone.</summary>
    public void Settle(string flowId, FlowKind kind)
    {
        var grant = followed.Take(flowId);
        if (kind == FlowKind.ExchangeOut)
            Add(ref sentToExchanges, grant);
        else if (kind == FlowKind.BridgeOut)
            Add(ref bridged, grant);
        else
            Add(ref unknown, grant);
    }

    /// <summary>Adds liquid tokens.</summary>
    public void Receive(UInt256 grant, UInt256 own)
    {
        isHeldKnown &= grant.IsZero;
        liquidGrant += grant;
        liquidOwn += own;
        if (convention == Convention.Fifo)
            lots.Add(grant, own);
    }

    private UInt256 Held()
    {
        if (isHeldKnown)
            return held;
        held = liquidGrant;
        foreach (var position in positions)
            held += position.Grant + position.LeavingGrant;
        isHeldKnown = true;
        return held;
    }

    private UInt256 Gone()
    {
        if (!isGoneKnown)
            gone = sold + bridged + sentToExchanges + unknown + gas + spent + returned + lost;
        isGoneKnown = true;
        return gone;
    }

    private void Add(ref UInt256 bucket, UInt256 grant)
    {
        isGoneKnown &= grant.IsZero;
        bucket += grant;
    }

    private void Recount(long at, UInt256 released)
    {
        var (sum, until) = (UInt256.Zero, long.MaxValue);
        foreach (var position in positions)
        {
            sum += position.EligibleAt(at, released);
            until = position.NextMaturity(at, until);
        }

        (eligible, eligibleOf, eligibleUntil, isEligibleKnown) = (UInt256.Min(sum, released), released, until, true);
    }

    private UInt256 Leave(Flow flow, UInt256 amount, long at)
    {
        var grant = Take(amount, convention);
        switch (flow.Kind)
        {
            case FlowKind.Unknown or FlowKind.SharesOut or FlowKind.BridgeOut when flow.CountsFrom > at:
                var isBridged = flow.Kind == FlowKind.BridgeOut;
                followed.Add(new FollowedPart(flow.Id, flow.Counterparty, grant, amount - grant, flow.CountsFrom.Value, isBridged));
                break;
            case FlowKind.Sale or FlowKind.SharesSold:
                Add(ref sold, grant);
                break;
            case FlowKind.BridgeOut:
                Add(ref bridged, grant);
                break;
            case FlowKind.ExchangeOut:
                Add(ref sentToExchanges, grant);
                break;
            case FlowKind.Unknown or FlowKind.SharesOut:
                Add(ref unknown, grant);
                break;
            case FlowKind.Spent:
                Add(ref spent, grant);
                break;
            case FlowKind.Gas:
                Add(ref gas, grant);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(flow), flow.Kind, "Not a flow out of the wallets.");
        }

        return grant;
    }

    private UInt256 StartUnlock(Flow flow, PolicyVenue? venue)
    {
        var position = PositionAt(venue);
        var (grant, own) = position.Withdraw(flow);
        if (venue!.Kind == VenueKind.Range)
        {
            // What the pool frees need not be what was put in: the price has moved.
            var back = flow.Amount >= grant + own ? grant : UInt256.MulDiv(flow.Amount, grant, grant + own);
            Add(ref lost, grant - back);
            (grant, own) = (back, flow.Amount - back);
        }

        position.LeavingGrant += grant;
        position.LeavingOwn += own;
        return grant;
    }

    private UInt256 Arrive(Flow flow, PolicyVenue? venue)
    {
        var position = PositionAt(venue);
        var leaving = position.LeavingGrant + position.LeavingOwn;
        var settled = UInt256.Min(flow.Amount, leaving);
        var grant = leaving.IsZero ? UInt256.Zero : UInt256.MulDiv(settled, position.LeavingGrant, leaving);
        position.LeavingGrant -= grant;
        position.LeavingOwn -= settled - grant;
        Receive(grant, flow.Amount - grant);
        return grant;
    }

    private UInt256 Close(Flow flow, PolicyVenue? venue)
    {
        var (grant, own) = PositionAt(venue).Withdraw(flow);
        var back = flow.Amount >= grant + own ? grant : UInt256.MulDiv(flow.Amount, grant, grant + own);
        Add(ref lost, grant - back);
        Receive(back, flow.Amount - back);
        return back;
    }

    private UInt256 LoseShares(Flow flow, PolicyVenue? venue, long at)
    {
        var (grant, own) = PositionAt(venue).Withdraw(flow);
        var principal = grant + own;
        Receive(grant, own + UInt256.SubtractToZero(flow.Amount, principal));
        return Leave(flow, UInt256.SubtractToZero(principal, flow.Amount), at);
    }

    private UInt256 Take(UInt256 amount, Convention order)
    {
        var unseen = UInt256.SubtractToZero(amount, liquidGrant + liquidOwn);
        if (!unseen.IsZero)
        {
            liquidOwn += unseen;
            unseenOwn += unseen;
            if (convention == Convention.Fifo)
                lots.AddOldest(unseen);
        }

        var grant = order switch
        {
            Convention.Floor => UInt256.SubtractToZero(amount, liquidOwn),
            Convention.Prorata when liquidOwn.IsZero => amount,
            Convention.Prorata => UInt256.MulDiv(amount, liquidGrant, liquidGrant + liquidOwn),
            Convention.Fifo => lots.GrantInOldest(amount),
            _ => UInt256.Min(amount, liquidGrant),
        };
        isHeldKnown &= grant.IsZero;
        liquidGrant -= grant;
        liquidOwn -= amount - grant;
        if (convention == Convention.Fifo)
            lots.Take(grant, amount - grant);
        return grant;
    }

    private PositionBook PositionAt(PolicyVenue? venue)
    {
        ArgumentNullException.ThrowIfNull(venue);
        (isEligibleKnown, isHeldKnown) = (false, false); // Who asks for a position changes it.
        foreach (var position in positions)
        {
            if (position.Venue == venue.Address)
                return position;
        }

        var opened = new PositionBook(venue.Address, venue.Weight, venue.Cap, venue.MinHoldSeconds);
        positions.Add(opened);
        return opened;
    }
}

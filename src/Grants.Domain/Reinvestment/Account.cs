using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>Which tokens are said to leave first, where own and granted ones lie in the same wallet.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Convention>))]
public enum Convention
{
    /// <summary>Own tokens first: the lower bound of what was disposed of. The only one that may have consequences.</summary>
    Floor = 0,

    /// <summary>Both in proportion.</summary>
    Prorata = 1,

    /// <summary>Whatever came first.</summary>
    Fifo = 2,

    /// <summary>Granted tokens first: the upper bound.</summary>
    GrantFirst = 3,
}

/// <summary>Liquid tokens that came in together. Kept by <see cref="Convention.Fifo"/> alone.</summary>
public sealed record LiquidLot(bool IsGrant, UInt256 Amount);

/// <summary>
/// The ledger under one convention. All amounts are base units of the incentive token; every division rounds down.
/// </summary>
/// <remarks>
/// Invariant after every posting: released = liquid grant + grant in positions (at work or leaving) + sold + bridged
/// + sent to exchanges + unknown + gas + spent + returned + lost.
/// Assumption: tokens that leave and were never seen to arrive were there before, and are the wallet's own.
/// </remarks>
public sealed record Account
{
    public required Convention Convention { get; init; }

    public UInt256 LiquidGrant { get; init; }

    public UInt256 LiquidOwn { get; init; }

    /// <summary>Oldest first; empty under every convention but <see cref="Convention.Fifo"/>.</summary>
    public ImmutableList<LiquidLot> LiquidLots { get; init; } = [];

    public IReadOnlyList<Position> Positions { get; init; } = [];

    public UInt256 Sold { get; init; }

    public UInt256 Bridged { get; init; }

    public UInt256 SentToExchanges { get; init; }

    public UInt256 Unknown { get; init; }

    public UInt256 Gas { get; init; }

    public UInt256 Spent { get; init; }

    public UInt256 Returned { get; init; }

    /// <summary>Own tokens returned: they undo no disposal but may cure a breach.</summary>
    public UInt256 ReturnedOwn { get; init; }

    /// <summary>Granted principal that a venue did not give back.</summary>
    public UInt256 Lost { get; init; }

    /// <summary>Own tokens that left and were never seen to arrive.</summary>
    public UInt256 UnseenOwn { get; init; }

    /// <summary>The integral of the granted tokens held, token-seconds.</summary>
    public UInt256 HeldSeconds { get; init; }

    /// <summary>The integral of what counted as reinvested, token-seconds.</summary>
    public UInt256 EligibleSeconds { get; init; }

    /// <summary>Granted tokens that are out of reach: sold, bridged, sent to an exchange or to somebody unknown.</summary>
    public UInt256 Disposed() => Sold + Bridged + SentToExchanges + Unknown;

    /// <summary>Granted tokens in the wallets and in venues.</summary>
    public UInt256 Held()
    {
        var held = LiquidGrant;
        foreach (var position in Positions)
            held += position.Grant + position.LeavingGrant;
        return held;
    }

    /// <summary>What counts as reinvested at <paramref name="at"/>: the sum over the venues, at most all that was released.</summary>
    public UInt256 EligibleAt(long at, UInt256 released)
    {
        var sum = UInt256.Zero;
        foreach (var position in Positions)
            sum += position.EligibleAt(at, released);
        return UInt256.Min(sum, released);
    }

    /// <summary>What of granted and own tokens together is at work at <paramref name="at"/>.</summary>
    public UInt256 AtWorkAt(long at, UInt256 released) =>
        Positions.Aggregate(UInt256.Zero, (sum, position) => sum + position.AtWorkAt(at, released));

    /// <summary>Lets time pass: the integrals grow piece by piece, cut wherever a lot begins to count.</summary>
    public Account Tick(long from, long to, UInt256 released)
    {
        if (released.IsZero)
            return this;
        var held = Held() * (ulong)(to - from);
        var eligible = UInt256.Zero;
        var start = from;
        foreach (var end in CutsBetween(from, to))
        {
            eligible += EligibleAt(start, released) * (ulong)(end - start);
            start = end;
        }

        return this with
        {
            HeldSeconds = HeldSeconds + held,
            EligibleSeconds = EligibleSeconds + eligible,
            Positions = Positions.Any(position => position.HasSeveralMature(to))
                ? [.. Positions.Select(position => position.MergeMature(to))]
                : Positions,
        };
    }

    /// <summary>Posts one flow and tells how much of it was granted tokens.</summary>
    /// <exception cref="ArgumentException">The flow changes a position and no venue is given.</exception>
    public (Account Account, UInt256 Grant) Post(Flow flow, PolicyVenue? venue, long at)
    {
        switch (flow.Kind)
        {
            case FlowKind.Release:
                return (Receive(flow.Amount, UInt256.Zero), flow.Amount);
            case FlowKind.OwnIn:
                return (Receive(UInt256.Zero, flow.Amount), UInt256.Zero);
            case FlowKind.Open:
                var (funded, grant) = Take(flow.Amount, Convention.GrantFirst);
                return (funded.With(funded.PositionAt(venue).Deposit(grant, flow.Amount - grant, flow.Shares, at)), grant);
            case FlowKind.UnlockStarted:
                return StartUnlock(flow, venue);
            case FlowKind.SharesIn:
                return (With(PositionAt(venue).Deposit(UInt256.Zero, UInt256.Zero, flow.Shares, at)), UInt256.Zero);
            case FlowKind.Close:
                return flow.Shares.IsZero ? Arrive(flow, venue) : Close(flow, venue);
            case FlowKind.SharesSold or FlowKind.SharesOut:
                return LoseShares(flow, venue);
            case FlowKind.Return:
                var (returning, returned) = Take(flow.Amount, Convention.GrantFirst);
                return (returning with { Returned = Returned + returned, ReturnedOwn = ReturnedOwn + (flow.Amount - returned) }, returned);
            case FlowKind.Debt:
                return (With(PositionAt(venue) with { Debt = flow.Amount }), UInt256.Zero);
            case FlowKind.Internal:
                return (this, UInt256.Zero);
            default:
                return Leave(flow.Kind, flow.Amount);
        }
    }

    private SortedSet<long> CutsBetween(long from, long to)
    {
        var cuts = new SortedSet<long> { to };
        foreach (var position in Positions)
            position.AddMaturities(cuts, from, to);
        return cuts;
    }

    private (Account Account, UInt256 Grant) Leave(FlowKind kind, UInt256 amount)
    {
        var (left, grant) = Take(amount, Convention);
        var booked = kind switch
        {
            FlowKind.Sale or FlowKind.SharesSold => left with { Sold = Sold + grant },
            FlowKind.BridgeOut => left with { Bridged = Bridged + grant },
            FlowKind.ExchangeOut => left with { SentToExchanges = SentToExchanges + grant },
            FlowKind.Unknown or FlowKind.SharesOut => left with { Unknown = Unknown + grant },
            FlowKind.Spent => left with { Spent = Spent + grant },
            FlowKind.Gas => left with { Gas = Gas + grant },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a flow out of the wallets."),
        };
        return (booked, grant);
    }

    private (Account Account, UInt256 Grant) StartUnlock(Flow flow, PolicyVenue? venue)
    {
        var (position, grant, own) = PositionAt(venue).Withdraw(flow.Shares);
        var leaving = position with
        {
            LeavingGrant = position.LeavingGrant + grant,
            LeavingOwn = position.LeavingOwn + own,
        };
        return (With(leaving), grant);
    }

    private (Account Account, UInt256 Grant) Arrive(Flow flow, PolicyVenue? venue)
    {
        var position = PositionAt(venue);
        var leaving = position.LeavingGrant + position.LeavingOwn;
        var settled = UInt256.Min(flow.Amount, leaving);
        var grant = leaving.IsZero ? UInt256.Zero : UInt256.MulDiv(settled, position.LeavingGrant, leaving);
        var left = position with
        {
            LeavingGrant = position.LeavingGrant - grant,
            LeavingOwn = position.LeavingOwn - (settled - grant),
        };
        return (With(left).Receive(grant, flow.Amount - grant), grant);
    }

    private (Account Account, UInt256 Grant) Close(Flow flow, PolicyVenue? venue)
    {
        var (position, grant, own) = PositionAt(venue).Withdraw(flow.Shares);
        var back = flow.Amount >= grant + own ? grant : UInt256.MulDiv(flow.Amount, grant, grant + own);
        var closed = With(position) with { Lost = Lost + (grant - back) };
        return (closed.Receive(back, flow.Amount - back), back);
    }

    private (Account Account, UInt256 Grant) LoseShares(Flow flow, PolicyVenue? venue)
    {
        var (position, grant, own) = PositionAt(venue).Withdraw(flow.Shares);
        var principal = grant + own;
        return With(position)
            .Receive(grant, own + UInt256.SubtractToZero(flow.Amount, principal))
            .Leave(flow.Kind, UInt256.SubtractToZero(principal, flow.Amount));
    }

    /// <summary>Adds liquid tokens.</summary>
    internal Account Receive(UInt256 grant, UInt256 own)
    {
        var received = this with { LiquidGrant = LiquidGrant + grant, LiquidOwn = LiquidOwn + own };
        return Convention == Convention.Fifo ? received with { LiquidLots = Added(Added(LiquidLots, true, grant), false, own) } : received;
    }

    private (Account Account, UInt256 Grant) Take(UInt256 amount, Convention order)
    {
        var unseen = UInt256.SubtractToZero(amount, LiquidGrant + LiquidOwn);
        if (!unseen.IsZero)
            return Uncover(unseen).Take(amount, order);
        var grant = order switch
        {
            Convention.Floor => UInt256.SubtractToZero(amount, LiquidOwn),
            Convention.Prorata => amount.IsZero ? UInt256.Zero : UInt256.MulDiv(amount, LiquidGrant, LiquidGrant + LiquidOwn),
            Convention.Fifo => GrantInOldest(amount),
            _ => UInt256.Min(amount, LiquidGrant),
        };
        var left = this with
        {
            LiquidGrant = LiquidGrant - grant,
            LiquidOwn = LiquidOwn - (amount - grant),
            LiquidLots = Without(Without(LiquidLots, true, grant), false, amount - grant),
        };
        return (left, grant);
    }

    private Account Uncover(UInt256 own) => this with
    {
        LiquidOwn = LiquidOwn + own,
        LiquidLots = Convention == Convention.Fifo ? LiquidLots.Insert(0, new LiquidLot(false, own)) : LiquidLots,
        UnseenOwn = UnseenOwn + own,
    };

    private UInt256 GrantInOldest(UInt256 amount)
    {
        var grant = UInt256.Zero;
        foreach (var lot in LiquidLots)
        {
            var part = UInt256.Min(lot.Amount, amount);
            grant += lot.IsGrant ? part : UInt256.Zero;
            amount -= part;
            if (amount.IsZero)
                break;
        }

        return grant;
    }

    private static ImmutableList<LiquidLot> Added(ImmutableList<LiquidLot> lots, bool isGrant, UInt256 amount)
    {
        if (amount.IsZero)
            return lots;
        return lots.Count > 0 && lots[^1].IsGrant == isGrant
            ? lots.SetItem(lots.Count - 1, new LiquidLot(isGrant, lots[^1].Amount + amount))
            : lots.Add(new LiquidLot(isGrant, amount));
    }

    private static ImmutableList<LiquidLot> Without(ImmutableList<LiquidLot> lots, bool isGrant, UInt256 amount)
    {
        for (var oldest = 0; oldest < lots.Count && !amount.IsZero;)
        {
            var lot = lots[oldest];
            var part = lot.IsGrant == isGrant ? UInt256.Min(lot.Amount, amount) : UInt256.Zero;
            amount -= part;
            if (part == lot.Amount)
                lots = lots.RemoveAt(oldest);
            else
                lots = part.IsZero ? lots : lots.SetItem(oldest, lot with { Amount = lot.Amount - part });
            oldest += part == lot.Amount ? 0 : 1;
        }

        return lots;
    }

    private Position PositionAt(PolicyVenue? venue)
    {
        ArgumentNullException.ThrowIfNull(venue);
        return Positions.FirstOrDefault(position => position.Venue == venue.Address) ?? Position.At(venue);
    }

    private Account With(Position changed)
    {
        var known = Positions.Any(position => position.Venue == changed.Venue);
        return this with
        {
            Positions = known
                ? [.. Positions.Select(position => position.Venue == changed.Venue ? changed : position)]
                : [.. Positions, changed],
        };
    }
}

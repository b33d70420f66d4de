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
public readonly record struct LiquidLot(bool IsGrant, UInt256 Amount);

/// <summary>What went to somebody unknown, or over a bridge, and is followed: it is neither held nor gone.</summary>
/// <param name="To">Who was paid; null where no log says.</param>
/// <param name="CountsFrom">Seconds since 1970 from which on it is gone.</param>
/// <param name="IsBridged">It went over a bridge: that it did not come out by then, only the other chain's clock can say.</param>
public readonly record struct FollowedPart(
    string FlowId,
    Address? To,
    UInt256 Grant,
    UInt256 Own,
    long CountsFrom,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] bool IsBridged = false);

/// <summary>
/// The ledger under one convention. All amounts are base units of the incentive token; every division rounds down.
/// </summary>
/// <remarks>
/// Invariant after every posting: released = liquid grant + grant in positions (at work or leaving) + grant followed + sold
/// + bridged + sent to exchanges + unknown + gas + spent + returned + lost.
/// Assumption: tokens that leave and were never seen to arrive were there before, and are the wallet's own.
/// </remarks>
public sealed record Account
{
    public required Convention Convention { get; init; }

    public UInt256 LiquidGrant { get; init; }

    public UInt256 LiquidOwn { get; init; }

    /// <summary>Oldest first; empty under every convention but <see cref="Convention.Fifo"/>.</summary>
    public IReadOnlyList<LiquidLot> LiquidLots { get; init; } = [];

    public IReadOnlyList<Position> Positions { get; init; } = [];

    /// <summary>In the order in which it left.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ValueList<FollowedPart>? Followed { get; init; }

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

    /// <summary>Granted tokens that went to somebody unknown and do not count as gone yet.</summary>
    public UInt256 FollowedGrant() => (Followed ?? []).Aggregate(UInt256.Zero, (sum, part) => sum + part.Grant);

    /// <summary>Granted tokens that the price has sold out of positions for the time being.</summary>
    public UInt256 DriftGrant() => Positions.Aggregate(UInt256.Zero, (sum, position) => sum + position.DriftGrant);

    /// <summary>Granted tokens in pools that count for nothing.</summary>
    public UInt256 UncountedGrant() => Positions.Aggregate(UInt256.Zero, (sum, position) => sum + position.UncountedGrant);

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
}

using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Domain.Reinvestment.Books;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>How much of one flow was granted tokens, under each convention.</summary>
public sealed record GrantParts(UInt256 Floor, UInt256 Prorata, UInt256 Fifo, UInt256 GrantFirst);

/// <summary>What the ledger says at one time under one convention. Amounts are base units; every ratio rounds down.</summary>
/// <param name="Disposed">Sold, bridged out, sent to an exchange or to somebody unknown.</param>
/// <param name="Returned">Granted tokens that went back to the treasury.</param>
/// <param name="ReturnedOwn">Own tokens that did.</param>
/// <param name="Eligible">What counts as reinvested now.</param>
/// <param name="AtWork">What would count if the wallets' own tokens were granted ones.</param>
/// <param name="SoldShare">sold/released.</param>
/// <param name="DisposalShare">disposed/released.</param>
/// <param name="ReinvestedShare">eligible/released, at most the whole.</param>
/// <param name="TimeWeightedReinvestment">The integral of the eligible over the integral of the released.</param>
/// <param name="Retention">The integral of the granted tokens held over the integral of the released.</param>
/// <param name="Followed">Granted tokens that went to somebody unknown and do not count as disposed of yet.</param>
/// <param name="Uncounted">
/// Granted tokens in pools that count for nothing: the wallets hold more of the pool than counts, or its other token is not on the list.
/// </param>
public sealed record LedgerReading(
    Convention Convention,
    UInt256 Released,
    UInt256 Disposed,
    UInt256 Returned,
    UInt256 ReturnedOwn,
    UInt256 Lost,
    UInt256 Eligible,
    UInt256 AtWork,
    BasisPoints SoldShare,
    BasisPoints DisposalShare,
    BasisPoints ReinvestedShare,
    BasisPoints TimeWeightedReinvestment,
    BasisPoints Retention,
    UInt256 Followed = default,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] UInt256 Uncounted = default);

/// <summary>
/// The integer ledger of one award: what its wallets did with the released tokens, under every convention at once. It
/// is a fold of flows in their order on the chain; nothing else has a say, so anybody can repeat it.
/// </summary>
/// <param name="Time">Seconds since 1970 up to which the integrals run.</param>
/// <param name="Released">All that the vault paid, base units.</param>
/// <param name="ReleasedSeconds">The integral of the released, token-seconds.</param>
/// <param name="FirstReleaseAt">Seconds since 1970.</param>
/// <param name="Seen">The ids of the flows posted: a flow counts once.</param>
/// <param name="Accounts">One a convention, in the order of <see cref="Convention"/>.</param>
public sealed record Ledger(
    long Time,
    UInt256 Released,
    UInt256 ReleasedSeconds,
    long? FirstReleaseAt,
    ImmutableSortedSet<string> Seen,
    IReadOnlyList<Account> Accounts)
{
    /// <summary>How long the clock stood after the first release, seconds: time that counts for nobody.</summary>
    public long StoodSeconds { get; init; }

    public static Ledger Empty { get; } = new(
        0,
        UInt256.Zero,
        UInt256.Zero,
        null,
        ImmutableSortedSet.Create<string>(StringComparer.Ordinal),
        [.. Enum.GetValues<Convention>().Select(convention => new Account { Convention = convention })]);

    /// <summary>The account under one convention.</summary>
    public Account Under(Convention convention) => Accounts[(int)convention];

    /// <summary>
    /// Lets time pass until <paramref name="at"/>, seconds since 1970. Time never runs back: the clocks of two chains
    /// differ, and a flow whose time lies before the ledger's counts from the ledger's time on.
    /// </summary>
    public Ledger Tick(long at)
    {
        if (at <= Time)
            return this;
        var book = LedgerBook.Of(this);
        book.Tick(at);
        return book.ToLedger(Seen);
    }

    /// <summary>Lets time pass that counts for nobody: the integrals do not grow.</summary>
    public Ledger Skip(long at) => at <= Time
        ? this
        : this with
        {
            Time = at,
            StoodSeconds = FirstReleaseAt is null ? StoodSeconds : StoodSeconds + (at - Time),
            Accounts = [.. Accounts.Select(account => account.Followed is { } followed
                ? account with { Followed = [.. followed.Select(part => part with { CountsFrom = part.CountsFrom + (at - Time) })] }
                : account)],
        };

    /// <summary>Whether what a flow took to somebody unknown does not count as gone yet.</summary>
    public bool IsFollowed(string flowId) => Under(Convention.Floor).Followed?.Any(part => part.FlowId == flowId) == true;

    /// <summary>
    /// What was followed went to an exchange, did not come over its bridge, or is gone for good, from the ledger's time on.
    /// </summary>
    /// <param name="kind"><see cref="FlowKind.ExchangeOut"/>, <see cref="FlowKind.BridgeOut"/>, or <see cref="FlowKind.Unknown"/>.</param>
    public Ledger Settle(string flowId, FlowKind kind)
    {
        var book = LedgerBook.Of(this);
        book.Settle(flowId, kind);
        return book.ToLedger(Seen);
    }

    /// <summary>What is followed is with somebody else from here on: what comes back from them was never gone.</summary>
    public Ledger PassOn(string flowId, Address to)
    {
        var book = LedgerBook.Of(this);
        book.PassOn(flowId, to);
        return book.ToLedger(Seen);
    }

    /// <summary>Posts one flow at <paramref name="at"/>, seconds since 1970, unless a flow of this id was posted.</summary>
    /// <param name="venue">The venue that the flow names; its terms hold from the first deposit on.</param>
    public Ledger Apply(Flow flow, PolicyVenue? venue, long at) => Post(flow, venue, at).Ledger;

    /// <summary>
    /// Counts what a wallet held before it was watched as its own, unless that was done: a read of the chain's state,
    /// because no log of the watched time shows it.
    /// </summary>
    /// <param name="chainId">Of the wallet, where it is not the chain that pays.</param>
    public Ledger ApplyOpeningBalance(Address wallet, UInt256 own, long at, long? chainId = null)
    {
        var id = chainId is { } elsewhere ? $"opening/{elsewhere}/{wallet}" : $"opening/{wallet}";
        if (Seen.Contains(id))
            return this;
        var book = LedgerBook.Of(this);
        book.Tick(at);
        book.Receive(own);
        return book.ToLedger(Seen.Add(id));
    }

    /// <summary>Does as <see cref="Apply"/> and tells how much of the flow was granted tokens.</summary>
    public (Ledger Ledger, GrantParts Parts) Post(Flow flow, PolicyVenue? venue, long at)
    {
        if (Seen.Contains(flow.Id))
            return (this, new GrantParts(UInt256.Zero, UInt256.Zero, UInt256.Zero, UInt256.Zero));
        var book = LedgerBook.Of(this);
        book.PostNew(flow, venue, at);
        return (book.ToLedger(Seen.Add(flow.Id)), book.Granted());
    }

    /// <summary>What the price has sold of a position for the time being; nothing where there is no such position.</summary>
    public Ledger WithDrift(Address venue, UInt256 drift) => With(venue, position => position with { Drift = drift });

    /// <summary>From now on no more shares of a position count than these; all where null.</summary>
    public Ledger WithCounting(Address venue, UInt256? shares) => With(venue, position => position with { Counting = shares });

    /// <summary>The ratios at the ledger's time.</summary>
    public LedgerReading Read(Convention convention)
    {
        var account = Under(convention);
        var eligible = account.EligibleAt(Time, Released);
        return new LedgerReading(
            convention,
            Released,
            account.Disposed(),
            account.Returned,
            account.ReturnedOwn,
            account.Lost,
            eligible,
            account.AtWorkAt(Time, Released),
            BasisPoints.Of(account.Sold, Released),
            BasisPoints.Of(account.Disposed(), Released),
            BasisPoints.Of(eligible, Released),
            BasisPoints.Of(account.EligibleSeconds, ReleasedSeconds),
            BasisPoints.Of(account.HeldSeconds, ReleasedSeconds),
            account.FollowedGrant(),
            account.UncountedGrant());
    }

    private Ledger With(Address venue, Func<Position, Position> change) => this with
    {
        Accounts =
        [
            .. Accounts.Select(account => account with
            {
                Positions = [.. account.Positions.Select(one => one.Venue == venue ? change(one) : one)],
            }),
        ],
    };
}

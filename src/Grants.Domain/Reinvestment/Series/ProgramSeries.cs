using Grants.Domain.Reinvestment.Books;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Series;

/// <summary>What one award's wallets did: everything that its numbers follow from.</summary>
/// <param name="Own">What the wallets held of their own, base units.</param>
/// <param name="Flows">In the order of the chain.</param>
public sealed record AwardHistory(Hash32 AwardId, Address Token, ReinvestmentPolicy Policy, UInt256 Own, IReadOnlyList<PastFlow> Flows)
{
    /// <summary>Through whose hands went what was followed, in the order of the chain.</summary>
    public IReadOnlyList<FollowedFlowMoved> Moves { get; init; } = [];
}

/// <summary>
/// Where the released tokens of many awards are at one time, under <see cref="Convention.Floor"/>, in base units. Released = held +
/// staked + in pools + lent + sold + bridged + sent to exchanges + unknown + followed + spent + returned + lost.
/// </summary>
/// <param name="At">Seconds since 1970.</param>
/// <param name="Held">In the wallets.</param>
/// <param name="Staked">In locks and vaults.</param>
/// <param name="InPools">In pools.</param>
/// <param name="Lent">Deposited in lending markets.</param>
/// <param name="Followed">With somebody unknown, and not counted as gone yet.</param>
/// <param name="Spent">Where the policies let them be spent, gas included.</param>
/// <param name="AtWork">In venues, the wallets' own tokens included: the value locked that the awards brought, in the token.</param>
/// <param name="AtWorkPerReleased">⌊at work·10,000/released⌋; above 10,000 where the wallets added their own.</param>
/// <param name="Concentration">
/// ⌊the sum of the squares of the awards' shares of what is at work⌋, in basis points: 10,000 where one award has it all.
/// </param>
public sealed record SeriesPoint(
    long At,
    UInt256 Released,
    UInt256 Held,
    UInt256 Staked,
    UInt256 InPools,
    UInt256 Lent,
    UInt256 Sold,
    UInt256 Bridged,
    UInt256 SentToExchanges,
    UInt256 Unknown,
    UInt256 Spent,
    UInt256 Returned,
    UInt256 Lost,
    UInt256 AtWork,
    UInt256 AtWorkPerReleased,
    BasisPoints Concentration,
    UInt256 Followed);

/// <summary>What many awards have come to over time, ready to plot.</summary>
public static class ProgramSeries
{
    public const int PointsMax = 400;

    /// <param name="times">Ascending, seconds since 1970.</param>
    public static IReadOnlyList<SeriesPoint> Of(IReadOnlyList<AwardHistory> awards, IReadOnlyList<long> times)
    {
        var lines = awards.Select(award => new Line(award)).ToList();
        return [.. times.Select(at => PointAt(lines, at))];
    }

    private static SeriesPoint PointAt(List<Line> lines, long at)
    {
        var parts = lines.Select(line => line.At(at)).ToList();
        UInt256 Sum(Func<(UInt256 Released, Account Account, AwardHistory Award), UInt256> of) =>
            parts.Aggregate(UInt256.Zero, (sum, part) => sum + of(part));
        UInt256 In(Func<VenueKind, bool> isKind) => Sum(part => part.Account.Positions
            .Where(position => isKind(part.Award.Policy.VenueAnywhere(position.Venue)?.Kind ?? VenueKind.Vault))
            .Aggregate(UInt256.Zero, (sum, position) => sum + position.Grant + position.LeavingGrant));
        var (released, atWork) = (Sum(part => part.Released), Sum(part => AtWork(part.Account)));
        return new SeriesPoint(
            at,
            released,
            Sum(part => part.Account.LiquidGrant),
            In(kind => kind is VenueKind.Lock or VenueKind.Vault or VenueKind.Rebasing),
            In(kind => kind is VenueKind.Pool or VenueKind.Range),
            In(kind => kind == VenueKind.Lending),
            Sum(part => part.Account.Sold),
            Sum(part => part.Account.Bridged),
            Sum(part => part.Account.SentToExchanges),
            Sum(part => part.Account.Unknown),
            Sum(part => part.Account.Spent + part.Account.Gas),
            Sum(part => part.Account.Returned),
            Sum(part => part.Account.Lost),
            atWork,
            released.IsZero ? UInt256.Zero : UInt256.MulDiv(atWork, BasisPoints.Whole, released),
            Concentration(parts.Select(part => AtWork(part.Account)), atWork),
            Sum(part => part.Account.FollowedGrant()));
    }

    private static UInt256 AtWork(Account account) =>
        account.Positions.Aggregate(UInt256.Zero, (sum, position) => sum + position.Grant + position.Own);

    private static BasisPoints Concentration(IEnumerable<UInt256> parts, UInt256 whole)
    {
        if (whole.IsZero)
            return default;
        UInt256 Square(UInt256 part) => UInt256.MulDiv(UInt256.MulDiv(part, BasisPoints.Whole, whole), part, whole);
        return new BasisPoints((int)(ulong)parts.Aggregate(UInt256.Zero, (sum, part) => sum + Square(part)));
    }

    /// <summary>One award, posted as far as it was asked for.</summary>
    private sealed class Line
    {
        private readonly AwardHistory award;
        private readonly LedgerBook book = LedgerBook.Begin();
        private int next;
        private int nextMove;

        public Line(AwardHistory award)
        {
            this.award = award;
            book.Receive(award.Own);
        }

        public (UInt256 Released, Account Account, AwardHistory Award) At(long at)
        {
            for (; next < award.Flows.Count && award.Flows[next].Block.TimestampSeconds <= at; next++)
            {
                var (flow, block) = award.Flows[next];
                MoveUntil(block.TimestampSeconds - 1);
                book.Post(flow, flow.Venue is { } venue ? award.Policy.VenueAnywhere(venue) : null, block.TimestampSeconds);
            }

            MoveUntil(at);
            book.Tick(at);
            return (book.Released, book.ToLedger().Under(Convention.Floor), award);
        }

        // What turned out to have gone to an exchange, or not to have come over its bridge, is told so from its flow on.
        private void MoveUntil(long at)
        {
            for (; nextMove < award.Moves.Count && award.Moves[nextMove].Block.TimestampSeconds <= at; nextMove++)
            {
                var moved = award.Moves[nextMove];
                book.Tick(moved.Block.TimestampSeconds);
                if (moved.Outcome == FollowedOutcome.Gone)
                    book.Settle(moved.FlowId, FlowKind.Unknown);
                else if (moved is { Outcome: FollowedOutcome.PassedOn, InLedger: true })
                    book.PassOn(moved.FlowId, moved.To);
            }
        }
    }
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Liquidity;

/// <summary>Positions between prices: principal, fees, loss, drift, and what becomes of them when they change hands.</summary>
public sealed class RangePositionSpecs
{
    private static readonly Address Pool = Flows.AddressOf(0x31);
    private static readonly Address Manager = Flows.AddressOf(0x32);
    private static readonly UInt256 Liquidity = 1_000_000UL;
    private static readonly UInt256 Principal = LiquidityMath.AmountOf(LiquidityMath.PriceAt(0), 60, 60_000, Liquidity, true);

    private static readonly ReinvestmentPolicy Ranges = Policy with
    {
        Rules = [Policy.Rules[0] with { DriftCounts = true }, Policy.Rules[1]],
        Venues = [.. Policy.Venues, new PolicyVenue(Pool, VenueKind.Range, new(10_000), new(10_000), 0)],
        Labels = [.. Policy.Labels, new LabelledAddress(Manager, AddressKind.PositionManager)],
    };

    [Fact]
    public void what_is_put_in_is_at_work_and_fees_are_own_money()
    {
        var story = Begin().Then(Day, at => Minted(at, 60, 60_000, 1_000));
        Assert.Equal((UInt256)1_000UL, Account(story).Positions.Single().Grant);
        Assert.Equal((UInt256)1_000UL, Assert.Single(story.State.LiquidityTokens).Principal);

        story.Then(2 * Day, at => Decreased(at, Liquidity, 1_000));
        Assert.Equal((UInt256)1_000UL, Account(story).Positions.Single().LeavingGrant);
        Assert.Equal(0, story.State.Ledger.Read(Convention.Floor).ReinvestedShare.Value);
        story.Then(3 * Day, at => Collected(at, 1_030));
        Assert.Equal(
            [FlowKind.Release, FlowKind.Open, FlowKind.UnlockStarted, FlowKind.OwnIn, FlowKind.Close],
            story.All<FlowClassified>().Select(flow => flow.Flow.Kind));
        Assert.Equal(
            ((UInt256)1_000UL, (UInt256)30UL, default), (Account(story).LiquidGrant, Account(story).LiquidOwn, Account(story).Lost));
        Assert.Empty(story.State.Breaches);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void of_two_equal_amounts_the_order_of_the_payments_tells_which_is_which(bool isToken0)
    {
        Func<EventKey, Observation>[] payments = [Moved(Ada, Pool, 700), Moved(Stable, Ada, Pool, 700)];
        var story = Begin().Then(Day, at => Transaction(
            at,
            [
                .. isToken0 ? payments : payments.Reverse(),
                key => new RangeMinted(key, Pool, Manager, -600, 600, Liquidity, 700, 700),
                key => new PositionTransferred(key, Manager, Address.Zero, Ada, 7),
                key => new PositionIncreased(key, Manager, 7, Liquidity, 700, 700),
            ]));
        Assert.Equal(isToken0, Assert.Single(story.State.LiquidityTokens).IsToken0);
    }

    [Fact]
    public void what_the_pool_rounds_off_after_it_was_named_has_not_arrived()
    {
        var story = Begin().Then(Day, at => Minted(at, 60, 60_000, 1_000)).Then(2 * Day, at => Decreased(at, Liquidity, 1_000));
        story.Then(3 * Day, at => Transaction(
            at, Moved(Pool, Ada, 1_029), key => new PositionCollected(key, Manager, 7, Ada, 1_030, 0)));
        Assert.Equal(((UInt256)1_000UL, (UInt256)29UL), (Account(story).LiquidGrant, Account(story).LiquidOwn));
        Assert.Equal(5, story.Count<FlowClassified>());
    }

    [Fact]
    public void half_of_the_liquidity_is_half_of_the_principal_and_what_the_pool_keeps_is_lost_not_sold()
    {
        var story = Begin().Then(Day, at => Minted(at, -887_220, 887_220, 1_000));
        story.Then(2 * Day, at => Decreased(at, 500_000UL, 400)).Then(3 * Day, at => Collected(at, 400));
        var account = Account(story);
        Assert.Equal(
            ((UInt256)500UL, (UInt256)400UL, (UInt256)100UL),
            (account.Positions.Single().Grant, account.LiquidGrant, account.Lost));
        Assert.Equal(UInt256.Zero, account.Sold);
        Assert.Empty(story.State.Breaches);
    }

    [Fact]
    public void a_range_above_the_price_is_an_order_to_sell_and_counts_while_the_price_is_beyond_it()
    {
        var story = Story.Begin(Ranges).Then(1, at => Released(at, Ada, Principal)).Then(Day, at => Minted(at, 60, 60_000, Principal));
        Judge(story, 2 * Day, 0);
        Assert.Equal(0, story.Count<LpDrift>());
        Judge(story, 3 * Day, 70_000);
        Assert.Equal(Principal, story.Last<LpDrift>().Shortfall);
        var breach = Assert.Single(story.State.Breaches);
        Assert.Equal(10_000, breach.Actual.Value);
        Assert.Contains("sold by the price out of a position", breach.Explain(), StringComparison.Ordinal);
        Assert.Equal(UInt256.Zero, Account(story).Sold);
        Judge(story, 4 * Day, 70_000);
        Assert.Equal(1, story.Count<LpDrift>()); // Told once.
        Judge(story, 5 * Day, 0);
        Assert.Equal(UInt256.Zero, story.Last<LpDrift>().Shortfall);
        Assert.Empty(story.State.Breaches);
    }

    [Fact]
    public void a_position_of_the_full_range_does_not_drift()
    {
        var story = Story.Begin(Ranges).Then(1, at => Released(at, Ada, Principal))
            .Then(Day, at => Minted(at, -887_220, 887_220, Principal));
        Judge(story, 3 * Day, 70_000);
        Assert.Equal(0, story.Count<LpDrift>());
        Assert.Empty(story.State.Breaches);
    }

    [Fact]
    public void a_position_that_goes_to_somebody_else_takes_its_principal_and_what_waits_in_it()
    {
        var story = Begin().Then(Day, at => Minted(at, 60, 60_000, 1_000)).Then(2 * Day, at => Decreased(at, 400_000UL, 400));
        story.Then(3 * Day, at => Transaction(at, key => new PositionTransferred(key, Manager, Ada, Stranger, 7)));
        Assert.Equal(
            [FlowKind.Close, FlowKind.SharesOut, FlowKind.Unknown],
            story.All<FlowClassified>().Skip(3).Select(flow => flow.Flow.Kind));
        Assert.Equal((UInt256)1_000UL, Account(story).Unknown);
        Assert.Single(story.State.Breaches);
        Assert.Empty(story.State.LiquidityTokens);
        story.Then(4 * Day, at => Collected(at, 400, Stranger)); // It is not the award's any more.
        Assert.Equal(6, story.Count<FlowClassified>());
    }

    [Fact]
    public void a_position_between_two_wallets_of_the_award_is_nothing()
    {
        var story = Begin().Link(5, AdaCold, 0).Then(Day, at => Minted(at, 60, 60_000, 1_000));
        story.Then(2 * Day, at => Transaction(at, key => new PositionTransferred(key, Manager, Ada, AdaCold, 7)));
        Assert.Equal(FlowKind.Internal, story.Last<FlowClassified>().Flow.Kind);
        Assert.Equal((UInt256)1_000UL, Account(story).Positions.Single().Grant);
        Assert.Single(story.State.LiquidityTokens);
    }

    [Fact]
    public void a_position_that_is_made_for_somebody_else_is_a_payment_to_them()
    {
        var story = Begin().Then(Day, at => Minted(at, 60, 60_000, 1_000, Stranger));
        Assert.Equal(FlowKind.Unknown, story.Last<FlowClassified>().Flow.Kind);
        Assert.Empty(story.State.LiquidityTokens);
    }

    [Fact]
    public void another_manager_or_pool_counts_for_nothing()
    {
        var unlabelled = Ranges with { Labels = Policy.Labels };
        var story = Story.Begin(unlabelled).Then(1, at => Released(at, Ada, 1_000)).Then(Day, at => Minted(at, 60, 60_000, 1_000));
        Assert.Equal(FlowKind.Unknown, story.Last<FlowClassified>().Flow.Kind);
    }

    [Fact]
    public void a_pool_that_is_listed_later_is_told_back_with_all_that_became_of_the_position()
    {
        IReadOnlyList<Observation>[] transactions =
        [
            Released(1, Ada, 1_000), Minted(Day, 60, 60_000, 1_000), Decreased(2 * Day, 500_000UL, 500), Collected(3 * Day, 510),
        ];
        Story Live(ReinvestmentPolicy policy) =>
            transactions.Aggregate(Story.Begin(policy), (story, one) => story.Then(one[0].Key.BlockNumber, _ => one));
        var early = Live(Ranges);
        var late = Live(Ranges with { Venues = Policy.Venues });
        var again = new RerunFlows(
            Story.AwardId, 1, [new WatchEntry(0, Ranges.Venues[^1])], 0, [.. late.All<object>()],
            [.. transactions.Select(one => new PastTransaction(one, Block(one[0].Key.BlockNumber, one[0].Key.BlockNumber)))],
            Block(3 * Day, 3 * Day));
        late.Decide(state => ReinvestmentMonitor.Decide(again, state));
        Assert.Equal(Flows.Json(early.State.Ledger), Flows.Json(late.State.Ledger));
        Assert.Equal(Flows.Json(early.State.LiquidityTokens), Flows.Json(late.State.LiquidityTokens));
    }

    private static Story Begin() => Story.Begin(Ranges).Then(1, at => Released(at, Ada, 1_000));

    private static Account Account(Story story) => story.State.Ledger.Under(Convention.Floor);

    private static void Judge(Story story, long at, int tick) => story.Decide(state => ReinvestmentMonitor.Decide(
        new EvaluateCheckpoint(
            Story.AwardId, Block(at, at), Prices: [new PoolPrice(Pool, LiquidityMath.PriceAt(tick))]), state));

    private static IReadOnlyList<Observation> Minted(long at, int lower, int upper, UInt256 amount, Address? to = null) => Transaction(
        at,
        Moved(Ada, Pool, amount),
        key => new RangeMinted(key, Pool, Manager, lower, upper, Liquidity, amount, 0),
        key => new PositionTransferred(key, Manager, Address.Zero, to ?? Ada, 7),
        key => new PositionIncreased(key, Manager, 7, Liquidity, amount, 0));

    private static IReadOnlyList<Observation> Decreased(long at, UInt256 liquidity, UInt256 freed) =>
        Transaction(at, key => new PositionDecreased(key, Manager, 7, liquidity, freed, 0));

    private static IReadOnlyList<Observation> Collected(long at, UInt256 amount, Address? to = null) => Transaction(
        at, Moved(Pool, to ?? Ada, amount), key => new PositionCollected(key, Manager, 7, to ?? Ada, amount, 0));
}

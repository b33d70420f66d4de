using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Pools;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Pools;

/// <summary>Pools of which the wallets hold too much, or whose other token is on no list; and swaps in pools of one's own.</summary>
public sealed class OwnPoolSpecs
{
    private static readonly Address RangePool = Flows.AddressOf(0x31);
    private static readonly Address Manager = Flows.AddressOf(0x32);
    private static readonly Address Fake = Flows.AddressOf(0xfa);

    private static readonly ReinvestmentPolicy Limited = Policy with
    {
        Venues =
        [
            new PolicyVenue(Pair, VenueKind.Pool, new(10_000), new(10_000), 0),
            new PolicyVenue(RangePool, VenueKind.Range, new(10_000), new(10_000), 0),
        ],
        Labels = [.. Policy.Labels, new LabelledAddress(Manager, AddressKind.PositionManager)],
        Pools = new PolicyPools(new BasisPoints(5_000), [Stable]),
    };

    [Fact]
    public void what_is_held_beyond_the_share_of_the_pool_counts_for_nothing()
    {
        var story = Begin().Record(Day, Provided(Day, 1_000, 300));
        Judge(story, Day, new PoolDepth(Pair, Stable, 400)); // 300 of 400 are theirs, 200 may be.
        Assert.Equal((UInt256)666UL, Eligible(story));
        Assert.Equal((UInt256)334UL, story.State.Ledger.Read(Convention.Floor).Uncounted);
        var share = Assert.Single(story.State.Pools);
        Assert.Equal((7_500, (UInt256)200UL), (share.OwnShare.Value, share.Counting));

        // Others come, and it counts from then on.
        Judge(story, 3 * Day, new PoolDepth(Pair, Stable, 600));
        Assert.Equal((UInt256)1_000UL, Eligible(story));
        var seconds = story.State.Ledger.Under(Convention.Floor).EligibleSeconds;
        Assert.Equal((UInt256)(666UL * 2 * (ulong)Day), seconds);

        // What the wallets take out is theirs at once: of 150 shares that are left, all count.
        story.Record(4 * Day, Withdrawn(4 * Day, 500, 150));
        Assert.Equal((UInt256)500UL, Eligible(story));
    }

    [Fact]
    public void what_others_put_in_for_the_checkpoint_alone_makes_no_share_smaller()
    {
        var story = Begin().Record(Day, Provided(Day, 1_000, 300));
        Judge(story, Day, new PoolDepth(Pair, Stable, 900, OthersLeast: 100)); // 300 of 400, not of 900
        Assert.Equal((7_500, (UInt256)666UL), (Assert.Single(story.State.Pools).OwnShare.Value, Eligible(story)));
        Judge(story, 2 * Day, new PoolDepth(Pair, Stable, 500, OthersLeast: 600)); // Never more than there is.
        Assert.Equal((6_000, (UInt256)833UL), (Assert.Single(story.State.Pools).OwnShare.Value, Eligible(story)));
    }

    [Fact]
    public void a_pool_without_a_listed_pair_token_counts_for_nothing_and_the_breach_says_so()
    {
        var story = Begin().Record(Day, Provided(Day, 1_000, 3));
        Judge(story, Day, new PoolDepth(Pair, Fake, 1_000_000));
        Assert.Equal(UInt256.Zero, Eligible(story));
        Judge(story, 40 * Day, new PoolDepth(Pair, null, 1_000_000)); // It is no pool of the token at all.
        Assert.Equal(UInt256.Zero, Eligible(story));
        var breach = Assert.Single(story.State.Breaches);
        Assert.Contains("0.000000000000001 tokens in pools count for nothing", breach.Explain(), StringComparison.Ordinal);
        Judge(story, 41 * Day, new PoolDepth(Pair, Stable, 1_000_000));
        Assert.Equal((UInt256)1_000UL, Eligible(story));
    }

    [Fact]
    public void what_is_no_pool_of_the_token_counts_for_nothing_whatever_the_list()
    {
        var anyPair = Limited with { Pools = new PolicyPools(new BasisPoints(10_000), []) };
        var story = Story.Begin(anyPair).Then(1, at => Released(at, Ada, 1_000));
        story.Record(Day, Provided(Day, 1_000, 300));
        Judge(story, Day, new PoolDepth(Pair, null, UInt256.Zero));
        Assert.Equal(UInt256.Zero, Eligible(story));
        Judge(story, 2 * Day, new PoolDepth(Pair, Fake, 300)); // Any other token will do, and the whole of the pool may be theirs.
        Assert.Equal((UInt256)1_000UL, Eligible(story));
    }

    [Fact]
    public void a_policy_that_says_nothing_of_pools_counts_all()
    {
        var story = Story.Begin(Limited with { Pools = null }).Then(1, at => Released(at, Ada, 1_000));
        story.Record(Day, Provided(Day, 1_000, 300));
        Judge(story, Day, new PoolDepth(Pair, Fake, 300));
        Assert.Equal((UInt256)1_000UL, Eligible(story));
        Assert.Empty(story.State.Pools);
        Assert.Null(story.Last<CheckpointEvaluated>().Pools);
    }

    [Fact]
    public void between_prices_the_liquidity_where_the_wallets_have_most_is_held_against_that_of_others_at_the_price()
    {
        // 600 of 1,000 at the price are theirs, so 500 may be.
        var story = Begin().Record(Day, Ranged(Day, 1, -600, 600, 600, 900));
        Judge(story, Day, new PoolDepth(RangePool, Stable, 1_000, LiquidityMath.PriceAt(0)));
        Assert.Equal((UInt256)750UL, Eligible(story));

        // One more, away from the price and from the first: 400 of others, 600 of theirs where they have most, as before.
        story.Record(2 * Day, Ranged(2 * Day, 2, 1_200, 1_800, 600, 100));
        Judge(story, 2 * Day, new PoolDepth(RangePool, Stable, 1_000, LiquidityMath.PriceAt(0)));
        Assert.Equal((6_000, (UInt256)833UL), (Assert.Single(story.State.Pools).OwnShare.Value, Eligible(story)));

        // The price has left both, and others have 2,000 there.
        Judge(story, 3 * Day, new PoolDepth(RangePool, Stable, 2_000, LiquidityMath.PriceAt(900)));
        Assert.Equal((UInt256)1_000UL, Eligible(story));
        // Where nobody has anything, an order that waits is all of the pool.
        Judge(story, 4 * Day, new PoolDepth(RangePool, Stable, 0, LiquidityMath.PriceAt(900)));
        Assert.Equal((10_000, (UInt256)500UL), (Assert.Single(story.State.Pools).OwnShare.Value, Eligible(story)));
    }

    [Fact]
    public void a_swap_in_ones_own_pool_is_a_sale_that_is_marked()
    {
        var story = Begin().Record(Day, Provided(Day, 500, 300));
        Judge(story, Day, new PoolDepth(Pair, Stable, 500));
        story.Record(2 * Day, Swap(2 * Day, 100));
        Assert.Equal((FlowKind.Sale, true), (story.Last<FlowClassified>().Flow.Kind, story.Last<FlowClassified>().InOwnPool));
        Assert.Equal((UInt256)100UL, story.State.Ledger.Under(Convention.Floor).Sold);
        story.Record(3 * Day, Transaction(3 * Day, Moved(Stable, Ada, Pair, 17), Moved(Pair, Ada, 90), Swapped(Pair)));
        Assert.Equal((FlowKind.OwnIn, true), (story.Last<FlowClassified>().Flow.Kind, story.Last<FlowClassified>().InOwnPool));

        // By another pool it is not; and not any more when half of their own is gone: 150 of theirs, 200 of others.
        story.Record(4 * Day, Sold(4 * Day, Ada, 10));
        Assert.False(story.Last<FlowClassified>().InOwnPool);
        story.Record(5 * Day, Withdrawn(5 * Day, 250, 150)).Record(6 * Day, Swap(6 * Day, 10));
        Assert.Equal((FlowKind.Sale, false), (story.Last<FlowClassified>().Flow.Kind, story.Last<FlowClassified>().InOwnPool));
    }

    private static Story Begin() => Story.Begin(Limited).Then(1, at => Released(at, Ada, 1_000));

    private static UInt256 Eligible(Story story) => story.State.Ledger.Read(Convention.Floor).Eligible;

    private static void Judge(Story story, long at, PoolDepth depth) => story.Decide(state => ReinvestmentMonitor.Decide(
        new EvaluateCheckpoint(Story.AwardId, Block(at, at), Pools: [depth]), state));

    private static IReadOnlyList<Observation> Provided(long at, UInt256 amount, UInt256 shares) => Transaction(
        at, Moved(Ada, Pair, amount), Moved(Pair, Address.Zero, Ada, shares), key => new PoolMinted(key, Pair, Router, amount, 7));

    private static IReadOnlyList<Observation> Withdrawn(long at, UInt256 amount, UInt256 shares) => Transaction(
        at,
        Moved(Pair, Ada, Pair, shares),
        Moved(Pair, Pair, Address.Zero, shares),
        Moved(Pair, Ada, amount),
        key => new PoolBurned(key, Pair, Ada, amount, 7));

    private static IReadOnlyList<Observation> Swap(long at, UInt256 amount) => Transaction(
        at, Moved(Ada, Pair, amount), Moved(Stable, Pair, Ada, 17), Swapped(Pair));

    private static IReadOnlyList<Observation> Ranged(long at, ulong id, int lower, int upper, UInt256 liquidity, UInt256 amount) =>
        Transaction(
            at,
            Moved(Ada, RangePool, amount),
            key => new RangeMinted(key, RangePool, Manager, lower, upper, liquidity, amount, 0),
            key => new PositionTransferred(key, Manager, Address.Zero, Ada, id),
            key => new PositionIncreased(key, Manager, id, liquidity, amount, 0));
}

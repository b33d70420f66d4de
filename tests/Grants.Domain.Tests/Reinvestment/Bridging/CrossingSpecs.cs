using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Bridging.TwoChains;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Bridging;

/// <summary>One person's wallets on two chains: what is on its way, what has come out, and what never does.</summary>
public sealed class CrossingSpecs
{
    [Fact]
    public void what_is_bridged_to_ones_own_wallet_and_locked_there_is_at_work_and_never_disposed_of()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800));
        Assert.Equal(((UInt256)800UL, UInt256.Zero), (Reading(story).Followed, Reading(story).Disposed));
        story.ThenThere(Day, 5 * Day, Landed(800)).ThenThere(Day, 6 * Day, LockedThere(800)).Checkpoint(60 * Day);
        Assert.Equal(
            ["Release", "BridgeOut", "BridgeIn", "Open"], story.All<FlowClassified>().Select(told => $"{told.Flow.Kind}"));
        Assert.Equal(
            ((UInt256)800UL, UInt256.Zero, UInt256.Zero),
            (Reading(story).Eligible, Reading(story).Followed, Reading(story).Disposed));
        Assert.Empty(story.State.Breaches);
        Assert.Empty(story.State.DisposalIds);
    }

    [Fact]
    public void what_began_to_leave_a_lock_on_the_other_chain_is_at_work_no_more()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800)).ThenThere(Day, 3, LockedThere(800))
            .ThenThere(2 * Day, 4, key => new SequencerUnlockStarted(key, LockThere, AdaThere, 7, 0));
        Assert.Equal((FlowKind.UnlockStarted, UInt256.Zero), (story.Last<FlowClassified>().Flow.Kind, Reading(story).Eligible));
        story.ThenThere(2 * Day, 5, Moved(TokenThere, LockThere, AdaThere, 800));
        Assert.Equal(FlowKind.Close, story.Last<FlowClassified>().Flow.Kind);
        Assert.Equal<UInt256>(800, story.State.LiquidElsewhere);
    }

    [Fact]
    public void who_gets_the_rewards_of_a_lock_there_is_one_of_the_wallets_here()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800)).ThenThere(Day, 3, LockedThere(800))
            .ThenThere(Day, 4, key => new SequencerRewardClaimed(key, LockThere, 7, Stranger, 20));
        Assert.Equal([Ada, Stranger], story.State.OwnChainWallets.Select(wallet => wallet.Wallet));
        Assert.Equal([Ada], story.State.ProvenWallets);
        story.Then(2 * Day, at => Sold(at, Stranger, 50));
        Assert.Equal((FlowKind.Sale, (UInt256)50UL), (story.Last<FlowClassified>().Flow.Kind, Reading(story).Disposed));
    }

    [Fact]
    public void what_is_bridged_to_somebody_else_is_gone_at_once()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800, Stranger));
        Assert.Equal<UInt256>(800, Reading(story).Disposed);
        Assert.Null(story.Last<FlowClassified>().Flow.CountsFrom);
        Assert.Single(story.State.Breaches);
    }

    [Fact]
    public void what_has_not_come_out_in_time_is_gone_by_the_other_chains_clock_alone()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).Checkpoint(40 * Day);
        Assert.Equal(UInt256.Zero, Reading(story).Disposed); // L1 was not seen since: nobody knows.
        story.PassThere(40 * Day, (15 * Day) - 1);
        Assert.Equal(0, story.Count<FollowedFlowMoved>());
        story.PassThere(40 * Day, 15 * Day).Checkpoint(41 * Day);
        Assert.Equal(FollowedOutcome.NotLanded, story.Last<FollowedFlowMoved>().Outcome);
        Assert.Equal<UInt256>(800, story.State.Ledger.Under(Convention.Floor).Bridged);
        Assert.Contains(story.State.Breaches, breach => breach.Rule == RuleKind.MaxDisposal);
        var told = Rerun.FlowsOf(story.All<object>()).Single(flow => flow.Flow.Kind == FlowKind.BridgeOut).Flow;
        Assert.Null(told.CountsFrom);
        Assert.EndsWith("in time.", told.Why, StringComparison.Ordinal);
        story.ThenThere(41 * Day, 20 * Day, Landed(800)); // It takes nothing back: the grantee can only cure with it.
        Assert.Equal<UInt256>(800, Reading(story).Disposed);
        Assert.Equal<UInt256>(800, story.State.Ledger.Under(Convention.Floor).LiquidOwn);
    }

    [Fact]
    public void a_paused_clock_waits_for_longer()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800))
            .Decide(state => ReinvestmentMonitor.Decide(new PauseClock(Story.AwardId, "An audit.", Block(2 * Day, 2 * Day)), state))
            .PassThere(20 * Day, 20 * Day);
        Assert.Equal(0, story.Count<FollowedFlowMoved>());
        story.Decide(state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "Done.", Block(12 * Day, 12 * Day)), state))
            .PassThere(24 * Day, 24 * Day);
        Assert.Equal(0, story.Count<FollowedFlowMoved>());
        Assert.Equal(1, story.PassThere(25 * Day, 25 * Day).Count<FollowedFlowMoved>());
    }

    [Fact]
    public void what_others_send_over_the_bridge_is_ones_own_and_lands_nothing()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800, Stranger));
        Assert.Equal(FlowKind.OwnIn, story.Last<FlowClassified>().Flow.Kind);
        Assert.Equal<UInt256>(800, Reading(story).Followed);
        Assert.Equal(1, story.PassThere(16 * Day, 15 * Day).Count<FollowedFlowMoved>());
    }

    [Fact]
    public void a_part_that_came_out_is_back_and_the_rest_is_still_awaited()
    {
        var story = Begin().Then(Day, at => Leaves(at, 500)).Then(Day + 1, at => Leaves(at, 300)).ThenThere(2 * Day, 2, Landed(300));
        Assert.Equal<UInt256>(500, Reading(story).Followed); // that of 300, though it left later
        story.ThenThere(2 * Day, 3, Landed(200));
        Assert.Equal<UInt256>(300, Reading(story).Followed);
        story.PassThere(16 * Day, 15 * Day);
        Assert.Equal(((UInt256)300UL, UInt256.Zero), (Reading(story).Disposed, Reading(story).Followed));
    }

    [Fact]
    public void what_is_sold_on_the_other_chain_is_disposed_of()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800))
            .ThenThere(Day, 3, Moved(TokenThere, AdaThere, ExchangeThere, 700)).Checkpoint(2 * Day);
        Assert.Equal<UInt256>(700, story.State.Ledger.Under(Convention.Floor).SentToExchanges);
        Assert.Equal<UInt256>(100, story.State.LiquidElsewhere);
        Assert.Single(story.State.Breaches);
    }

    [Fact]
    public void own_tokens_of_before_leave_first_on_whichever_chain_they_are()
    {
        var story = Begin(ownThere: 500).Then(Day, at => Sold(at, Ada, 600));
        Assert.Equal<UInt256>(100, Reading(story).Disposed);
    }

    [Fact]
    public void what_comes_back_is_awaited_by_the_clock_of_the_chain_that_pays()
    {
        var story = Begin().Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800)).ThenThere(
            2 * Day,
            3,
            Moved(TokenThere, AdaThere, BridgeThere, 800),
            key => new BridgeWithdrawn(key, BridgeThere, TokenThere, AdaThere, Ada, 800));
        Assert.Equal<UInt256>(800, Reading(story).Followed);
        story.PassThere(16 * Day, 16 * Day).PassHere((16 * Day) - 1);
        Assert.Equal(0, story.Count<FollowedFlowMoved>());
        story.Then(16 * Day, at => Returns(at, 800)).PassHere(16 * Day);
        Assert.Equal((FlowKind.BridgeIn, UInt256.Zero), (story.Last<FlowClassified>().Flow.Kind, Reading(story).Followed));
        Assert.Equal((0, UInt256.Zero), (story.Count<FollowedFlowMoved>(), story.State.LiquidElsewhere));
    }

    [Fact]
    public void the_same_address_on_the_other_chain_is_another_wallet()
    {
        var story = Story.Begin(Spanning).Then(1, at => Released(at, Ada, 1_000)).Then(Day, at => Leaves(at, 800, Ada));
        Assert.Equal<UInt256>(800, Reading(story).Disposed);
        story.LinkThere(Day, Ada, 40).Then(2 * Day, at => Leaves(at, 100, Ada));
        Assert.Equal<UInt256>(60, Reading(story).Followed); // forty are their own
        Assert.Equal([Ada], story.State.ProvenWallets);
        Assert.Equal([Ada], story.State.WalletsElsewhere);
    }

    [Fact]
    public void a_chain_of_which_the_policy_says_nothing_is_refused()
    {
        Assert.IsType<ChainNotJudged>(ReinvestmentMonitor.Decide(Linking(2, AdaThere, 0, 5), Begin().State).Rejection);
        Assert.IsType<ChainNotJudged>(ReinvestmentMonitor.Decide(Linking(2, AdaThere, 0), Story.Begin().State).Rejection);
        Assert.IsType<WalletNotLinkable>(ReinvestmentMonitor.Decide(Linking(2, LockThere, 0), Begin().State).Rejection);
        var foreign = new RecordTransaction(
            Story.AwardId, Transaction(5, Moved(Ada, Stranger, 1)), Block(5, 5), Clock: Block(5, 5));
        Assert.IsType<InvalidValue>(ReinvestmentMonitor.Decide(foreign, Begin().State).Rejection);
    }

    [Fact]
    public void balances_of_the_chain_that_pays_say_nothing_of_what_is_on_the_other()
    {
        var story = Begin(ownThere: 70).Then(Day, at => Leaves(at, 800)).ThenThere(Day, 2, Landed(800));
        var at = Block(2 * Day, 2 * Day);
        story.Decide(state => ReinvestmentMonitor.Decide(
            new ReconcileBalances(Story.AwardId, 270, at, new EventKey(ChainId, at.Number, at.Hash, Hash32.Zero, -3)), state));
        Assert.Equal(FlowKind.OwnIn, story.Last<FlowClassified>().Flow.Kind); // 70 of their own left first: 270 are here
        Assert.Equal<UInt256>(870, story.State.LiquidElsewhere);
    }

    [Fact]
    public void told_again_with_a_list_the_crossings_stay_where_they_were()
    {
        var early = Lived(Spanning);
        var late = Lived(Spanning with { Venues = [.. Spanning.Venues.Where(venue => venue.Address != Lst)] });
        var block = Block(30 * Day, 30 * Day);
        var rerun = new RerunFlows(
            Story.AwardId,
            1,
            [new WatchEntry(0, Spanning.VenueAt(Lst))],
            1,
            [.. late.All<object>()],
            [.. Here().Select(one => new PastTransaction(one.Observations, Block(one.At, one.At)))],
            block);
        late.Decide(state => ReinvestmentMonitor.Decide(rerun, state));
        Assert.Equal(Flows.Json(early.State.Ledger.Accounts), Flows.Json(late.State.Ledger.Accounts));
        Assert.Equal(Flows.Json(early.State.SequencerLocks), Flows.Json(late.State.SequencerLocks));
        Assert.All(late.All<FlowReclassified>().Where(told => told.Version == 1), told => Assert.Equal(Lst, told.After!.Venue));
        Assert.Equal(
            early.All<FlowClassified>().Select(flow => flow.Flow.Id), Rerun.FlowsOf(late.All<object>()).Select(flow => flow.Flow.Id));
    }

    private static IEnumerable<(long At, IReadOnlyList<Observation> Observations)> Here() =>
    [
        (1, Released(1, Ada, 1_000)),
        (2 * Day, Leaves(2 * Day, 400)),
        (3 * Day, Deposited(3 * Day, Ada, 200, 200)),
        (4 * Day, Leaves(4 * Day, 50)),
        (9 * Day, Deposited(9 * Day, Ada, 100, 100)),
    ];

    // 400 cross and are locked, of another 50 nothing is seen; all of it between deposits at home.
    private static Story Lived(ReinvestmentPolicy policy)
    {
        var story = Story.Begin(policy);
        foreach (var (at, observations) in Here())
        {
            story.Then(at, _ => observations);
            story = at switch
            {
                1 => story.LinkThere(1, AdaThere, 10),
                3 * Day => story.ThenThere(at, 50, Landed(400)).ThenThere(at, 51, LockedThere(300)),
                9 * Day => story.PassThere(at, 18 * Day),
                _ => story,
            };
        }

        return story.Checkpoint(30 * Day);
    }

    private static LedgerReading Reading(Story story) => story.State.Ledger.Read(Convention.Floor);
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Series;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Watching;

/// <summary>
/// Who is paid by an award's wallets and is unknown: a new wallet joins, anybody else is followed for a week and through two hands.
/// </summary>
public sealed class FollowingSpecs
{
    private static readonly Address Fresh = Flows.AddressOf(0xf1);
    private static readonly Address Second = Flows.AddressOf(0xf2);
    private static readonly Address Third = Flows.AddressOf(0xf3);

    private static readonly ReinvestmentPolicy Followed = Policy with { Unknowns = new PolicyUnknowns(2, 7 * Day) };

    [Fact]
    public void a_new_wallet_that_the_award_alone_pays_joins_and_what_it_does_is_what_the_award_does()
    {
        var story = Begin().Record(Day, Transaction(Day, Moved(Ada, Fresh, 900)), Fresh).Checkpoint(Day);
        Assert.Equal((Fresh, Ada), (story.Last<ClusterMemberAdded>().Wallet, story.Last<ClusterMemberAdded>().PaidBy));
        Assert.Equal(FlowKind.Internal, story.Last<FlowClassified>().Flow.Kind);
        Assert.Empty(story.State.Breaches);
        story.Then(2 * Day, at => Sold(at, Fresh, 900));
        Assert.Equal(BreachStatus.Open, Assert.Single(story.State.Breaches).Status);
        Assert.Equal([Ada], story.State.ProvenWallets); // Nobody has signed for it: it is barred from nothing, and speaks for nobody.
    }

    [Fact]
    public void who_is_named_before_or_paid_by_others_or_acts_at_once_or_is_labelled_does_not_join()
    {
        void Stays(params Func<EventKey, Observation>[] logs)
        {
            var story = Begin().Record(Day, Transaction(Day, logs), Fresh, Exchange, Lst, Treasury);
            Assert.Equal(0, story.Count<ClusterMemberAdded>());
        }

        Stays(Moved(Ada, Second, 900)); // Not new.
        Stays(Moved(Ada, Fresh, 900), Moved(Stable, Stranger, Fresh, 1));
        Stays(Moved(Ada, Fresh, 900), Moved(Fresh, Second, 900));
        Stays(Moved(Ada, Exchange, 900));
        Stays(Moved(Ada, Treasury, 900));
        Stays(Moved(Ada, Lst, 900));
        Stays(Moved(Stable, Ada, Fresh, 900)); // Of another token nothing follows.
    }

    [Fact]
    public void a_policy_that_follows_nobody_counts_what_is_unknown_at_once()
    {
        var story = Story.Begin().Then(1, at => Released(at, Ada, 1_000))
            .Record(Day, Transaction(Day, Moved(Ada, Fresh, 900)), Fresh).Checkpoint(Day);
        Assert.Equal(FlowKind.Unknown, story.Last<FlowClassified>().Flow.Kind);
        Assert.Single(story.State.Breaches);
    }

    [Fact]
    public void over_time_what_is_followed_is_where_the_books_had_it()
    {
        var story = Begin().Record(Day, Transaction(Day, Moved(Ada, Stranger, 600)))
            .Record(2 * Day, Transaction(2 * Day, Moved(Stranger, Second, 600)))
            .Record(3 * Day, Transaction(3 * Day, Moved(Second, Ada, 100))) // back from the second hand
            .Record(4 * Day, Transaction(4 * Day, Moved(Second, Third, 600)));
        var history = new AwardHistory(
            Story.AwardId, Token, Followed, UInt256.Zero,
            [.. Rerun.FlowsOf(story.All<object>()).Select(told => new PastFlow(told.Flow, told.Block))])
        {
            Moves = [.. story.All<FollowedFlowMoved>()],
        };
        var points = ProgramSeries.Of([history], [Day, 2 * Day, 3 * Day, 4 * Day]);
        Assert.Equal([600UL, 600UL, 500UL, 0UL], points.Select(point => (ulong)point.Followed));
        Assert.Equal([0UL, 0UL, 0UL, 500UL], points.Select(point => (ulong)point.Unknown));
        Assert.Equal(story.State.Ledger.Under(Convention.Floor).Unknown, points[^1].Unknown);
    }

    [Fact]
    public void what_is_followed_counts_after_the_days_of_the_policy_and_only_then_is_evidence()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)));
        Assert.Equal(8 * Day, story.Last<FlowClassified>().Flow.CountsFrom);
        story.Checkpoint((8 * Day) - 1);
        Assert.Empty(story.State.Breaches);
        var reading = story.State.Ledger.Read(Convention.Floor);
        Assert.Equal(((UInt256)900UL, default), (reading.Followed, reading.DisposalShare));
        story.Checkpoint(8 * Day);
        var breach = Assert.Single(story.State.Breaches);
        Assert.Equal(9_000, breach.Actual.Value);
        Assert.Equal(story.Last<FlowClassified>().Flow.Id, Assert.Single(breach.EvidenceIds));
    }

    [Fact]
    public void what_is_passed_on_twice_counts_with_the_second_time()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)));
        story.Then(2 * Day, at => Transaction(at, Moved(Stranger, Second, 100))); // A little is nothing.
        Assert.Equal(0, story.Count<FollowedFlowMoved>());
        story.Then(3 * Day, at => Transaction(at, Moved(Stranger, Second, 880)));
        Assert.Equal((FollowedOutcome.PassedOn, 1), (story.Last<FollowedFlowMoved>().Outcome, story.Last<FollowedFlowMoved>().Hops));
        Assert.Empty(story.State.Breaches);
        story.Then(4 * Day, at => Transaction(at, Moved(Second, Third, 880)));
        Assert.Equal(FollowedOutcome.Gone, story.Last<FollowedFlowMoved>().Outcome);
        Assert.Single(story.State.Breaches);
        Assert.Empty(story.State.Pursuit.Trails);
    }

    [Fact]
    public void a_contract_that_passes_it_on_within_the_transaction_is_one_hand()
    {
        var story = Begin().Then(Day, at => Transaction(
            at, Moved(Ada, Stranger, 900), Moved(Stranger, Second, 900), Moved(Second, Third, 900)));
        Assert.Equal([FollowedOutcome.PassedOn, FollowedOutcome.Gone], story.All<FollowedFlowMoved>().Select(moved => moved.Outcome));
        Assert.Single(story.State.Breaches);
    }

    [Fact]
    public void what_comes_back_from_where_it_is_followed_was_never_gone()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)))
            .Then(2 * Day, at => Transaction(at, Moved(Stranger, Ada, 700)));
        var account = story.State.Ledger.Under(Convention.Floor);
        Assert.Equal(((UInt256)800UL, (UInt256)200UL), (account.LiquidGrant, account.FollowedGrant()));
        story.Checkpoint(9 * Day);
        Assert.Equal(2_000, story.State.Ledger.Read(Convention.Floor).DisposalShare.Value);
        Assert.Empty(story.State.Breaches);
    }

    [Fact]
    public void what_comes_back_from_who_got_it_passed_on_was_never_gone_either()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)))
            .Then(2 * Day, at => Transaction(at, Moved(Stranger, Second, 880)))
            .Then(3 * Day, at => Transaction(at, Moved(Stranger, Ada, 20))) // It is not with them any more.
            .Then(3 * Day + 1, at => Transaction(at, Moved(Second, Ada, 700)));
        var account = story.State.Ledger.Under(Convention.Floor);
        Assert.Equal(
            ((UInt256)800UL, (UInt256)20UL, (UInt256)200UL), (account.LiquidGrant, account.LiquidOwn, account.FollowedGrant()));

        // In what was recorded before, the ledger did not know of the second hand.
        var moved = story.Last<FollowedFlowMoved>() with { InLedger = false };
        var before = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900))).State;
        Assert.Equal(
            Flows.Json(before.Ledger.Tick(2 * Day)), Flows.Json(ReinvestmentMonitor.Evolve(before, moved)!.Ledger));
    }

    [Fact]
    public void who_passes_nearly_all_on_to_an_exchange_within_a_day_is_the_exchanges()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)))
            .Then(Day + 3_600, at => Transaction(at, Moved(Stranger, Exchange, 860)));
        var changed = story.Last<FlowReclassified>();
        Assert.Equal((FlowKind.Unknown, FlowKind.ExchangeOut), (changed.Before!.Kind, changed.After!.Kind));
        Assert.Equal((UInt256)900UL, story.State.Ledger.Under(Convention.Floor).SentToExchanges);
        Assert.Single(story.State.Breaches);
        story.Then(2 * Day, at => Transaction(at, Moved(Ada, Stranger, 50))); // From here on it is labelled.
        Assert.Equal(FlowKind.ExchangeOut, story.Last<FlowClassified>().Flow.Kind);
        Assert.Equal(
            [FlowKind.Release, FlowKind.ExchangeOut, FlowKind.ExchangeOut],
            Rerun.FlowsOf(story.All<object>()).Select(flow => flow.Flow.Kind));
    }

    [Theory]
    [InlineData(100_000, 900)] // A day is over: it is gone, but nobody's.
    [InlineData(3_600, 800)] // Too little: nothing is said.
    public void who_takes_longer_or_keeps_a_part_is_no_exchange(long later, int amount)
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)))
            .Then(Day + later, at => Transaction(at, Moved(Stranger, Exchange, (ulong)amount)));
        Assert.Equal(0, story.Count<FlowReclassified>());
        Assert.Empty(story.State.Pursuit.Exchanges);
        Assert.Equal(amount == 900 ? 1 : 0, story.State.Breaches.Count);
    }

    [Fact]
    public void a_clock_that_stands_follows_for_longer()
    {
        var story = Begin().Then(Day, at => Transaction(at, Moved(Ada, Stranger, 900)));
        story.Decide(state => ReinvestmentMonitor.Decide(new PauseClock(Story.AwardId, "An audit.", Block(2 * Day, 2 * Day)), state));
        story.Decide(state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "Done.", Block(6 * Day, 6 * Day)), state));
        Assert.Empty(story.Checkpoint((12 * Day) - 1).State.Breaches);
        Assert.Single(story.Checkpoint(12 * Day).State.Breaches);
    }

    [Fact]
    public void a_new_wallet_of_somebody_else_is_labelled_away_and_what_it_did_is_no_longer_the_awards()
    {
        var story = Begin().Record(Day, Transaction(Day, Moved(Ada, Fresh, 900)), Fresh).Then(2 * Day, at => Sold(at, Fresh, 900));
        Assert.Equal(BreachStatus.Open, Assert.Single(story.State.Breaches).Status);
        var paid = story.All<FlowClassified>().Single(flow => flow.Flow.Kind == FlowKind.Internal);
        LabelFlow Label(Address signer) => new(
            Story.AwardId, paid.Flow, paid.Block, FlowClaim.Spending, "Our auditor.", signer, "0x", Hash32.Zero, Block(3 * Day, 3 * Day),
            DateTimeOffset.UnixEpoch);
        Assert.Equal("NOT_A_WALLET", ReinvestmentMonitor.Decide(Label(Fresh), story.State).Rejection?.Code);
        story.Decide(state => ReinvestmentMonitor.Decide(Label(Ada), state));

        Again(story, new WatchEntry(0, Label: new LabelledAddress(Fresh, AddressKind.Spending)));

        Assert.Equal([Ada], story.State.Wallets.Select(wallet => wallet.Wallet));
        Assert.Equal(
            [FlowKind.Release, FlowKind.Spent], Rerun.FlowsOf(story.All<object>()).Select(flow => flow.Flow.Kind));
        Assert.Empty(story.Checkpoint(4 * Day).State.Breaches);
    }

    [Fact]
    public void told_again_without_news_the_books_stay_what_they_were()
    {
        var story = Begin().Record(Day, Transaction(Day, Moved(Ada, Fresh, 300)), Fresh)
            .Then(2 * Day, at => Transaction(at, Moved(Fresh, Stranger, 100)))
            .Then((2 * Day) + 60, at => Transaction(at, Moved(Stranger, Exchange, 100)))
            .Then(3 * Day, at => Transaction(at, Moved(Ada, Second, 200)));
        var (ledger, pursuit) = (Flows.Json(story.State.Ledger), Flows.Json(story.State.Pursuit));
        Again(story, new WatchEntry(0, Label: new LabelledAddress(Router, AddressKind.Bridge)));
        Assert.Equal((ledger, pursuit), (Flows.Json(story.State.Ledger), Flows.Json(story.State.Pursuit)));
        Assert.Equal(1, story.Count<FlowReclassified>());
        Assert.Equal(2, story.State.Wallets.Count);
    }

    [Fact]
    public void a_wallet_that_joined_may_be_signed_for_later_and_brings_nothing_of_its_own()
    {
        var story = Begin().Record(Day, Transaction(Day, Moved(Ada, Fresh, 900)), Fresh);
        var before = Flows.Json(story.State.Ledger);
        story.Link(2 * Day, Fresh, 900);
        Assert.Equal([Ada, Fresh], story.State.ProvenWallets);
        Assert.Equal(before, Flows.Json(story.State.Ledger));
    }

    private static Story Begin() => Story.Begin(Followed).Then(1, at => Released(at, Ada, 1_000));

    private static void Again(Story story, WatchEntry entry)
    {
        var transactions = new SortedDictionary<long, PastTransaction>();
        foreach (var flow in story.All<FlowClassified>().Where(flow => flow.Block.Number > 0))
        {
            var logs = flow.Flow.Kind switch
            {
                FlowKind.Release => Released(flow.Block.Number, Ada, flow.Flow.Amount),
                FlowKind.Sale => Sold(flow.Block.Number, flow.Flow.Wallet, flow.Flow.Amount),
                _ => Transaction(flow.Block.Number, Moved(flow.Flow.Wallet, flow.Flow.Counterparty!.Value, flow.Flow.Amount)),
            };
            transactions[flow.Block.Number] = new PastTransaction(logs, flow.Block);
        }

        var command = new RerunFlows(
            Story.AwardId, 1, [entry], 0, [.. story.All<object>()], [.. transactions.Values], Block(3 * Day, 3 * Day));
        story.Decide(state => ReinvestmentMonitor.Decide(command, state));
    }
}

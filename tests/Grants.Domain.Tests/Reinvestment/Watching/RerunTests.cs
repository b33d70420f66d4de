using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Watching;

/// <summary>What a space learns later is told back: the books are those of somebody who had known it from the beginning.</summary>
public sealed class RerunTests
{
    private static readonly PolicyVenue Staking = Policy.Venues.Single(venue => venue.Address == Lst);

    private static readonly ReinvestmentPolicy Unaware = Policy with
    {
        Venues = [.. Policy.Venues.Where(venue => venue.Address != Lst)],
        Labels = [.. Policy.Labels.Where(label => label.Address != OldTreasury)],
    };

    private static readonly ValueList<WatchEntry> Known =
    [
        new(0, Staking), new(0, Label: new LabelledAddress(OldTreasury, AddressKind.Treasury)),
    ];

    [Fact]
    public void a_venue_that_is_listed_later_makes_deposits_of_what_was_unknown_and_cures_the_breach()
    {
        var story = Story.Begin(Unaware).Then(1, at => Released(at, Ada, 1_000)).Then(Day, at => Deposited(at, Ada, 800, 800));
        Assert.Equal(BreachStatus.Open, Assert.Single(story.State.Breaches).Status);
        var opened = story.Last<BreachOpened>();

        Again(story, Day, 1, [new(5, Staking)], [(Day, Deposited(Day, Ada, 800, 800))], from: 5);

        var changed = story.Last<FlowReclassified>();
        Assert.Equal((FlowKind.Unknown, FlowKind.Open), (changed.Before!.Kind, changed.After!.Kind));
        Assert.Equal(opened, story.Last<BreachOpened>()); // The old verdict stays as it was given.
        story.Checkpoint(2 * Day);
        Assert.Empty(story.State.Breaches);
        Assert.True(story.Last<BreachCured>().IsRuleKept);
        Assert.Equal(1, story.Last<CheckpointEvaluated>().LabelVersion);
    }

    [Fact]
    public void the_books_are_those_of_who_knew_it_from_the_beginning()
    {
        var (late, early) = (Live(Unaware), Live(Policy));
        var transactions = Transactions().Select(one => (one.At, one.Observations)).ToArray();
        Again(late, 40 * Day, 2, Known, transactions);
        Assert.Equal(Books(early.State), Books(late.State));
        Assert.Equal(OpenRules(early.Checkpoint(41 * Day)), OpenRules(late.Checkpoint(41 * Day)));
        Assert.Equal(
            early.All<FlowClassified>().Select(flow => Flows.Json(flow.Flow)),
            Rerun.FlowsOf(late.All<object>()).Select(flow => Flows.Json(flow.Flow)));
    }

    [Fact]
    public void what_lies_before_the_block_stays_as_it_was_told()
    {
        var late = Live(Unaware);
        var transactions = Transactions().Where(one => one.At >= 20 * Day).Select(one => (one.At, one.Observations)).ToArray();
        Again(late, 40 * Day, 2, [new(20 * Day, Staking)], transactions, from: 20 * Day);
        Assert.DoesNotContain(late.All<FlowReclassified>(), changed => changed.FlowBlock.Number < 20 * Day);
        Assert.Equal(FlowKind.Unknown, Rerun.FlowsOf(late.All<object>()).First(flow => flow.Flow.Counterparty == Lst).Flow.Kind);
    }

    [Fact]
    public void what_balances_showed_between_the_logs_stays_as_it_was_found()
    {
        var story = Story.Begin(Unaware).Then(1, at => Released(at, Ada, 1_000)).Then(Day, at => Deposited(at, Ada, 100, 100));
        var at = Block(2 * Day, 2 * Day);
        var found = new ReconcileBalances(Story.AwardId, 800, at, new EventKey(ChainId, at.Number, at.Hash, Hash32.Zero, -3));
        story.Decide(state => ReinvestmentMonitor.Decide(found, state));
        Assert.Equal(FlowKind.Gas, story.Last<FlowClassified>().Flow.Kind);
        Again(story, 3 * Day, 1, [new(5, Staking)], [(Day, Deposited(Day, Ada, 100, 100))], from: 5);
        Assert.Equal(FlowKind.Open, Assert.Single(story.All<FlowReclassified>()).After!.Kind);
        Assert.Equal(
            [FlowKind.Release, FlowKind.Open, FlowKind.Gas], Rerun.FlowsOf(story.All<object>()).Select(flow => flow.Flow.Kind));
    }

    [Fact]
    public void where_nothing_is_told_otherwise_only_the_version_moves()
    {
        var story = Live(Policy);
        var before = Books(story.State);
        Again(story, 40 * Day, 1, [], [.. Transactions().Select(one => (one.At, one.Observations))]);
        Assert.Equal((0, 1), (story.Count<FlowReclassified>(), story.State.ListVersion));
        Assert.Equal(before, Books(story.State));
    }

    private static IEnumerable<string> OpenRules(Story story) => story.State.Breaches
        .Where(breach => breach.Status == BreachStatus.Open)
        .Select(breach => breach.BrokenRuleId);

    // A wallet joins, the clock stands for a while, and tokens go to places of which only the other policy knows.
    private static Story Live(ReinvestmentPolicy policy)
    {
        var story = Story.Begin(policy);
        foreach (var (at, observations) in Transactions())
        {
            if (at == 12 * Day)
                story.Link(at - Day, AdaCold, 300);
            if (at == 25 * Day)
                story.Decide(state => ReinvestmentMonitor.Decide(
                    new PauseClock(Story.AwardId, "An audit.", Block(15 * Day, 15 * Day)), state)).Decide(
                    state => ReinvestmentMonitor.Decide(new ResumeClock(Story.AwardId, "Done.", Block(18 * Day, 18 * Day)), state));
            story.Then(at, _ => observations);
        }

        return story.Checkpoint(40 * Day);
    }

    private static IEnumerable<(long At, IReadOnlyList<Observation> Observations)> Transactions() =>
    [
        (1, Released(1, Ada, 1_000)),
        (2 * Day, Deposited(2 * Day, Ada, 100, 100)),
        (5 * Day, Returned(5 * Day, Ada, 10)),
        (12 * Day, Transaction(12 * Day, Moved(Ada, AdaCold, 200))),
        (13 * Day, Deposited(13 * Day, AdaCold, 150, 150)),
        (25 * Day, Transaction(25 * Day, Moved(Ada, OldTreasury, 50))),
        (30 * Day, Deposited(30 * Day, Ada, 300, 300)),
        (31 * Day, Sold(31 * Day, Ada, 40)),
    ];

    private static void Again(
        Story story,
        long at,
        int version,
        ValueList<WatchEntry> entries,
        (long At, IReadOnlyList<Observation> Observations)[] transactions,
        long from = 0)
    {
        var command = new RerunFlows(
            Story.AwardId,
            version,
            entries,
            from,
            [.. story.All<object>()],
            [.. transactions.Select(one => new PastTransaction(one.Observations, Block(one.At, one.At)))],
            Block(at, at));
        story.Decide(state => ReinvestmentMonitor.Decide(command, state));
    }

    private static string Books(ReinvestmentMonitor state) => Flows.Json(
        new { state.Ledger, state.DisposalIds, state.PositionIds, state.Marks, state.Evidence, state.Loans });
}

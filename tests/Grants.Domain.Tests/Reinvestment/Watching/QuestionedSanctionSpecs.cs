using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Watching;

/// <summary>A sanction that a later listing speaks against: it stays, and people are told and decide.</summary>
public sealed class QuestionedSanctionSpecs
{
    private const long Paid = 10;

    private static readonly PolicyVenue Staking = Policy.Venues.Single(venue => venue.Address == Lst);

    [Fact]
    public void what_would_not_have_been_confirmed_is_questioned_once_a_sanction_and_nothing_is_undone()
    {
        var story = Sanctioned(SanctionKind.ClawBackUnreleased, SanctionKind.Blacklist);
        Again(story, 1, Staking);
        Assert.Equal(
            [SanctionKind.ClawBackUnreleased, SanctionKind.Blacklist], story.All<SanctionQuestioned>().Select(asked => asked.Kind));
        Assert.All(story.All<SanctionQuestioned>(), asked => Assert.Contains("was kept", asked.Why, StringComparison.Ordinal));
        var breach = Assert.Single(story.State.Breaches);
        Assert.Equal(BreachStatus.Confirmed, breach.Status);
        Assert.Contains("it would not have been confirmed", breach.Explain(rule: story.State.RuleOf(breach)), StringComparison.Ordinal);
        Again(story, 2, Staking);
        Daily(story, 40);
        Assert.Equal((2, 2, 0), (story.Count<SanctionQuestioned>(), story.Count<SanctionApplied>(), story.Count<SanctionLifted>()));
        Assert.True(story.State.Bars(Ada, "builders"));
    }

    [Fact]
    public void a_blacklisting_in_question_is_lifted_by_a_person_with_a_reason()
    {
        var story = Sanctioned(SanctionKind.ClawBackUnreleased, SanctionKind.Blacklist);
        var lift = new LiftBlacklisting(
            Story.AwardId, story.State.Breaches[0].BreachId, Stranger, "The venue was listed too late.", DateTimeOffset.UnixEpoch);
        Assert.Equal("SANCTION_NOT_QUESTIONED", ReinvestmentMonitor.Decide(lift, story.State).Rejection!.Code);
        Again(story, 1, Staking);
        Assert.Equal("INVALID_VALUE", ReinvestmentMonitor.Decide(lift with { Reason = " " }, story.State).Rejection!.Code);
        story.Decide(state => ReinvestmentMonitor.Decide(lift, state));
        Assert.False(story.State.Bars(Ada, "builders"));
        Assert.EndsWith(lift.Reason, story.State.Breaches[0].Explain(), StringComparison.Ordinal);
    }

    [Fact]
    public void what_would_have_been_made_good_in_time_is_questioned_too()
    {
        var story = Sanctioned(
            story => story.Then(Paid + (2 * Day), at => Deposited(at, Ada, 300, 300)),
            at => Sold(at, Ada, 500),
            SanctionKind.ClawBackUnreleased);
        Again(story, 1, Staking);
        Assert.Contains("made good", Assert.Single(story.All<SanctionQuestioned>()).Why, StringComparison.Ordinal);
    }

    [Fact]
    public void what_is_broken_all_the_same_is_not_questioned()
    {
        var story = Sanctioned(
            story => story.Then(Paid + (2 * Day), at => Sold(at, Ada, 500)),
            at => Deposited(at, Ada, 300, 300),
            SanctionKind.ClawBackUnreleased);
        Again(story, 1, Staking);
        Assert.NotEmpty(story.All<FlowReclassified>());
        Assert.Empty(story.All<SanctionQuestioned>());
    }

    [Fact]
    public void a_pause_that_is_lifted_is_not_questioned()
    {
        var story = Sanctioned(SanctionKind.Pause);
        story.Then(Paid + (21 * Day), at => Transaction(at, Moved(Lst, Ada, 800)));
        story.Then(Paid + (22 * Day), at => Returned(at, Ada, 600));
        Assert.Equal(1, story.Count<SanctionLifted>());
        Again(story, 1, Staking);
        Assert.Empty(story.All<SanctionQuestioned>());
    }

    private static Story Sanctioned(params SanctionKind[] ladder) =>
        Sanctioned(story => story, at => Deposited(at, Ada, 800, 800), ladder);

    /// <summary>1,000 are released, and a part goes into a venue that is not listed; what follows is done after three weeks.</summary>
    private static Story Sanctioned(
        Func<Story, Story> then, Func<long, IReadOnlyList<Observation>> first, params SanctionKind[] ladder)
    {
        var rule = new PolicyRule(
            "disposal", RuleKind.MaxDisposal, new BasisPoints(2_000), null, RuleWindow.SinceRelease, 0, 0, 14 * Day, 0,
            [.. ladder.Select(PolicySanction.Of)]);
        var unaware = Policy with { Rules = [rule], Venues = [.. Policy.Venues.Where(venue => venue.Address != Lst)] };
        var story = Story.Begin(unaware).Then(Paid, at => Released(at, Ada, 1_000));
        story = then(story.Then(Paid + Day, first));
        Daily(story, 20);
        Assert.Equal(ladder, story.All<SanctionApplied>().Select(applied => applied.Kind));
        return story;
    }

    private static void Daily(Story story, int untilDay)
    {
        for (var day = (story.State.Ledger.Time - Paid) / Day; day <= untilDay; day++)
            story.Checkpoint(Paid + (day * Day) + 1);
    }

    private static void Again(Story story, int version, PolicyVenue venue)
    {
        var last = story.State.Ledger.Time;
        List<PastTransaction> past =
        [
            .. story.Transactions.Select(one => new PastTransaction(one, Block(one[0].Key.BlockNumber, one[0].Key.BlockNumber))),
        ];
        var command = new RerunFlows(
            Story.AwardId, version, [new WatchEntry(0, venue)], 0, [.. story.All<object>()], past, Block(last, last));
        story.Decide(state => ReinvestmentMonitor.Decide(command, state));
    }
}

using Grants.Domain.Reinvestment;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

/// <summary>
/// At most 20 % may be disposed of, half must be at work on average after 30 days, and a breach can be cured for 14 days.
/// </summary>
public sealed class BreachStoryTests
{
    private const long Paid = 10;

    [Fact]
    public void ada_locks_most_and_deposits_the_rest_and_nothing_is_held()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Locked(at, Ada, 600))
            .Then(Paid + (2 * Day), at => Deposited(at, Ada, 400, 390));
        for (var day = 3; day <= 90; day++)
            story.Checkpoint(Paid + (day * Day));
        Assert.DoesNotContain("BreachOpened", story.Events);
        Assert.False(story.State.IsHeld);
        var floor = story.Last<CheckpointEvaluated>().Readings[0];
        Assert.Equal((0, 10_000, 9_844), (floor.DisposalShare.Value, floor.ReinvestedShare.Value, floor.TimeWeightedReinvestment.Value));
    }

    [Fact]
    public void bo_sells_and_bridges_and_the_breach_is_confirmed_after_the_cure_period()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Then(Paid + (2 * Day), at => BridgedOut(at, Ada, 500));
        var opened = story.Last<BreachOpened>().Breach;
        Assert.Equal((RuleKind.MaxDisposal, BreachStatus.Open), (opened.Rule, opened.Status));
        Assert.Equal((2_000, 5_000, new UInt256(300)), (opened.Required.Value, opened.Actual.Value, opened.Shortfall));
        Assert.Equal((Paid + Day, Paid + (15 * Day)), (opened.OpenedAt, opened.CureEndsAt));
        Assert.Single(opened.EvidenceIds);

        story.Checkpoint(Paid + (15 * Day) - 1);
        Assert.DoesNotContain("BreachConfirmed", story.Events);
        story.Checkpoint(Paid + (15 * Day));
        var confirmed = story.Last<BreachConfirmed>();
        Assert.Equal((opened.BreachId, new UInt256(800), 2), (confirmed.BreachId, confirmed.Outstanding, confirmed.EvidenceIds.Count));
        Assert.True(story.State.IsHeld);
        Assert.Equal(1, story.Count<BreachOpened>());
    }

    [Fact]
    public void a_confirmed_breach_is_final()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Checkpoint(Paid + (20 * Day))
            .Then(Paid + (21 * Day), at => Transaction(at, Moved(Stranger, Ada, 900)))
            .Then(Paid + (22 * Day), at => Returned(at, Ada, 900))
            .Checkpoint(Paid + (50 * Day));
        Assert.True(story.State.IsHeld);
        Assert.Equal((1, 1, 0), (story.Count<BreachOpened>(), story.Count<BreachConfirmed>(), story.Count<BreachCured>()));
    }

    [Fact]
    public void a_disposal_is_cured_by_returning_the_shortfall()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Then(Paid + (2 * Day), at => Returned(at, Ada, 299));
        Assert.True(story.State.IsHeld);
        story.Then(Paid + (3 * Day), at => Returned(at, Ada, 1));
        Assert.False(story.State.IsHeld);
        Assert.Equal((new UInt256(300), false), (story.Last<BreachCured>().Credit, story.Last<BreachCured>().IsRuleKept));
    }

    [Fact]
    public void a_disposal_is_cured_by_tokens_bought_back_and_put_to_work_but_stays_disposed()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 1_000))
            .Then(Paid + (2 * Day), at => Transaction(at, Moved(Stranger, Ada, 800)));
        Assert.True(story.State.IsHeld);
        story.Then(Paid + (3 * Day), at => Locked(at, Ada, 800));
        Assert.False(story.State.IsHeld);
        Assert.Equal(10_000, story.Last<CheckpointEvaluated>().Readings[0].DisposalShare.Value);
        Assert.Equal([RuleKind.MaxDisposal], story.Last<CheckpointEvaluated>().BrokenRules);
    }

    [Fact]
    public void a_disposal_is_cured_by_tokens_bought_back_and_returned()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 1_000))
            .Then(Paid + (2 * Day), at => Transaction(at, Moved(Stranger, Ada, 800)))
            .Then(Paid + (3 * Day), at => Returned(at, Ada, 800));
        Assert.False(story.State.IsHeld);
        Assert.Equal<UInt256>(800, story.Last<BreachCured>().Credit);
    }

    [Fact]
    public void a_rule_that_is_kept_again_is_broken_anew_with_a_cure_period_of_its_own()
    {
        var story = Story.Begin(TwoRules(cure: 60 * Day))
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + (29 * Day), at => Locked(at, Ada, 1_000))
            .Checkpoint(Paid + (30 * Day))
            .Checkpoint(Paid + (58 * Day));
        Assert.True(story.Last<BreachCured>().IsRuleKept);
        story.Record(Paid + (58 * Day), Transaction(Paid + (58 * Day), key => new SequencerUnlockStarted(key, Locking, Ada, 7, 1_000)))
            .Checkpoint(Paid + (60 * Day));
        Assert.Equal((2, Paid + (120 * Day)), (story.Count<BreachOpened>(), story.Last<BreachOpened>().Breach.CureEndsAt));
    }

    [Fact]
    public void what_cured_a_breach_must_stay_and_buys_no_second_cure_period()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Then(Paid + (2 * Day), at => Deposited(at, Ada, 300, 300))
            .Then(Paid + (3 * Day), at => Transaction(
                at, Moved(Lst, Ada, Address.Zero, 300), Moved(Lst, Ada, 300), key => new VaultWithdrawn(key, Lst, Ada, Ada, 300, 300)));
        Assert.Equal((2, 1), (story.Count<BreachOpened>(), story.Count<BreachCured>()));
        Assert.Equal(Paid + (15 * Day), story.Last<BreachOpened>().Breach.CureEndsAt);
        story.Checkpoint(Paid + (15 * Day));
        Assert.Equal(1, story.Count<BreachConfirmed>());
    }

    [Fact]
    public void a_cure_undone_after_the_cure_period_is_confirmed_at_once()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Then(Paid + (2 * Day), at => Locked(at, Ada, 500))
            .Checkpoint(Paid + (28 * Day));
        Assert.False(story.State.IsHeld);
        story.Then(Paid + (29 * Day), at => Transaction(at, key => new SequencerUnlockStarted(key, Locking, Ada, 7, 500)));
        Assert.Equal(["BreachOpened", "BreachConfirmed", "SanctionApplied"], story.Events.TakeLast(3));
    }

    [Fact]
    public void a_further_sale_in_the_cure_period_raises_what_cures()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, Ada, 500))
            .Then(Paid + (2 * Day), at => Sold(at, Ada, 100))
            .Then(Paid + (3 * Day), at => Returned(at, Ada, 300));
        Assert.True(story.State.IsHeld);
        Assert.False(story.Then(Paid + (4 * Day), at => Returned(at, Ada, 100)).State.IsHeld);
    }

    [Fact]
    public void tokens_that_lie_idle_after_the_grace_breach_the_reinvestment()
    {
        var story = Story.Begin().Then(Paid, at => Released(at, Ada, 1_000)).Checkpoint(Paid + (30 * Day) - 1);
        Assert.DoesNotContain("BreachOpened", story.Events);
        var breach = story.Checkpoint(Paid + (30 * Day)).Last<BreachOpened>().Breach;
        Assert.Equal(
            (RuleKind.MinTimeWeightedReinvestment, 5_000, 0, new UInt256(500)),
            (breach.Rule, breach.Required.Value, breach.Actual.Value, breach.Shortfall));
        Assert.Single(breach.EvidenceIds);
    }

    [Fact]
    public void idle_tokens_are_cured_by_putting_the_shortfall_to_work_until_the_average_is_kept()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Checkpoint(Paid + (30 * Day))
            .Then(Paid + (31 * Day), at => Locked(at, Ada, 1_000));
        Assert.False(story.State.IsHeld);
        Assert.Equal(BreachStatus.Cured, Assert.Single(story.State.Breaches).Status);
        story.Checkpoint(Paid + (61 * Day));
        Assert.Equal(BreachStatus.Cured, Assert.Single(story.State.Breaches).Status);
        story.Checkpoint(Paid + (62 * Day));
        Assert.Empty(story.State.Breaches);
        Assert.Equal((1, 1, 0), (story.Count<BreachOpened>(), story.Count<BreachCured>(), story.Count<BreachConfirmed>()));
    }

    [Fact]
    public void who_was_late_but_kept_the_share_through_the_cure_period_is_cured()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + (29 * Day), at => Locked(at, Ada, 1_000))
            .Checkpoint(Paid + (30 * Day));
        Assert.True(story.State.IsHeld);
        story.Checkpoint(Paid + (44 * Day) - 1);
        Assert.True(story.State.IsHeld);
        story.Checkpoint(Paid + (44 * Day));
        Assert.False(story.State.IsHeld);
        Assert.Equal((1, 0), (story.Count<BreachCured>(), story.Count<BreachConfirmed>()));
    }

    [Fact]
    public void a_release_during_a_cure_asks_for_its_share_too()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 500))
            .Checkpoint(Paid + (30 * Day))
            .Then(Paid + (31 * Day), at => Locked(at, Ada, 250));
        Assert.False(story.State.IsHeld);
        story.Then(Paid + (32 * Day), at => Released(at, Ada, 500));
        Assert.True(story.State.IsHeld);
        Assert.Equal<UInt256>(250, story.Last<BreachOpened>().Breach.Shortfall);
        Assert.False(story.Then(Paid + (33 * Day), at => Locked(at, Ada, 250)).State.IsHeld);
    }

    [Fact]
    public void a_deposit_just_before_the_checkpoint_does_not_help()
    {
        var story = Story.Begin()
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + (30 * Day) - 2, at => Deposited(at, Ada, 1_000, 1_000))
            .Checkpoint(Paid + (30 * Day));
        Assert.Equal(10_000, story.Last<CheckpointEvaluated>().Readings[0].ReinvestedShare.Value);
        Assert.True(story.State.IsHeld);
    }

    [Fact]
    public void own_tokens_may_be_sold()
    {
        var story = Story.Begin()
            .Link(5, AdaCold, 1_000)
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Sold(at, AdaCold, 1_000));
        Assert.DoesNotContain("BreachOpened", story.Events);
        Assert.Equal(10_000, story.Last<CheckpointEvaluated>().Readings[(int)Convention.GrantFirst].DisposalShare.Value);
    }

    [Fact]
    public void a_transfer_to_a_linked_wallet_is_neutral()
    {
        var story = Story.Begin()
            .Link(5, AdaCold, 0)
            .Then(Paid, at => Released(at, Ada, 1_000))
            .Then(Paid + Day, at => Transaction(at, Moved(Ada, AdaCold, 1_000)));
        Assert.Equal(FlowKind.Internal, story.Last<FlowClassified>().Flow.Kind);
        Assert.DoesNotContain("BreachOpened", story.Events);
        story.Then(Paid + (2 * Day), at => Sold(at, AdaCold, 900));
        Assert.Contains("BreachOpened", story.Events);
    }

    [Fact]
    public void a_transaction_delivered_again_yields_nothing()
    {
        var sale = Sold(Paid + Day, Ada, 100);
        var story = Story.Begin().Then(Paid, at => Released(at, Ada, 1_000)).Record(Paid + Day, sale).Checkpoint(Paid + (2 * Day));
        var before = Flows.Json(story.State);
        story.Record(Paid + Day, sale);
        Assert.Equal(before, Flows.Json(story.State));
    }

    [Fact]
    public void an_open_breach_explains_itself()
    {
        var policy = TwoRules(maxDisposal: 2_050);
        var story = Story.Begin(policy).Then(Paid, at => Released(at, Ada, 1_000)).Then(Paid + Day, at => Sold(at, Ada, 500));
        var breach = Assert.Single(story.State.Breaches);
        Assert.Equal(
            "Of 10 tokens released, 5 were sold, bridged out or sent away: 50.00 %, where at most 20.50 % are allowed. "
            + "Returning 2.95 tokens to the treasury, or putting that much more to work in a listed venue, by "
            + "1970-01-16 00:00 UTC cures it. Until then nothing more is released; after that, what has not been released "
            + "may go back to the treasury.",
            breach.Explain(2));
        Assert.Equal(breach.Explain(), story.Last<BreachOpened>().Why);
        Assert.StartsWith("Of 0.000000000000001 tokens released", breach.Explain(), StringComparison.Ordinal);
    }
}

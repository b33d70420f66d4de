using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

/// <summary>Pauses, cancellation, and how often a line is paid. The award may be paused for 60 seconds.</summary>
public sealed class VestingSpecs
{
    private static readonly AwardGranted Pausable = Granted with { Terms = Terms with { PauseBudgetSeconds = 60 } };

    private static readonly VestingPaused Paused = new(AnAward.Id, Start + 120, "audit", Block(120));

    private static readonly VestingResumed Resumed = new(AnAward.Id, Start + 150, "clean", Block(150));

    private static readonly AwardCancelled Cancelled = new(
        AnAward.Id, CancellationMode.KeepVested, Start + 250, "over", AProgram.Manager, Block(250));

    [Fact]
    public void a_pause_moves_everything_that_follows()
    {
        var award = Given(Pausable, Reserved, Ordered(1)).When(Pausing(120)).Then(Paused)!;
        Assert.Equal(Start + 260, award.NextDueAt);
        award = Given(Pausable, Reserved, Ordered(1), Paused).When(Resuming(150)).Then(Resumed)!;
        Assert.Equal((Start + 230, Start + 430), (award.NextDueAt, award.Position.EndsAt));
        Given(Pausable, Reserved, Ordered(1), Paused, Resumed)
            .When(Releasing(2, 229)).ThenRejected("TRANCHE_NOT_DUE");
        Given(Pausable, Reserved, Ordered(1), Paused, Resumed)
            .When(Releasing(2, 230)).Then(Ordered(2) with { FinalizedBlock = Block(230) });
    }

    [Fact]
    public void an_award_is_paused_once_at_a_time_and_resumed_once()
    {
        Given(Pausable, Reserved, Ordered(1), Paused).When(Pausing(130)).ThenNothing();
        Given(Pausable, Reserved, Ordered(1), Paused, Resumed).When(Resuming(170)).ThenNothing();
    }

    [Fact]
    public void more_time_than_the_budget_is_not_paused()
    {
        Given(Granted, Reserved).When(Pausing(120)).ThenRejected("PAUSE_BUDGET_SPENT");
        Given(Pausable, Reserved, Ordered(1), Paused, Resumed with { ToAt = Start + 190 })
            .When(Pausing(195)).ThenRejected("PAUSE_BUDGET_SPENT");
    }

    [Fact]
    public void a_pause_does_not_take_back_what_a_release_rests_on() => Given(Pausable, Reserved, Ordered(1), Ordered(2))
        .When(Pausing(150)).Then(Paused with { FromAt = Start + 200, FinalizedBlock = Block(150) });

    [Fact]
    public void an_award_that_keeps_what_is_vested_gives_back_the_rest()
    {
        var award = Given(Granted, Reserved, Ordered(1)).When(Cancelling(250, CancellationMode.KeepVested))
            .Then(Cancelled, Clawback(502) with { BreachId = "", Reason = "over" })!;
        Assert.Equal((2, Start + 200), (award.NextTranche, award.NextDueAt));
        Given(Granted, Reserved, Ordered(1), Cancelled, Clawback(502))
            .When(Releasing(2, 300)).Then(Ordered(2) with { FinalizedBlock = Block(300) });
        Given(Granted, Reserved, Ordered(1), Cancelled, Clawback(502), Ordered(2)).When(Releasing(3, 400)).ThenRejected("AWARD_ENDED");
    }

    [Fact]
    public void an_award_that_keeps_what_was_released_gives_back_what_was_held()
    {
        var kept = Cancelled with { Mode = CancellationMode.KeepReleased };
        Given(Granted, Reserved, Ordered(1)).When(Cancelling(250, CancellationMode.KeepReleased))
            .Then(kept, Clawback(753) with { BreachId = "", Reason = "over" });
        Given(Granted, Reserved, Ordered(1), kept, Clawback(753)).When(Cancelling(260, CancellationMode.KeepReleased)).ThenNothing();
        Given(Granted, Reserved, Ordered(1), kept, Clawback(753))
            .When(Cancelling(260, CancellationMode.KeepVested)).ThenRejected("AWARD_CANCELLED");
        Given(Granted, Reserved, Ordered(1), kept, Clawback(753)).When(Pausing(260)).ThenRejected("AWARD_CANCELLED");
    }

    [Fact]
    public void what_is_not_reserved_or_is_over_is_not_cancelled()
    {
        Given().When(Cancelling(1, CancellationMode.KeepVested)).ThenRejected("NOT_FOUND");
        Given(Granted).When(Cancelling(1, CancellationMode.KeepVested)).ThenRejected("AWARD_NOT_RESERVED");
        Given(Granted, Reserved, Ordered(1), TakenBack).When(Cancelling(260, CancellationMode.KeepVested)).ThenRejected("AWARD_ENDED");
    }

    [Fact]
    public void after_the_end_nothing_goes_back_of_an_award_that_keeps_what_is_vested() => Given(Granted, Reserved, Ordered(1))
        .When(Cancelling(400, CancellationMode.KeepVested))
        .Then(Cancelled with { CancelledAt = Start + 400, FinalizedBlock = Block(400) });

    [Fact]
    public void two_awards_of_the_same_terms_are_two_duties() => Assert.NotEqual(
        ReleaseId(1), VaultOrderId.Release(Terms with { AwardId = Award.IdOf(Hash32.Zero) }, 1, Amount(1)));

    [Fact]
    public void a_reason_is_given()
    {
        var command = new PauseVesting(AnAward.Id, " ", Block(120));
        Given(Pausable, Reserved).When(state => Award.Decide(command, state)).ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void half_of_what_is_left_is_taken_back_and_the_rest_vests_on()
    {
        var half = new OrderClawback(AnAward.Id, BreachId, new BasisPoints(5_000), Block(250));
        var award = Given(Granted, Reserved, Ordered(1)).When(state => Award.Decide(half, state)).Then(Clawback(376))!;
        Assert.Equal(Start + 200, award.NextDueAt);
        Given(Granted, Reserved, Ordered(1), Clawback(376), Ordered(2))
            .When(Releasing(3, 300)).Then(Ordered(3) with { Amount = 126, ReleaseId = VaultOrderId.Release(Terms, 3, 126) });
    }

    [Fact]
    public void a_line_is_paid_every_period_from_its_start_and_at_its_end()
    {
        var line = new LinearVesting(1_000, Start, 30, 110, 50, 100);
        var terms = Terms with { Amount = 1_000, Vesting = line, ReleasePeriodSeconds = 50 };
        var award = Award.Evolve(Award.Evolve(null, Granted with { Terms = terms }), Reserved)!;
        var paid = new List<(long, UInt256)>();
        while (award.NextDueAt is { } due)
        {
            var release = new OrderRelease(AnAward.Id, award.Orders.Count + 1, 1_000, Block(due - Start));
            award = Award.Decide(release, award).Events.Aggregate(award, (state, happened) => Award.Evolve(state, happened)!);
            paid.Add((due - Start, award.Orders[^1].Amount));
        }

        Assert.Equal([(0L, 50UL), (50, 312), (100, 531), (110, 107)], paid.Select(one => (one.Item1, (ulong)one.Item2)));
    }

    private static Func<Award?, Decision> Pausing(long after) =>
        state => Award.Decide(new PauseVesting(AnAward.Id, "audit", Block(after)), state);

    private static Func<Award?, Decision> Resuming(long after) =>
        state => Award.Decide(new ResumeVesting(AnAward.Id, "clean", Block(after)), state);

    private static Func<Award?, Decision> Cancelling(long after, CancellationMode mode) =>
        state => Award.Decide(new CancelAward(AnAward.Id, mode, "over", AProgram.Manager, Block(after)), state);

    private static Func<Award?, Decision> Releasing(int number, long after) =>
        state => Award.Decide(new OrderRelease(AnAward.Id, number, 1_003, Block(after)), state);
}

using Grants.Domain.Awards;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Awards;

/// <summary>What an award is going to pay, before anybody has ordered it.</summary>
public sealed class PayoutPlanTests
{
    [Fact]
    public void every_tranche_up_to_the_instant_is_planned_as_it_will_be_ordered()
    {
        var plan = Plan(AwardOf(AnAward.Granted, AnAward.Reserved), until: 350);
        Assert.Equal(
            Enumerable.Range(1, 3).Select(tranche => (tranche, AnAward.Start + (100 * tranche), AnAward.ReleaseId(tranche))),
            plan.Select(release => (release.Tranche, release.DueAt!.Value, release.ReleaseId!.Value)));
        Assert.Equal([AnAward.Amount(1), AnAward.Amount(2), AnAward.Amount(3)], plan.Select(release => release.Amount!.Value));
        Assert.All(plan, release => Assert.Equal((AnAward.Terms.Recipient, null), (release.Recipient, release.Held)));
    }

    [Fact]
    public void what_is_ordered_and_not_paid_comes_first_and_what_is_paid_not_at_all()
    {
        var plan = Plan(
            AwardOf(AnAward.Granted, AnAward.Reserved, AnAward.Ordered(1), AnAward.Released(1), AnAward.Ordered(2)), until: 300);
        Assert.Equal([(2, null), (3, (long?)(AnAward.Start + 300))], plan.Select(release => (release.Tranche, release.DueAt)));
    }

    [Fact]
    public void before_anything_is_due_nothing_is_planned() =>
        Assert.Empty(Plan(AwardOf(AnAward.Granted, AnAward.Reserved), until: 99));

    [Fact]
    public void an_award_that_the_vault_has_not_reserved_is_held() =>
        Assert.Equal("AWARD_NOT_RESERVED", Assert.Single(Plan(AwardOf(AnAward.Granted), until: 1_000)).Held);

    [Fact]
    public void a_breach_holds_the_next_tranche_and_all_after_it()
    {
        var held = Assert.Single(PayoutPlan.Of(
            AwardOf(AnAward.Granted, AnAward.Reserved), _ => UInt256.Zero, AnAward.Block(1_000)));
        Assert.Equal((1, "TRANCHE_HELD", AnAward.Amount(1)), (held.Tranche, held.Held, held.Amount!.Value));
    }

    [Fact]
    public void after_a_clawback_nothing_is_planned() => Assert.Empty(
        Plan(AwardOf(AnAward.Granted, AnAward.Reserved, AnAward.Ordered(1), AnAward.Released(1), AnAward.TakenBack), until: 1_000));

    private static List<PlannedRelease> Plan(Award award, long until) =>
        [.. PayoutPlan.Of(award, _ => award.Terms.Amount, AnAward.Block(until))];

    private static Award AwardOf(params object[] events) => events.Aggregate((Award?)null, Award.Evolve)!;
}

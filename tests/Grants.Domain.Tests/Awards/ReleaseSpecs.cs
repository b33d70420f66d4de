using Grants.Domain.Awards;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

public sealed class ReleaseSpecs
{
    private static readonly ConfirmRelease Confirm = new(AnAward.Id, ReleaseId(1), Released(1).Evidence);

    // --- Order ---

    [Fact]
    public void a_tranche_that_is_due_is_ordered() => Given(Granted, Reserved).When(Ordering(1, 100)).Then(Ordered(1));

    [Fact]
    public void the_last_tranche_takes_the_rest() =>
        Given(Granted, Reserved, Ordered(1), Ordered(2), Ordered(3)).When(Ordering(4, 400)).Then(Ordered(4));

    [Fact]
    public void a_tranche_is_ordered_before_the_one_before_it_is_paid() =>
        Given(Granted, Reserved, Ordered(1)).When(Ordering(2, 200)).Then(Ordered(2));

    [Fact]
    public void a_late_order_pays_one_tranche() => Given(Granted, Reserved)
        .When(Ordering(1, 9_999))
        .Then(Ordered(1) with { VestedAmount = 1_003, FinalizedBlock = Block(9_999) });

    [Fact]
    public void nothing_is_ordered_of_an_award_that_was_not_granted() => Given().When(Ordering(1, 100)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void a_tranche_is_ordered_once(int tranche) =>
        Given(Granted, Reserved, Ordered(1), Released(1), Ordered(2)).When(Ordering(tranche, 0, cap: 0)).ThenNothing();

    [Fact]
    public void a_retry_after_the_clawback_is_nothing() =>
        Given(Granted, Reserved, Ordered(1), TakenBack).When(Ordering(1, 100)).ThenNothing();

    [Fact]
    public void nothing_more_is_ordered_after_a_clawback() =>
        Given(Granted, Reserved, Ordered(1), TakenBack).When(Ordering(4, 0)).ThenRejected("AWARD_ENDED");

    [Fact]
    public void nothing_is_ordered_before_the_vault_has_reserved() =>
        Given(Granted).When(Ordering(2, 0)).ThenRejected("AWARD_NOT_RESERVED");

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(int.MaxValue)]
    public void a_tranche_is_not_skipped(int tranche) =>
        Given(Granted, Reserved).When(Ordering(tranche, 0)).ThenRejected("TRANCHE_OUT_OF_ORDER");

    [Fact]
    public void after_the_last_tranche_there_is_none() => Given(Granted, Reserved, Ordered(1), Ordered(2), Ordered(3), Ordered(4))
        .When(Ordering(5, 9_999))
        .ThenRejected("AWARD_ENDED");

    [Fact]
    public void a_tranche_is_not_ordered_a_second_early() =>
        Given(Granted, Reserved, Ordered(1)).When(Ordering(2, 199, cap: 0)).ThenRejected("TRANCHE_NOT_DUE");

    [Fact]
    public void a_tranche_is_not_ordered_before_the_cliff()
    {
        var terms = Terms with { Vesting = Quarters(1_003) with { CliffSeconds = 150 } };
        Given(Granted with { Terms = terms }, Reserved).When(Ordering(1, 149)).ThenRejected("TRANCHE_NOT_DUE");
        Given(Granted with { Terms = terms }, Reserved)
            .When(Ordering(1, 150))
            .Then(Ordered(1) with { FinalizedBlock = Block(150) });
    }

    // --- Hold ---

    [Fact]
    public void a_tranche_above_the_compliance_cap_is_held_whole()
    {
        var award = Given(Granted, Reserved, Ordered(1)).When(Ordering(2, 200, cap: 500)).Then(Held(2, 200))!;
        Assert.Equal((2, 2), (award.HeldTranche, award.NextTranche));
    }

    [Fact]
    public void a_tranche_up_to_the_compliance_cap_is_released() =>
        Given(Granted, Reserved, Ordered(1)).When(Ordering(2, 200, cap: 501)).Then(Ordered(2));

    [Fact]
    public void a_compliance_cap_below_what_was_released_holds() =>
        Given(Granted, Reserved, Ordered(1), Released(1)).When(Ordering(2, 200, cap: 0)).Then(Held(2, 200));

    [Fact]
    public void a_tranche_is_held_once() =>
        Given(Granted, Reserved, Ordered(1), Held(2, 200)).When(Ordering(2, 300, cap: 500)).ThenNothing();

    [Fact]
    public void a_held_tranche_is_released_when_the_cap_rises()
    {
        var award = Given(Granted, Reserved, Ordered(1), Held(2, 200))
            .When(Ordering(2, 250, cap: 1_003))
            .Then(Ordered(2) with { FinalizedBlock = Block(250) })!;
        Assert.Equal(0, award.HeldTranche);
    }

    [Fact]
    public void after_a_held_tranche_the_next_one_is_held_too() => Given(Granted, Reserved, Ordered(1), Held(2, 200), Ordered(2))
        .When(Ordering(3, 300, cap: 501))
        .Then(Held(3, 300));

    // --- Confirm ---

    [Fact]
    public void a_release_is_confirmed() => Given(Granted, Reserved, Ordered(1)).When(Confirming(Confirm)).Then(Released(1));

    [Fact]
    public void releases_are_confirmed_in_any_order() => Given(Granted, Reserved, Ordered(1), Ordered(2))
        .When(Confirming(new ConfirmRelease(AnAward.Id, ReleaseId(2), Released(2).Evidence)))
        .Then(Released(2));

    [Fact]
    public void a_release_that_was_in_flight_is_confirmed_after_the_clawback() =>
        Given(Granted, Reserved, Ordered(1), TakenBack, ClawedBack).When(Confirming(Confirm)).Then(Released(1));

    [Fact]
    public void a_release_is_confirmed_once() => Given(Granted, Reserved, Ordered(1), Released(1))
        .When(Confirming(Confirm with { Evidence = Evidence("another") }))
        .ThenNothing();

    [Fact]
    public void a_release_of_an_award_that_was_not_granted_is_not_confirmed() =>
        Given().When(Confirming(Confirm)).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_release_that_was_not_ordered_is_not_confirmed() =>
        Given(Granted, Reserved, Ordered(1)).When(Confirming(Confirm with { ReleaseId = ReleaseId(2) })).ThenRejected("UNKNOWN_ORDER");

    [Fact]
    public void what_is_ordered_counts_as_released_when_it_is_paid()
    {
        var award = Given(Granted, Reserved, Ordered(1), Ordered(2)).When(Confirming(Confirm)).Then(Released(1))!;
        Assert.Equal<UInt256>([250, 501, 753], [award.Released, award.Committed, award.Remaining]);
    }

    private static Func<Award?, Decision> Ordering(int tranche, long after, ulong cap = 1_003) =>
        state => Award.Decide(new OrderRelease(AnAward.Id, tranche, cap, Block(after)), state);

    private static Func<Award?, Decision> Confirming(ConfirmRelease command) => state => Award.Decide(command, state);
}

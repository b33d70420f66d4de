using Grants.Domain.Awards;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

public sealed class ClawbackSpecs
{
    private static readonly OrderClawback Order = new(AnAward.Id, BreachId, new BasisPoints(BasisPoints.Whole), Block(250));

    private static readonly ConfirmClawback Confirm = new(AnAward.Id, TakenBack.ClawbackId, ClawedBack.Evidence);

    // --- Order ---

    [Fact]
    public void what_is_not_ordered_yet_is_taken_back() =>
        Given(Granted, Reserved, Ordered(1), Released(1)).When(Ordering(Order)).Then(TakenBack);

    [Fact]
    public void an_award_of_which_nothing_is_ordered_is_taken_back_whole() =>
        Given(Granted, Reserved).When(Ordering(Order)).Then(Clawback(1_003));

    [Fact]
    public void a_release_in_flight_is_left_to_the_recipient() =>
        Given(Granted, Reserved, Ordered(1)).When(Ordering(Order)).Then(TakenBack);

    [Fact]
    public void a_held_tranche_is_taken_back() =>
        Given(Granted, Reserved, Ordered(1), Held(2, 200)).When(Ordering(Order)).Then(TakenBack);

    [Fact]
    public void nothing_is_taken_back_of_an_award_that_was_not_granted() => Given().When(Ordering(Order)).ThenRejected("NOT_FOUND");

    [Fact]
    public void an_award_is_taken_back_once() => Given(Granted, Reserved, Ordered(1), TakenBack)
        .When(Ordering(Order with { BreachId = "breach 2" }))
        .ThenNothing();

    [Fact]
    public void nothing_is_taken_back_before_the_vault_has_reserved() =>
        Given(Granted).When(Ordering(Order)).ThenRejected("AWARD_NOT_RESERVED");

    [Fact]
    public void when_everything_is_ordered_nothing_is_left_to_take_back() =>
        Given(Granted, Reserved, Ordered(1), Ordered(2), Ordered(3), Ordered(4)).When(Ordering(Order)).ThenNothing();

    // --- Confirm ---

    [Fact]
    public void a_clawback_is_confirmed() =>
        Given(Granted, Reserved, Ordered(1), TakenBack).When(Confirming(Confirm)).Then(ClawedBack);

    [Fact]
    public void a_clawback_is_confirmed_once() => Given(Granted, Reserved, Ordered(1), TakenBack, ClawedBack)
        .When(Confirming(Confirm with { Evidence = Evidence("another") }))
        .ThenNothing();

    [Fact]
    public void a_clawback_of_an_award_that_was_not_granted_is_not_confirmed() =>
        Given().When(Confirming(Confirm)).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_clawback_that_was_not_ordered_is_not_confirmed() =>
        Given(Granted, Reserved, Ordered(1)).When(Confirming(Confirm)).ThenRejected("UNKNOWN_ORDER");

    [Fact]
    public void another_clawback_than_the_ordered_one_is_not_confirmed() => Given(Granted, Reserved, Ordered(1), TakenBack)
        .When(Confirming(Confirm with { ClawbackId = Clawback(1_003).ClawbackId }))
        .ThenRejected("UNKNOWN_ORDER");

    [Fact]
    public void a_clawback_counts_when_it_is_paid()
    {
        var ordered = Given(Granted, Reserved, Ordered(1)).When(Ordering(Order)).Then(TakenBack)!;
        Assert.Equal<UInt256>([0, 1_003], [ordered.ClawedBack, ordered.Remaining]);
        var settled = Given(Granted, Reserved, Ordered(1), TakenBack).When(Confirming(Confirm)).Then(ClawedBack)!;
        Assert.Equal<UInt256>([753, 250], [settled.ClawedBack, settled.Remaining]);
    }

    private static Func<Award?, Decision> Ordering(OrderClawback command) => state => Award.Decide(command, state);

    private static Func<Award?, Decision> Confirming(ConfirmClawback command) => state => Award.Decide(command, state);
}

using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Awards.AnAward;

namespace Grants.Domain.Tests.Awards;

public sealed class GrantSpecs
{
    private static readonly GrantAward Grant = new(Terms, AProgram.At);

    private static readonly ConfirmReservation Confirm = new(AnAward.Id, Reserved.Evidence);

    // --- Grant ---

    [Fact]
    public void an_award_is_granted_and_its_reservation_ordered() => Given().When(Granting(Grant)).Then(Granted);

    [Fact]
    public void a_proposal_is_granted_one_award_whatever_the_terms_would_be_later() => Given(Granted)
        .When(Granting(new GrantAward(Terms with { StartAt = Start + 1 }, AProgram.At.AddDays(1))))
        .ThenNothing();

    [Fact]
    public void the_award_of_another_proposal_is_refused() => Given(Granted)
        .When(Granting(Grant with { Terms = Terms with { ProposalId = Hash32.Zero } }))
        .ThenRejected("AWARD_EXISTS");

    [Fact]
    public void an_award_with_a_bad_schedule_is_refused() => Refused(
        "vesting.durationSeconds", Terms with { Amount = 0, Vesting = Quarters(0) with { DurationSeconds = 0 } });

    [Fact]
    public void an_award_of_nothing_or_of_another_amount_than_vests_is_refused()
    {
        Refused("amount", Terms with { Amount = 0, Vesting = Quarters(0) });
        Refused("amount", Terms with { Amount = 1_004 });
    }

    [Fact]
    public void more_tranches_than_the_vault_adds_up_are_refused()
    {
        var tranches = Enumerable.Range(0, 65).Select(number => new VestingTranche(Start + number, number == 64 ? 939UL : 1UL));
        Refused("vesting.tranches", Terms with { Vesting = new TranchedVesting([.. tranches]) });
    }

    /// <summary>As the first version stored it.</summary>
    [Theory]
    [InlineData(400, 4, 250, 501, 752)]
    [InlineData(399, 4, 250, 501, 752)]
    public void an_award_of_the_first_version_reads_on_and_vests_the_same(long duration, int tranches, ulong one, ulong two, ulong three)
    {
        var now = JsonSerializer.SerializeToNode(Granted, JsonSerializerOptions.Web)!;
        var terms = now["terms"]!.AsObject();
        foreach (var member in (string[])
            ["vesting", "releasePeriodSeconds", "pauseBudgetSeconds", "milestones", "agreementHash", "startAt"])
            Assert.True(terms.Remove(member));
        terms["schedule"] = JsonNode.Parse(
            $$"""{"startAt":{{Start}},"cliffSeconds":100,"durationSeconds":{{duration}},"tranches":{{tranches}}}""");

        var read = now.Deserialize<AwardGranted>(JsonSerializerOptions.Web)!;
        Assert.Null(read.Terms.Validate());
        Assert.Equal(Start, read.Terms.StartAt);
        Assert.Equal<UInt256>(
            [0, one, two, three, 1_003],
            [.. new long[] { 99, 100, 200, 300, 400 }.Select(after => read.Terms.Vesting.VestedAmount(Start + after))]);
        var award = Award.Evolve(null, read)!;
        Assert.Equal((1, UInt256.Zero), (award.NextTranche, award.Committed));
    }

    // --- Reservation ---

    [Fact]
    public void a_reservation_is_confirmed() => Given(Granted).When(Confirming(Confirm)).Then(Reserved);

    [Fact]
    public void a_reservation_is_confirmed_once() =>
        Given(Granted, Reserved).When(Confirming(Confirm with { Evidence = Evidence("another") })).ThenNothing();

    [Fact]
    public void what_was_not_granted_is_not_reserved() => Given().When(Confirming(Confirm)).ThenRejected("NOT_FOUND");

    // --- Queries ---

    [Fact]
    public void the_id_of_an_award_is_that_of_its_proposal() => Assert.All(
        VectorFile.Cases("published-hashes.json", "awards"),
        golden => Assert.Equal(golden.Text("id"), Award.IdOf(Hash32.Parse(golden.Text("proposal"))).ToString()));

    [Fact]
    public void no_tranche_is_due_while_the_vault_has_not_reserved() => Assert.Null(After(Granted).NextDueAt);

    [Fact]
    public void the_next_tranche_is_due_at_its_time() => Assert.Equal(
        [(1, Start + 100), (2, Start + 200), (3, Start + 300), (4, Start + 400), (null, null)],
        Enumerable.Range(0, 5).Select(ordered => After([Granted, Reserved, .. Enumerable.Range(1, ordered).Select(Ordered)]))
            .Select(award => (award.NextTranche, award.NextDueAt)));

    [Fact]
    public void after_a_clawback_no_tranche_is_due()
    {
        var award = After(Granted, Reserved, Ordered(1), TakenBack);
        Assert.Equal((null, null), (award.NextTranche, award.NextDueAt));
    }

    [Fact]
    public void an_award_comes_back_from_json()
    {
        var award = After(Granted, Reserved, Ordered(1), Released(1), Held(2, 200), TakenBack, ClawedBack);
        var json = JsonSerializer.Serialize(award);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Award>(json)));
        Assert.Equal<UInt256>([250, 753, 0], [award.Released, award.ClawedBack, award.Remaining]);
        Assert.Equal($"award/{AnAward.Id}", award.Id);
    }

    private static Award After(params object[] events) => events.Aggregate((Award?)null, Award.Evolve)!;

    private static void Refused(string field, AwardTerms terms) => Assert.Equal(
        field, Assert.IsType<InvalidValue>(Award.Decide(Grant with { Terms = terms }, null).Rejection).Field);

    private static Func<Award?, Decision> Granting(GrantAward command) => state => Award.Decide(command, state);

    private static Func<Award?, Decision> Confirming(ConfirmReservation command) => state => Award.Decide(command, state);
}

using System.Text.Json;
using Grants.Domain.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class AmendmentSpecs
{
    private static readonly AmendProgram Amend = new(
        Id, 1, new ProgramChanges(Name: "Builders"), 0, Manager, "A shorter name.", At.AddDays(1));

    private static readonly ProgramAmended Amended = new(
        Id, 2, Opened with { Name = "Builders" }, Manager, "A shorter name.", At.AddDays(1));

    private static readonly BudgetCommitted Committed = new(Id, Keccak256.Hash("an award"), 400);

    [Fact]
    public void an_amendment_is_the_next_version_with_who_and_why()
    {
        var state = Given(Opened).When(Amending(Amend)).Then(Amended)!;
        Assert.Equal((2, "Builders"), (state.Version, state.Terms.Name));
        Assert.Equal((Opened, state.Terms), (state.TermsOf(1), state.TermsOf(2)));
        Assert.Equal(new ProgramAmendment(2, Manager, "A shorter name.", At.AddDays(1)), Assert.Single(state.Amendments));
        Assert.Equal(state.TermsOf(1), JsonSerializer.Deserialize<FundingProgram>(JsonSerializer.Serialize(state))!.TermsOf(1));
    }

    [Fact]
    public void everything_may_be_amended_at_once()
    {
        var changes = new ProgramChanges(
            "Other",
            900UL,
            Rules with { VotingPeriodSeconds = 60 },
            Vesting with { Tranches = 2 },
            Policy with { Version = 2 },
            "Be good.",
            IntakeRules.Anything,
            new ReviewRules(ReviewStage.Screening, [Ada], [], null, 0));
        Given(Opened).When(Amending(Amend with { Changes = changes })).Then(Amended with
        {
            Terms = Opened with
            {
                Name = "Other",
                Budget = 900,
                VotingRules = changes.VotingRules!,
                Vesting = changes.Vesting!,
                Policy = changes.Policy!,
                Agreement = "Be good.",
                Intake = changes.Intake,
                Review = changes.Review,
            },
        });
    }

    [Fact]
    public void an_amendment_of_an_older_version_is_refused() => Given(Opened, Amended)
        .When(Amending(Amend with { Changes = new ProgramChanges(Name: "Others") }))
        .ThenRejected("STALE_VERSION");

    [Fact]
    public void what_changes_nothing_is_nothing() => Given(Opened, Amended).When(Amending(Amend)).ThenNothing();

    [Fact]
    public void what_does_not_exist_is_not_amended() => Given().When(Amending(Amend)).ThenRejected("NOT_FOUND");

    [Fact]
    public void an_amendment_has_a_reason_and_sound_terms()
    {
        Given(Opened).When(Amending(Amend with { Reason = " " })).ThenRejected("INVALID_VALUE");
        Given(Opened).When(Amending(Amend with { Changes = new ProgramChanges(Name: "") })).ThenRejected("INVALID_VALUE");
        Given(Opened)
            .When(Amending(Amend with { Changes = new ProgramChanges(Intake: IntakeRules.Anything with { OpenProposalsMax = 0 }) }))
            .ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void a_review_is_given_up()
    {
        var reviewed = Opened with { Review = new ReviewRules(ReviewStage.Screening, [Ada], [], null, 0) };
        Given(reviewed)
            .When(Amending(Amend with { Changes = new ProgramChanges(WithoutReview: true) }))
            .Then(Amended with { Terms = Opened });
    }

    [Theory]
    [InlineData(400UL, null)]
    [InlineData(399UL, "BUDGET_BELOW_COMMITTED")]
    [InlineData(1_500UL, null)]
    [InlineData(1_501UL, "BUDGET_NOT_FUNDED")]
    public void a_budget_lies_between_what_is_committed_and_what_the_vault_holds_for_it(ulong budget, string? code)
    {
        var amend = Amend with { Changes = new ProgramChanges(Budget: budget), VaultFree = 1_100 };
        if (code is not null)
            Given(Opened, Committed).When(Amending(amend)).ThenRejected(code);
        else
            Given(Opened, Committed).When(Amending(amend)).Then(Amended with { Terms = Opened with { Budget = budget } });
    }

    [Fact]
    public void a_budget_is_lowered_whatever_the_vault_holds() => Given(Opened)
        .When(Amending(Amend with { Changes = new ProgramChanges(Budget: 999UL), VaultFree = 0 }))
        .Then(Amended with { Terms = Opened with { Budget = 999 } });

    [Theory]
    [InlineData(ProgramKind.Sequencer)]
    [InlineData(ProgramKind.Mev)]
    [InlineData(ProgramKind.Liquidity)]
    public void only_grants_are_opened_yet(ProgramKind kind) => Given()
        .When(state => FundingProgram.Decide(new OpenProgram(Opened with { Kind = kind }, Opened.Budget), state))
        .ThenRejected("KIND_NOT_SUPPORTED");

    [Fact]
    public void a_program_is_opened_once_whatever_became_of_its_terms() => Given(Opened, Amended)
        .When(state => FundingProgram.Decide(new OpenProgram(Opened, 0), state))
        .ThenNothing();

    private static Func<FundingProgram?, Decision> Amending(AmendProgram command) => state => FundingProgram.Decide(command, state);

    private static Spec<FundingProgram> Given(params object[] events) =>
        new Spec<FundingProgram>(FundingProgram.Evolve).Given(events);
}

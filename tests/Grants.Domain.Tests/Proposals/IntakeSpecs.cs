using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

/// <summary>What a program asks of a proposal when it is submitted.</summary>
public sealed class IntakeSpecs
{
    private static readonly DateTimeOffset Opens = Submitted.At;

    private static readonly IntakeRules Rounds = IntakeRules.Anything with
    {
        Rounds =
        [
            new SubmissionRound("Spring", Opens.AddDays(-9), Opens.AddDays(-8)),
            new SubmissionRound("Summer", Opens, Opens.AddDays(1)),
        ],
    };

    [Fact]
    public void a_proposal_is_of_the_round_that_is_open() =>
        Given(Drafted, Proven).When(Submitting(Rounds)).Then(Submitted with { SubmissionRound = 2 });

    [Fact]
    public void a_round_takes_proposals_from_its_opening_until_before_its_closing()
    {
        var last = Opens.AddDays(1).AddTicks(-1);
        Given(Drafted, Proven).When(Submitting(Rounds, last)).Then(Submitted with { SubmissionRound = 2, At = last });
        Refused(new SubmissionsClosed(Opens), Rounds, Opens.AddTicks(-1));
        Refused(new SubmissionsClosed(null), Rounds, Opens.AddDays(1));
    }

    [Fact]
    public void an_amount_lies_within_the_limits()
    {
        var limits = IntakeRules.Anything with { LeastAmount = 600, MostAmount = 600UL };
        Given(Drafted, Proven).When(Submitting(limits)).Then(Submitted);
        Refused(new AmountOutOfRange(600, 601, null), limits with { LeastAmount = 601, MostAmount = null });
        Refused(new AmountOutOfRange(600, 0, 599UL), limits with { LeastAmount = 0, MostAmount = 599UL });
    }

    [Fact]
    public void an_applicant_has_the_power_that_it_takes_to_propose()
    {
        var powerful = IntakeRules.Anything with { PowerToPropose = 50 };
        Given(Drafted, Proven).When(Submitting(powerful, facts: Facts with { Power = 50 })).Then(Submitted);
        Refused(new PowerTooLow(49, 50), powerful, facts: Facts with { Power = 49 });
    }

    [Fact]
    public void wrong_answers_are_refused_with_their_path()
    {
        var problem = new InvalidValue("answers.team.0", "Expected a string.");
        Refused(problem, IntakeRules.Anything, facts: Facts with { AnswersProblem = problem });
    }

    [Fact]
    public void more_than_the_program_has_left_by_now_is_refused() =>
        Refused(new RequestAboveBudget(600, 599), IntakeRules.Anything, facts: Facts with { BudgetLeft = 599 });

    [Fact]
    public void a_proposal_keeps_the_version_and_the_review_of_its_submission()
    {
        var review = new ReviewRules(ReviewStage.Screening, [Named("r1")], [], null, 0);
        var state = Given(Drafted, Proven)
            .When(Submitting(IntakeRules.Anything, facts: Facts with { ProgramVersion = 3, Review = review }))
            .Then(Submitted with { ProgramVersion = 3, Review = review })!;
        Assert.Equal((3, review), (state.ProgramVersion, state.Review));
    }

    [Fact]
    public void a_proposal_that_nobody_could_approve_is_not_taken()
    {
        var review = new ReviewRules(ReviewStage.Decision, [Ada, Named("r1"), Named("r2")], [], 3, 0);
        Refused(new CommitteeInConflict(2, 3), IntakeRules.Anything, facts: Facts with { Review = review });
    }

    [Theory]
    [InlineData("no milestones", "The program pays on milestone 1; the proposal has 0.")]
    [InlineData("a milestone less", "The program pays on milestone 2; the proposal has 1.")]
    [InlineData("a milestone more", "Nothing is paid on milestone 3: the program's vesting does not name it.")]
    [InlineData("other shares", "The program pays 4000 basis points on milestone 1; the proposal says 5000.")]
    public void milestones_that_vesting_does_not_wait_for_are_refused_at_once(string what, string why)
    {
        int[] shares = what switch
        {
            "no milestones" => [],
            "a milestone less" => [10_000],
            "a milestone more" => [4_000, 3_000, 3_000],
            _ => [5_000, 5_000],
        };
        Refused(
            new MilestonesDoNotMatch(why), IntakeRules.Anything, facts: Facts with { Vesting = OnMilestones }, content: Promising(shares));
    }

    [Fact]
    public void milestones_that_match_are_taken()
    {
        foreach (var (vesting, shares) in new (VestingTemplate, int[])[]
        {
            (OnMilestones, [4_000, 6_000]),
            (OnMilestones with { Parts = [new(0, new(2_000)), new(9, new(8_000), 1)] }, [10_000]),
            (OnMilestones with { Parts = [new(0, new(10_000))] }, []),
            (Vesting, [1_000, 9_000]),
        })
            Assert.Null(Submitting(IntakeRules.Anything, facts: Facts with { Vesting = vesting })(Offering(Promising(shares))).Rejection);
    }

    [Fact]
    public void who_is_paid_by_time_alone_promises_no_milestones() => Refused(
        new MilestonesDoNotMatch("The program pays by time alone: a proposal to it has no milestones."),
        IntakeRules.Anything,
        facts: Facts with { Vesting = OnMilestones with { Parts = [new(0, new(10_000))] } },
        content: Promising(10_000));

    [Theory]
    [InlineData("rounds", "overlapping")]
    [InlineData("rounds", "ending before it begins")]
    [InlineData("rounds", "nameless")]
    [InlineData("form", "too long")]
    [InlineData("mostAmount", "below the least")]
    [InlineData("openProposalsMax", "none")]
    public void bad_rules_are_refused(string field, string what)
    {
        var spring = new SubmissionRound("Spring", Opens, Opens.AddDays(2));
        var rules = what switch
        {
            "overlapping" => Rounds with { Rounds = [spring, spring with { Name = "Summer", OpensAt = Opens.AddDays(1) }] },
            "ending before it begins" => Rounds with { Rounds = [spring with { ClosesAt = Opens }] },
            "nameless" => Rounds with { Rounds = [spring with { Name = " " }] },
            "too long" => Rounds with { Form = new string(' ', IntakeRules.FormLengthMax + 1) },
            "below the least" => Rounds with { LeastAmount = 2, MostAmount = 1UL },
            _ => Rounds with { OpenProposalsMax = 0 },
        };
        Assert.Null(Rounds.Validate());
        Assert.Equal($"intake.{field}", Assert.IsType<InvalidValue>(rules.Validate()).Field);
    }

    private static VestingTemplate OnMilestones => new(0, 0, Parts: [new(10, new(4_000), 1), new(20, new(6_000), 2)]);

    private static ProposalContent Promising(params int[] shares) => Content with
    {
        Milestones = [.. shares.Select((share, i) => new Milestone($"Step {i + 1}", "So.", new(share), 100))],
    };

    private static void Refused(
        Rejection expected,
        IntakeRules intake,
        DateTimeOffset? at = null,
        SubmissionFacts? facts = null,
        ProposalContent? content = null) =>
        Assert.Equal(expected, Submitting(intake, at, facts)(Offering(content ?? Content)).Rejection);

    private static Proposal? Offering(ProposalContent content) =>
        new object[] { Drafted with { Content = content }, Proven }.Aggregate((Proposal?)null, Proposal.Evolve);

    private static Func<Proposal?, Decision> Submitting(
        IntakeRules intake, DateTimeOffset? at = null, SubmissionFacts? facts = null) => state => Proposal.Decide(
            new SubmitProposal(AProposal.Id, Ada, (facts ?? Facts) with { Intake = intake }, at ?? Submitted.At), state);
}

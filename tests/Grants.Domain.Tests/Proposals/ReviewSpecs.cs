using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;
using static Grants.Domain.Tests.Proposals.AReview;

namespace Grants.Domain.Tests.Proposals;

public sealed class ReviewSpecs
{
    private static readonly RequestChanges Ask = new(AProposal.Id, Reviewers[0], "Say who audits.", ReviewedAt);

    private static readonly ChangesRequested Asked = new(AProposal.Id, Reviewers[0], "Say who audits.", ReviewedAt);

    // --- Reviewing ---

    [Fact]
    public void a_first_review_puts_a_proposal_in_review()
    {
        var state = Given(Drafted, Under(AReview.Rules))
            .When(Reviewing(Review(0, Verdict.Approve)))
            .Then(Recorded(0, Verdict.Approve))!;
        Assert.Equal((ProposalState.InReview, Recorded(0, Verdict.Approve)), (state.State, Assert.Single(state.Reviews)));
    }

    [Fact]
    public void a_reviewer_who_changes_their_mind_counts_once()
    {
        var state = Given(Drafted, Under(AReview.Rules), Recorded(0, Verdict.Approve), Recorded(1, Verdict.Approve))
            .When(Reviewing(Review(0, Verdict.Reject)))
            .Then(Recorded(0, Verdict.Reject))!;
        Assert.Equal([Verdict.Approve, Verdict.Reject], state.Reviews.Select(review => review.Verdict));
    }

    [Fact]
    public void two_thirds_of_the_committee_approve_without_a_vote() => Given(
            Drafted, Under(AReview.Rules), Recorded(0, Verdict.Approve), Recorded(1, Verdict.Approve))
        .When(Reviewing(Review(2, Verdict.Approve)))
        .Then(Recorded(2, Verdict.Approve), Approved with { At = ReviewedAt });

    [Fact]
    public void a_screening_lets_a_proposal_through_to_the_vote()
    {
        var state = Given(Drafted, Under(Screening), Recorded(0, Verdict.Approve), Recorded(1, Verdict.Approve))
            .When(Reviewing(Review(2, Verdict.Approve)))
            .Then(Recorded(2, Verdict.Approve), new ProposalScreened(AProposal.Id, ReviewedAt))!;
        Assert.Equal((ProposalState.Submitted, ReviewedAt), (state.State, state.ScreenedAt));
        Assert.Equal(Programs.AProgram.Rules, state.RulesOfNextVote(Programs.AProgram.Rules));
        Assert.Equal("WRONG_PROPOSAL_STATE", Reviewing(Review(3, Verdict.Reject))(state).Rejection!.Code);
    }

    [Fact]
    public void a_proposal_is_rejected_as_soon_as_no_longer_enough_can_approve() => Given(
            Drafted, Under(AReview.Rules), Recorded(0, Verdict.Reject))
        .When(Reviewing(Review(1, Verdict.Reject)))
        .Then(Recorded(1, Verdict.Reject), (ProposalRejected)Turned(AReview.Rules)[^1]);

    [Theory]
    [InlineData(1, null, 1)]
    [InlineData(2, null, 2)]
    [InlineData(3, null, 2)]
    [InlineData(4, null, 3)]
    [InlineData(50, null, 34)]
    [InlineData(5, 1, 1)]
    public void two_thirds_are_rounded_up_and_a_number_is_a_number(int reviewers, int? approvals, int needed) => Assert.Equal(
        needed,
        (AReview.Rules with
        {
            Reviewers = [.. Enumerable.Range(0, reviewers).Select(i => Named($"r{i}"))], ApprovalsNeeded = approvals,
        }).Needed);

    [Fact]
    public void a_mean_is_weighted_and_exact() => Assert.Equal("29/4", AReview.Rules.MeanOf([8, 5]).ToString());

    // --- Refusals ---

    [Fact]
    public void nobody_but_a_reviewer_reviews() => Given(Drafted, Under(AReview.Rules))
        .When(Reviewing(Review(0, Verdict.Approve) with { Reviewer = Bo }))
        .ThenRejected("FORBIDDEN");

    [Fact]
    public void who_has_an_interest_does_not_review()
    {
        var declared = Content with { Conflicts = [new DeclaredConflict(Reviewers[0], "A cousin.")] };
        var ours = AReview.Rules with { Reviewers = [.. Reviewers, Ada, Content.Recipient] };
        var given = new object[] { Drafted with { Content = declared }, Under(ours) }.Aggregate((Proposal?)null, Proposal.Evolve);
        var refused = new[] { Reviewers[0], Ada, Content.Recipient }.Select(
            reviewer => Reviewing(Review(0, Verdict.Approve) with { Reviewer = reviewer })(given).Rejection!.Code);
        Assert.All(refused, code => Assert.Equal("CONFLICT_OF_INTEREST", code));
    }

    [Fact]
    public void a_reviewer_who_declares_an_interest_reviews_no_more_and_what_they_said_does_not_count()
    {
        var declare = new DeclareConflict(AProposal.Id, Reviewers[0], "I advise them.", ReviewedAt);
        var declared = new ConflictDeclared(AProposal.Id, Reviewers[0], "I advise them.", ReviewedAt);
        var state = Given(Drafted, Under(AReview.Rules), Recorded(0, Verdict.Approve), Recorded(1, Verdict.Approve))
            .When(one => Proposal.Decide(declare, one))
            .Then(declared)!;
        Assert.Equal(Reviewers[1], Assert.Single(state.Reviews).Reviewer);
        Assert.Equal("CONFLICT_OF_INTEREST", Reviewing(Review(0, Verdict.Approve))(state).Rejection!.Code);
        Given(Drafted, Under(AReview.Rules)).When(one => Proposal.Decide(declare with { Reviewer = Bo }, one)).ThenRejected("FORBIDDEN");
        Given(Drafted, Under(AReview.Rules))
            .When(one => Proposal.Decide(declare with { Nature = "\n" }, one))
            .ThenRejected("INVALID_VALUE");
        Given(ProposalState.Submitted).When(one => Proposal.Decide(declare, one)).ThenRejected("NOT_UNDER_REVIEW");
        Given(Drafted).When(one => Proposal.Decide(declare, one)).ThenRejected("NOT_FOUND");
    }

    [Fact]
    public void where_too_few_without_an_interest_are_left_a_proposal_is_rejected_and_may_be_appealed()
    {
        var earlier = new ConflictDeclared(AProposal.Id, Reviewers[0], "I advise them.", ReviewedAt);
        var declare = new DeclareConflict(AProposal.Id, Reviewers[1], "So do I.", ReviewedAt);
        Given(Drafted, Under(AReview.Rules), earlier).When(one => Proposal.Decide(declare, one)).Then(
            new ConflictDeclared(AProposal.Id, Reviewers[1], "So do I.", ReviewedAt),
            new ProposalRejected(AProposal.Id, "Only 2 reviewers have no interest in it; 3 would have to approve.", ReviewedAt));
    }

    [Fact]
    public void what_is_decided_stays_decided_when_an_interest_is_declared_later()
    {
        var state = Given([.. Turned(AReview.Rules)])
            .When(one => Proposal.Decide(new DeclareConflict(AProposal.Id, Reviewers[0], "A cousin.", ReviewedAt), one))
            .Then(new ConflictDeclared(AProposal.Id, Reviewers[0], "A cousin.", ReviewedAt))!;
        Assert.Equal((ProposalState.Rejected, 2), (state.State, state.Reviews.Count));
    }

    [Fact]
    public void reviewers_in_conflict_lower_no_bar()
    {
        var declared = Content with { Conflicts = [new DeclaredConflict(Reviewers[3], "A cousin.")] };
        Given(Drafted with { Content = declared }, Under(AReview.Rules) with { ContentHash = declared.Hash() })
            .When(Reviewing(Review(0, Verdict.Reject) with { ContentHash = declared.Hash() }))
            .Then(
                Recorded(0, Verdict.Reject) with { ContentHash = declared.Hash() },
                new ProposalRejected(AProposal.Id, "1 reviewers reject; 3 would have to approve.", ReviewedAt));
    }

    [Fact]
    public void a_review_is_of_the_content_as_it_is() => Given(Drafted, Under(AReview.Rules))
        .When(Reviewing(Review(0, Verdict.Approve) with { ContentHash = Keccak256.Hash("an older text") }))
        .ThenRejected("CONTENT_DIFFERS");

    [Fact]
    public void scores_are_one_a_criterion_and_a_comment_says_something()
    {
        var state = new object[] { Drafted, Under(AReview.Rules) }.Aggregate((Proposal?)null, Proposal.Evolve);
        var review = Review(0, Verdict.Approve);
        RecordReview[] bad =
        [
            review with { Scores = [1] }, review with { Scores = [1, 2, 3] }, review with { Scores = [11, 1] },
            review with { Scores = [-1, 1] }, review with { Comment = " " }, review with { Comment = "a\0b" },
        ];
        Assert.All(bad, one => Assert.Equal("INVALID_VALUE", Reviewing(one)(state).Rejection!.Code));
    }

    [Fact]
    public void what_is_not_reviewed_in_its_program_is_not_reviewed() =>
        Given(ProposalState.Submitted).When(Reviewing(Review(0, Verdict.Approve))).ThenRejected("NOT_UNDER_REVIEW");

    [Fact]
    public void nobody_but_its_applicant_sees_a_draft() =>
        Given(Drafted).When(Reviewing(Review(0, Verdict.Approve))).ThenRejected("NOT_FOUND");

    [Fact]
    public void review_comes_before_the_vote()
    {
        var open = new OpenVoting(AProposal.Id, Programs.AProgram.Rules, SnapshotBlock, PowerRoot, 20_000, 25_000, 3, Manager, OpensAt);
        foreach (var rules in new[] { AReview.Rules, Screening })
        {
            Given(Drafted, Under(rules)).When(state => Proposal.Decide(open, state)).ThenRejected("REVIEW_COMES_FIRST");
            Given(Drafted, Under(rules), Recorded(0, Verdict.Approve))
                .When(state => Proposal.Decide(open, state))
                .ThenRejected("REVIEW_COMES_FIRST");
        }
    }

    // --- Changes ---

    [Fact]
    public void a_proposal_is_sent_back_revised_and_reviewed_anew()
    {
        var mended = Content with { Body = "We build it. Alice audits it." };
        var sentBack = Given(Drafted, Proven, Under(AReview.Rules), Recorded(0, Verdict.Reject))
            .When(state => Proposal.Decide(Ask, state))
            .Then(Asked)!;
        var revised = Proposal.Evolve(sentBack, new ProposalRevised(AProposal.Id, Ada, mended, ReviewedAt))!;
        Assert.Equal((ProposalState.ChangesRequested, Content.Hash()), (revised.State, revised.ContentHash));
        var submit = new SubmitProposal(AProposal.Id, Ada, Facts with { Review = AReview.Rules }, ReviewedAt.AddHours(1));
        var again = Proposal.Decide(submit, revised).Events.Aggregate((Proposal?)revised, Proposal.Evolve)!;
        Assert.Equal((ProposalState.InReview, mended.Hash()), (again.State, again.ContentHash));
        Assert.Empty(again.Reviews);
        Assert.Equal("Say who audits.", again.Changes!.Reason);
    }

    [Fact]
    public void what_comes_back_unchanged_keeps_its_reviews_and_needs_no_open_round()
    {
        var submit = new SubmitProposal(
            AProposal.Id,
            Ada,
            Facts with { Intake = IntakeRules.Anything with { Rounds = [new SubmissionRound("Over", At.AddDays(-2), At.AddDays(-1))] } },
            ReviewedAt);
        var state = Given(Drafted, Proven, Under(AReview.Rules) with { SubmissionRound = 1 }, Recorded(0, Verdict.Reject), Asked)
            .When(proposal => Proposal.Decide(submit with { Facts = submit.Facts with { Review = AReview.Rules } }, proposal))
            .Then(Under(AReview.Rules) with { At = ReviewedAt, SubmissionRound = 1 })!;
        Assert.Single(state.Reviews);
    }

    [Fact]
    public void a_proposal_is_sent_back_once() =>
        Given(Drafted, Under(AReview.Rules), Asked).When(state => Proposal.Decide(Ask, state)).ThenNothing();

    [Fact]
    public void what_is_decided_is_not_sent_back() =>
        Given(Turned(AReview.Rules)).When(state => Proposal.Decide(Ask, state)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Theory]
    [InlineData("reviewers", "none")]
    [InlineData("reviewers", "twice")]
    [InlineData("rubric", "twice the same")]
    [InlineData("rubric", "no weight")]
    [InlineData("approvalsNeeded", "more than there are")]
    [InlineData("appealSeconds", "negative")]
    public void bad_rules_are_refused(string field, string what)
    {
        var rules = what switch
        {
            "none" => AReview.Rules with { Reviewers = [] },
            "twice" => AReview.Rules with { Reviewers = [Ada, Ada] },
            "twice the same" => AReview.Rules with { Rubric = [new("Impact", 1), new("Impact", 2)] },
            "no weight" => AReview.Rules with { Rubric = [new("Impact", 0)] },
            "more than there are" => AReview.Rules with { ApprovalsNeeded = 5 },
            _ => AReview.Rules with { AppealSeconds = -1 },
        };
        Assert.Null(AReview.Rules.Validate());
        Assert.Equal($"review.{field}", Assert.IsType<InvalidValue>(rules.Validate()).Field);
    }
}

using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;
using static Grants.Domain.Tests.Proposals.AReview;

namespace Grants.Domain.Tests.Proposals;

public sealed class AppealSpecs
{
    private static readonly AppealProposal Appeal = new(AProposal.Id, Ada, Appealed.Reason, Appealed.At);

    private static readonly DecideAppealOfProposal Uphold = new(AProposal.Id, Manager, true, "They did.", ReviewedAt.AddHours(2));

    private static readonly AppealOfProposalDecided Upheld = new(AProposal.Id, Manager, true, "They did.", Uphold.At);

    [Fact]
    public void a_rejection_by_the_committee_is_appealed()
    {
        var state = Given(Turned(AReview.Rules)).When(Appealing(Appeal)).Then(Appealed)!;
        Assert.Equal(ProposalState.Appealed, state.State);
        Assert.Empty(state.Reviews);
    }

    [Fact]
    public void an_appeal_comes_within_its_time()
    {
        var last = ReviewedAt.AddSeconds(AppealSeconds).AddTicks(-1);
        Given(Turned(AReview.Rules)).When(Appealing(Appeal with { At = last })).Then(Appealed with { At = last });
        Given(Turned(AReview.Rules)).When(Appealing(Appeal with { At = last.AddTicks(1) })).ThenRejected("APPEAL_CLOSED");
        Given(Turned(AReview.Rules with { AppealSeconds = 0 }))
            .When(Appealing(Appeal with { At = ReviewedAt }))
            .ThenRejected("APPEAL_CLOSED");
    }

    [Fact]
    public void there_is_one_appeal() => Given([.. Turned(AReview.Rules), Appealed, Upheld with { IsUpheld = false }])
        .When(Appealing(Appeal))
        .ThenRejected("APPEAL_CLOSED");

    [Fact]
    public void only_the_applicant_appeals() =>
        Given(Turned(AReview.Rules)).When(Appealing(Appeal with { Actor = Bo })).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_vote_is_not_appealed() =>
        Given(ProposalState.Rejected).When(Appealing(Appeal)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void a_guardian_who_upholds_it_approves_where_the_committee_would_have() =>
        Given([.. Turned(AReview.Rules), Appealed]).When(Deciding(Uphold)).Then(Upheld, Approved with { At = Uphold.At });

    [Fact]
    public void a_guardian_who_upholds_it_lets_through_to_the_vote_where_the_committee_screens()
    {
        var state = Given([.. Turned(Screening), Appealed])
            .When(Deciding(Uphold))
            .Then(Upheld, new ProposalScreened(AProposal.Id, Uphold.At))!;
        Assert.Equal((ProposalState.Submitted, null), (state.State, state.ReviewRejectedAt));
        Assert.NotNull(state.RulesOfNextVote(Programs.AProgram.Rules));
    }

    [Fact]
    public void an_appeal_that_is_dismissed_leaves_the_rejection()
    {
        var dismissed = Upheld with { IsUpheld = false };
        var state = Given([.. Turned(AReview.Rules), Appealed]).When(Deciding(Uphold with { IsUpheld = false })).Then(dismissed)!;
        Assert.Equal((ProposalState.Rejected, dismissed), (state.State, state.AppealDecision));
    }

    [Fact]
    public void the_committee_may_decide_it_by_new_reviews() => Given(
            [.. Turned(AReview.Rules), Appealed, Recorded(0, Verdict.Approve), Recorded(1, Verdict.Approve)])
        .When(Reviewing(Review(2, Verdict.Approve)))
        .Then(
            Recorded(2, Verdict.Approve),
            new AppealOfProposalDecided(AProposal.Id, null, true, "3 reviewers approve.", ReviewedAt),
            Approved with { At = ReviewedAt });

    [Fact]
    public void an_appeal_is_decided_once()
    {
        Given([.. Turned(AReview.Rules), Appealed, Upheld, Approved]).When(Deciding(Uphold)).ThenNothing();
        Given([.. Turned(AReview.Rules), Appealed, Upheld, Approved])
            .When(Deciding(Uphold with { IsUpheld = false }))
            .ThenRejected("APPEAL_CLOSED");
    }

    [Fact]
    public void what_is_not_appealed_is_not_decided() =>
        Given(Turned(AReview.Rules)).When(Deciding(Uphold)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void a_guardian_with_an_interest_decides_nothing() => Given([.. Turned(AReview.Rules), Appealed])
        .When(Deciding(Uphold with { Guardian = Ada }))
        .ThenRejected("CONFLICT_OF_INTEREST");

    [Fact]
    public void an_appeal_and_its_decision_have_reasons()
    {
        Given(Turned(AReview.Rules)).When(Appealing(Appeal with { Reason = "" })).ThenRejected("INVALID_VALUE");
        Given([.. Turned(AReview.Rules), Appealed]).When(Deciding(Uphold with { Reason = " " })).ThenRejected("INVALID_VALUE");
    }

    private static Func<Proposal?, Decision> Appealing(AppealProposal command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Deciding(DecideAppealOfProposal command) => state => Proposal.Decide(command, state);
}

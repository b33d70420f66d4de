using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class ModerationSpecs
{
    private static readonly CancelProposal Cancel = new(AProposal.Id, Manager, "Spam.", Cancelled.At);

    [Theory]
    [InlineData(ProposalState.Submitted)]
    [InlineData(ProposalState.Voting)]
    [InlineData(ProposalState.Rejected)]
    public void a_proposal_is_cancelled_before_its_award(ProposalState state) => Given(state).When(Cancelling(Cancel)).Then(Cancelled);

    [Fact]
    public void a_proposal_is_cancelled_once() =>
        Given(ProposalState.Cancelled).When(Cancelling(Cancel with { Reason = "Still spam." })).ThenNothing();

    [Theory]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Withdrawn)]
    public void what_is_awarded_or_withdrawn_is_not_cancelled(ProposalState state) =>
        Given(state).When(Cancelling(Cancel)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void nobody_but_its_applicant_sees_a_draft() =>
        Given(ProposalState.Draft).When(Cancelling(Cancel)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a\0b")]
    public void moderation_has_a_reason(string reason) =>
        Given(ProposalState.Submitted).When(Cancelling(Cancel with { Reason = reason })).ThenRejected("INVALID_VALUE");

    [Fact]
    public void a_reason_has_2_000_characters_at_most()
    {
        var longest = new string('r', Proposal.ReasonLengthMax);
        Given(ProposalState.Submitted).When(Cancelling(Cancel with { Reason = longest })).Then(Cancelled with { Reason = longest });
        Given(ProposalState.Submitted).When(Cancelling(Cancel with { Reason = longest + "r" })).ThenRejected("INVALID_VALUE");
    }

    [Fact]
    public void a_cancelled_vote_comes_to_nothing()
    {
        var state = Until(ProposalState.Cancelled).Aggregate((Proposal?)null, Proposal.Evolve);
        Assert.Empty(Proposal.Decide(new CloseVoting(AProposal.Id, Passed, ClosesAt), state).Events);
    }

    [Fact]
    public void a_flag_changes_nothing_but_is_kept()
    {
        var state = Given(ProposalState.Voting)
            .When(proposal => Proposal.Decide(new FlagProposal(AProposal.Id, Manager, "Copied.", At), proposal))
            .Then(new ProposalFlagged(AProposal.Id, Manager, "Copied.", At))!;
        Assert.Equal((ProposalState.Voting, new Flag(Manager, "Copied.", At)), (state.State, Assert.Single(state.Flags)));
    }

    [Fact]
    public void a_proposal_is_hidden_and_shown_again_while_its_vote_goes_on()
    {
        var hidden = Given(ProposalState.Voting)
            .When(proposal => Proposal.Decide(new HideProposal(AProposal.Id, Manager, "Phishing.", At), proposal))
            .Then(new ProposalHidden(AProposal.Id, Manager, "Phishing.", At))!;
        Assert.Equal((ProposalState.Voting, "Phishing."), (hidden.State, hidden.HiddenBecause));
        var shown = Given([.. Until(ProposalState.Voting), new ProposalHidden(AProposal.Id, Manager, "Phishing.", At)])
            .When(proposal => Proposal.Decide(new ShowProposal(AProposal.Id, Manager, "It was not.", At), proposal))
            .Then(new ProposalShown(AProposal.Id, Manager, "It was not.", At))!;
        Assert.Null(shown.HiddenBecause);
    }

    [Fact]
    public void what_is_not_hidden_is_not_shown_again() => Given(ProposalState.Voting)
        .When(proposal => Proposal.Decide(new ShowProposal(AProposal.Id, Manager, "Why not.", At), proposal))
        .ThenNothing();

    private static Func<Proposal?, Decision> Cancelling(CancelProposal command) => state => Proposal.Decide(command, state);
}

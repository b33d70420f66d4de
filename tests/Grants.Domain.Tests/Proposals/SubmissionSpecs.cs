using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class SubmissionSpecs
{
    private static readonly SubmitProposal Submit = new(AProposal.Id, Ada, Facts, Submitted.At);

    private static readonly WithdrawProposal Withdraw = new(AProposal.Id, Ada, Withdrawn.At);

    // --- Submit ---

    [Fact]
    public void a_draft_is_submitted() => Given(Drafted, Proven).When(Submitting(Submit)).Then(Submitted);

    [Fact]
    public void what_is_submitted_is_the_last_revision()
    {
        var content = Content with { Title = "Another DEX" };
        Given(Drafted, Proven, new ProposalRevised(AProposal.Id, Ada, content, At))
            .When(Submitting(Submit))
            .Then(Submitted with { ContentHash = content.Hash() });
    }

    [Fact]
    public void a_proposal_is_submitted_once() =>
        Given(Drafted, Submitted).When(Submitting(Submit with { At = At.AddDays(1) })).ThenNothing();

    [Fact]
    public void what_does_not_exist_is_not_submitted() => Given().When(Submitting(Submit)).ThenRejected("NOT_FOUND");

    [Fact]
    public void the_draft_of_another_is_hidden_from_who_would_submit_it() =>
        Given(Drafted).When(Submitting(Submit with { Actor = Bo })).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(ProposalState.Voting)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    public void only_a_draft_is_submitted(ProposalState state) =>
        Given(state).When(Submitting(Submit)).ThenRejected("WRONG_PROPOSAL_STATE");

    // --- Withdraw ---

    [Theory]
    [InlineData(ProposalState.Draft)]
    [InlineData(ProposalState.Submitted)]
    [InlineData(ProposalState.Voting)]
    public void a_proposal_is_withdrawn_until_it_is_decided(ProposalState state) =>
        Given(state).When(Withdrawing(Withdraw)).Then(Withdrawn);

    [Fact]
    public void a_proposal_is_withdrawn_once() =>
        Given(ProposalState.Withdrawn).When(Withdrawing(Withdraw with { At = At.AddDays(1) })).ThenNothing();

    [Fact]
    public void what_does_not_exist_is_not_withdrawn() => Given().When(Withdrawing(Withdraw)).ThenRejected("NOT_FOUND");

    [Fact]
    public void the_proposal_of_another_is_hidden_from_who_would_withdraw_it() =>
        Given(Drafted).When(Withdrawing(Withdraw with { Actor = Bo })).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    public void a_decided_proposal_is_not_withdrawn(ProposalState state) =>
        Given(state).When(Withdrawing(Withdraw)).ThenRejected("WRONG_PROPOSAL_STATE");

    private static Func<Proposal?, Decision> Submitting(SubmitProposal command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Withdrawing(WithdrawProposal command) => state => Proposal.Decide(command, state);
}

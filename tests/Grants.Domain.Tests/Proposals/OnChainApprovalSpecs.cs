using Grants.Domain.Proposals;
using Grants.Domain.Tests.Governors;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class OnChainApprovalSpecs
{
    private static readonly ApproveOnChain Approve = new(
        AProposal.Id,
        Content.Hash(),
        AGovernor.ChainId,
        AGovernor.Contract,
        7,
        AGovernor.Log(160),
        AGovernor.TimeOf(160));

    private static readonly ProposalApprovedOnChain ApprovedOnChain = new(
        AProposal.Id,
        Content.Hash(),
        AGovernor.ChainId,
        AGovernor.Contract,
        7,
        AGovernor.Log(160),
        AGovernor.TimeOf(160));

    private static readonly ProposalApproved Award = Approved with { At = AGovernor.TimeOf(160) };

    [Fact]
    public void a_submitted_proposal_is_approved_with_the_chains_evidence()
    {
        var state = Given(ProposalState.Submitted).When(Approving(Approve)).Then(ApprovedOnChain, Award)!;
        Assert.Equal((ProposalState.Approved, ApprovedOnChain), (state.State, state.OnChainApproval));
    }

    [Fact]
    public void a_second_execution_approves_nothing_more() => Given(Drafted, Submitted, ApprovedOnChain, Award)
        .When(Approving(Approve with { GovernorProposalId = 8, Evidence = AGovernor.Log(170) }))
        .ThenNothing();

    [Theory]
    [InlineData(ProposalState.Draft)]
    [InlineData(ProposalState.Voting)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    [InlineData(ProposalState.Cancelled)]
    public void what_is_not_submitted_is_not_approved(ProposalState state) =>
        Given(state).When(Approving(Approve)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void other_content_is_not_approved() => Given(ProposalState.Submitted)
        .When(Approving(Approve with { ContentHash = Keccak256.Hash("other") }))
        .ThenRejected("CONTENT_DIFFERS");

    [Fact]
    public void an_approved_proposal_is_not_withdrawn_or_put_to_a_vote()
    {
        Given(Drafted, Submitted, ApprovedOnChain, Award)
            .When(state => Proposal.Decide(new WithdrawProposal(AProposal.Id, state!.Applicant, Award.At), state))
            .ThenRejected("WRONG_PROPOSAL_STATE");
        var approved = new object[] { Drafted, Submitted, ApprovedOnChain, Award }.Aggregate((Proposal?)null, Proposal.Evolve)!;
        Assert.Null(approved.RulesOfNextVote(Opened.Rules));
    }

    private static Func<Proposal?, Decision> Approving(ApproveOnChain command) => state => Proposal.Decide(command, state);
}

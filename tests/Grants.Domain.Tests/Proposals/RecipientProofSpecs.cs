using Grants.Domain.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class RecipientProofSpecs
{
    private static readonly ProveRecipient Prove = new(
        AProposal.Id,
        Ada,
        new RecipientConsent(Space, AProposal.Id, Ada, Content.Recipient),
        Proven.Signature,
        Proven.IsByContract,
        Proven.Digest,
        Proven.ChainId,
        Proven.Block,
        Proven.CodeHash,
        Proven.At);

    private static readonly SubmitProposal Submit = new(AProposal.Id, Ada, Facts, Submitted.At);

    [Fact]
    public void a_recipient_proves_that_it_can_be_paid() => Given(Drafted).When(Proving(Prove)).Then(Proven);

    [Fact]
    public void a_consent_is_recorded_once() =>
        Given(Drafted, Proven).When(Proving(Prove with { At = At.AddDays(1) })).ThenNothing();

    [Fact]
    public void only_the_applicant_brings_it() => Given(Drafted).When(Proving(Prove with { Actor = Bo })).ThenRejected("NOT_FOUND");

    [Fact]
    public void the_consent_of_somebody_else_is_none() => Given(Drafted)
        .When(Proving(Prove with { Signed = Prove.Signed with { Recipient = Bo } }))
        .ThenRejected("INVALID_VALUE");

    [Fact]
    public void a_consent_to_another_proposal_is_none() => Given(Drafted)
        .When(Proving(Prove with { Signed = Prove.Signed with { Proposal = Keccak256.Hash("another") } }))
        .ThenRejected("INVALID_VALUE");

    [Fact]
    public void what_is_submitted_is_not_proven_any_more() =>
        Given(ProposalState.Submitted).When(Proving(Prove)).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void a_recipient_without_proof_is_not_submitted() =>
        Given(Drafted).When(Submitting(Submit)).ThenRejected("RECIPIENT_NOT_PROVEN");

    [Fact]
    public void the_proof_of_one_recipient_is_none_of_the_next() => Given(
            Drafted, Proven, new ProposalRevised(AProposal.Id, Ada, Content with { Recipient = Bo }, At))
        .When(Submitting(Submit))
        .ThenRejected("RECIPIENT_NOT_PROVEN");

    [Fact]
    public void an_applicant_who_signed_in_on_the_chain_that_pays_needs_no_other_proof()
    {
        var own = Drafted with { Content = Content with { Recipient = Ada } };
        Given(own).When(Submitting(Submit)).Then(Submitted with { ContentHash = own.Content.Hash() });
        Given(own)
            .When(Submitting(Submit with { Facts = Facts with { IsSignedInOnPayingChain = false } }))
            .ThenRejected("RECIPIENT_NOT_PROVEN");
    }

    private static Func<Proposal?, Decision> Proving(ProveRecipient command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Submitting(SubmitProposal command) => state => Proposal.Decide(command, state);
}

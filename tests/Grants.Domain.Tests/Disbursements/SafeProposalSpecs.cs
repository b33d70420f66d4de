using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

public sealed class SafeProposalSpecs
{
    private static readonly Address Safe = AProgram.Named("safe");

    private static readonly ProposeToSafe Propose = new(
        AProgram.ChainId, Safe, 7, [AnOrder.Id], AProgram.Named("vault"), "0x01", Keccak256.Hash("safe tx"), 100, AProgram.At);

    private static readonly SafeTransactionProposed Proposed = new(
        AProgram.ChainId, Safe, 7, [AnOrder.Id], AProgram.Named("vault"), "0x01", Keccak256.Hash("safe tx"), 100, AProgram.At);

    private static readonly SafeTransactionConfirmed ByAda = new(AProgram.Ada, "0x0a", AProgram.At);

    private static readonly EventKey Evidence = new(AProgram.ChainId, 101, default, default, 1);

    private static readonly SafeTransactionClosed Executed = new(Evidence);

    private static readonly SafeTransactionClosed Replaced = new((EventKey?)null);

    [Fact]
    public void a_nonce_of_a_safe_is_proposed_for_once()
    {
        Given().When(state => SafeProposal.Decide(Propose, state)).Then(Proposed);
        Given(Proposed).When(state => SafeProposal.Decide(Propose, state)).ThenNothing();
        Given(Proposed)
            .When(state => SafeProposal.Decide(Propose with { SafeTxHash = Keccak256.Hash("another") }, state))
            .ThenRejected("ORDERS_CHANGED");
    }

    [Fact]
    public void an_owner_signs_and_the_last_word_of_each_counts()
    {
        Given(Proposed).When(Confirming(ByAda)).Then(ByAda);
        Given(Proposed, ByAda).When(Confirming(ByAda)).ThenNothing();
        Given(Proposed, ByAda).When(Confirming(ByAda with { Signature = "0x0b" })).Then(ByAda with { Signature = "0x0b" });
        var state = After(Proposed, ByAda, ByAda with { Owner = AProgram.Bo }, ByAda with { Signature = "0x0b" });
        Assert.Equal(
            [(AProgram.Bo, "0x0a"), (AProgram.Ada, "0x0b")], state.Confirmations.Select(one => (one.Owner, one.Signature)));
    }

    [Fact]
    public void what_is_over_is_not_signed_any_more()
    {
        Given(Proposed, Executed).When(Confirming(ByAda)).ThenRejected("SAFE_PROPOSAL_OVER");
        Given(Proposed, Replaced).When(Confirming(ByAda)).ThenRejected("SAFE_PROPOSAL_OVER");
        Given().When(Confirming(ByAda)).ThenRejected("NOT_FOUND");
    }

    [Fact]
    public void a_nonce_is_used_up_once_by_the_proposal_or_by_something_else()
    {
        Given(Proposed).When(Closing(Evidence)).Then(Executed);
        Given(Proposed).When(Closing(null)).Then(Replaced);
        Given(Proposed, Executed).When(Closing(null)).ThenNothing();
        Assert.Equal((SafeProposalState.Executed, Evidence), (After(Proposed, Executed).State, After(Proposed, Executed).Executed));
        Assert.Equal(SafeProposalState.Replaced, After(Proposed, Replaced).State);
    }

    private static SafeProposal After(params object[] events) => events.Aggregate((SafeProposal?)null, SafeProposal.Evolve)!;

    private static Spec<SafeProposal> Given(params object[] events) =>
        new Spec<SafeProposal>(SafeProposal.Evolve).Given(events);

    private static Func<SafeProposal?, Decision> Confirming(SafeTransactionConfirmed by) => state =>
        SafeProposal.Decide(new ConfirmSafeProposal("safe", by.Owner, by.Signature, by.At), state);

    private static Func<SafeProposal?, Decision> Closing(EventKey? executed) => state =>
        SafeProposal.Decide(new CloseSafeProposal(executed), state);
}

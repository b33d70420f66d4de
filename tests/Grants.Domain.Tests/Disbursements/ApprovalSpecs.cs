using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class ApprovalSpecs
{
    private static readonly DisbursementApproval ByAda =
        new("ada", AProgram.Ada, Keccak256.Hash("the order"), "0x01", AProgram.At);

    private static readonly DisbursementApproved Approved = new(AnOrder.Id, ByAda);

    private static readonly RejectDisbursement Reject = new(AnOrder.Id, AProgram.Bo, "This is not ours.", AProgram.At);

    private static readonly DisbursementRejected Rejected = new(AnOrder.Id, AProgram.Bo, "This is not ours.", AProgram.At);

    [Fact]
    public void a_person_approves_an_order() => Given(Ordered).When(Approving(ByAda)).Then(Approved);

    [Fact]
    public void the_same_person_with_another_account_is_still_one_person() =>
        Given(Ordered, Approved).When(Approving(ByAda with { Account = AProgram.Bo })).ThenNothing();

    [Fact]
    public void an_approval_of_something_else_does_not_stand_in_the_way()
    {
        var other = ByAda with { Digest = Keccak256.Hash("something else") };
        Given(Ordered, new DisbursementApproved(AnOrder.Id, other)).When(Approving(ByAda)).Then(Approved);
    }

    [Theory]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Voided)]
    public void what_is_on_its_way_is_not_approved_any_more(DisbursementState state) =>
        Given(state).When(Approving(ByAda)).ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void what_was_not_ordered_is_not_approved() => Given().When(Approving(ByAda)).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_person_rejects_an_order_with_a_reason()
    {
        var state = Given(Ordered, Approved).When(Rejecting(Reject)).Then(Rejected)!;
        Assert.Equal((DisbursementState.Rejected, Reject.Reason, true), (state.State, state.Failure, state.IsSettled));
    }

    [Fact]
    public void a_rejection_needs_a_reason() => Given(Ordered).When(Rejecting(Reject with { Reason = "" })).ThenRejected("INVALID_VALUE");

    [Fact]
    public void what_has_a_nonce_is_not_rejected_but_voided_in_the_vault() =>
        Given(Ordered, Assigned).When(Rejecting(Reject)).ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void a_rejected_order_gets_no_nonce() => Given(Ordered, Rejected)
        .When(state => Disbursement.Decide(new AssignNonce(AnOrder.Id, Signer, Nonce), state))
        .ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void when_a_rejection_is_taken_back_approvals_are_asked_for_anew()
    {
        var state = Given(Ordered, Approved, Rejected)
            .When(one => Disbursement.Decide(new RetryDisbursement(AnOrder.Id, AProgram.Manager, Reject.Reason, AProgram.At), one))
            .Then(Retried)!;
        Assert.Empty(state.Approvals);
    }

    [Fact]
    public void what_is_signed_names_all_of_the_order()
    {
        TreasuryOrder[] others =
        [
            Order with { OrderId = Keccak256.Hash("another") }, Order with { Kind = TreasuryOrderKind.Clawback },
            Order with { Vault = AProgram.Bo }, Order with { AwardId = Keccak256.Hash("another") }, Order with { Seq = 2 },
            Order with { Token = AProgram.Bo }, Order with { Receiver = AProgram.Bo }, Order with { Amount = 251 },
        ];
        Assert.All(others, other => Assert.NotEqual(Order.ToTyped().Members, other.ToTyped().Members));
    }

    private static Func<Disbursement?, Decision> Approving(DisbursementApproval approval) =>
        state => Disbursement.Decide(new ApproveDisbursement(AnOrder.Id, approval), state);

    private static Func<Disbursement?, Decision> Rejecting(RejectDisbursement command) => state => Disbursement.Decide(command, state);
}

using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class AssigningSpecs
{
    private static readonly AssignNonce Assign = new(AnOrder.Id, Signer, Nonce);

    private static readonly RecordRefused Refuse = new(AnOrder.Id, Refusal);

    // --- Order ---

    [Fact]
    public void a_disbursement_is_ordered() => Given().When(Ordering(Order)).Then(Ordered);

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    [InlineData(DisbursementState.Voided)]
    public void a_disbursement_is_ordered_once(DisbursementState state) => Given(state).When(Ordering(Order with { })).ThenNothing();

    [Fact]
    public void an_order_of_the_same_id_with_another_amount_is_refused() =>
        Given(Ordered).When(Ordering(Order with { Amount = 251 })).ThenRejected("ORDER_DIFFERS");

    [Fact]
    public void an_order_of_the_same_id_to_another_receiver_is_refused() =>
        Given(Ordered).When(Ordering(Order with { Receiver = Order.Token })).ThenRejected("ORDER_DIFFERS");

    // --- Assign ---

    [Fact]
    public void an_order_gets_a_nonce()
    {
        var state = Given(Ordered).When(Assigning(Assign)).Then(Assigned)!;
        Assert.Equal(new NonceOf(Signer, Nonce), state.Live);
    }

    [Fact]
    public void an_order_that_the_vault_refused_before_gets_a_nonce()
    {
        var state = Given(Ordered, Refused).When(Assigning(Assign)).Then(Assigned)!;
        Assert.Null(state.Failure);
    }

    [Fact]
    public void an_order_gets_the_same_nonce_once() => Given(Ordered, Assigned).When(Assigning(Assign)).ThenNothing();

    [Fact]
    public void an_order_with_a_nonce_gets_no_other() =>
        Given(Ordered, Assigned).When(Assigning(Assign with { Nonce = 18 })).ThenRejected("NONCE_CHANGED");

    [Fact]
    public void an_order_with_a_nonce_gets_none_of_another_account() =>
        Given(Ordered, Assigned).When(Assigning(Assign with { Signer = AProgram.Bo })).ThenRejected("SIGNER_CHANGED");

    [Fact]
    public void an_order_that_came_back_gets_another_nonce()
    {
        var state = Given(Ordered, Assigned, Returned)
            .When(Assigning(Assign with { Nonce = 18 }))
            .Then(Assigned with { Nonce = 18 })!;
        Assert.Equal([17L, 18], state.Nonces.Select(nonce => nonce.Nonce));
    }

    [Fact]
    public void an_order_that_came_back_does_not_get_the_used_nonce_again() =>
        Given(Ordered, Assigned, Returned).When(Assigning(Assign)).ThenRejected("NONCE_USED");

    [Theory]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    [InlineData(DisbursementState.Voided)]
    public void after_the_end_there_is_no_nonce(DisbursementState state) =>
        Given(state).When(Assigning(Assign with { Nonce = 18 })).ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void what_was_not_ordered_gets_no_nonce() => Given().When(Assigning(Assign)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    public void an_order_that_was_once_signed_alone_keeps_its_nonce(DisbursementState state)
    {
        Given(state).When(Assigning(Assign)).ThenNothing();
        Given(state).When(Assigning(Assign with { Nonce = 18 })).ThenRejected("NONCE_CHANGED");
    }

    // --- Refuse ---

    [Fact]
    public void a_refusal_of_the_vault_is_recorded_and_the_order_stays()
    {
        var state = Given(Ordered).When(Refusing(Refuse)).Then(Refused)!;
        Assert.Equal((DisbursementState.Ordered, Refusal), (state.State, state.Failure));
    }

    [Fact]
    public void the_same_refusal_is_recorded_once() => Given(Ordered, Refused).When(Refusing(Refuse)).ThenNothing();

    [Fact]
    public void another_refusal_is_recorded() => Given(Ordered, Refused)
        .When(Refusing(Refuse with { Reason = "EnforcedPause" }))
        .Then(Refused with { Reason = "EnforcedPause" });

    [Fact]
    public void what_was_not_ordered_is_not_refused() => Given().When(Refusing(Refuse)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    [InlineData(DisbursementState.Voided)]
    public void what_has_a_nonce_is_not_refused(DisbursementState state) => Given(state).When(Refusing(Refuse)).ThenNothing();

    private static Func<Disbursement?, Decision> Ordering(TreasuryOrder order) =>
        state => Disbursement.Decide(new OrderDisbursement(order, AProgram.At), state);

    private static Func<Disbursement?, Decision> Assigning(AssignNonce command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Refusing(RecordRefused command) => state => Disbursement.Decide(command, state);
}

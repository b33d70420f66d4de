using Grants.Domain.Disbursements;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class SendingSpecs
{
    private static readonly RecordSigned Sign = new(AnOrder.Id, First);

    private static readonly RecordBroadcast Send = new(AnOrder.Id, First.TransactionHash);

    private static readonly RecordRefused Refuse = new(AnOrder.Id, Refusal);

    // --- Order ---

    [Fact]
    public void a_disbursement_is_ordered() => Given().When(Ordering(Order)).Then(Ordered);

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void a_disbursement_is_ordered_once(DisbursementState state) => Given(state).When(Ordering(Order with { })).ThenNothing();

    [Fact]
    public void an_order_of_the_same_id_with_another_amount_is_refused() =>
        Given(Ordered).When(Ordering(Order with { Amount = 251 })).ThenRejected("ORDER_DIFFERS");

    [Fact]
    public void an_order_of_the_same_id_to_another_receiver_is_refused() =>
        Given(Ordered).When(Ordering(Order with { Receiver = Order.Token })).ThenRejected("ORDER_DIFFERS");

    // --- Sign ---

    [Fact]
    public void an_order_is_signed() => Given(Ordered).When(Signing(Sign)).Then(Signed);

    [Fact]
    public void an_order_that_the_vault_refused_before_is_signed()
    {
        var state = Given(Ordered, Refused).When(Signing(Sign)).Then(Signed)!;
        Assert.Null(state.Failure);
    }

    [Theory]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void an_attempt_is_signed_once(DisbursementState state) => Given(state).When(Signing(Sign)).ThenNothing();

    [Fact]
    public void a_replacement_takes_the_same_nonce_and_both_attempts_are_kept()
    {
        var state = Given(DisbursementState.Broadcast).When(Signing(Sign with { Attempt = Second })).Then(Replaced)!;
        Assert.Equal([First, Second], state.Attempts);
    }

    [Fact]
    public void what_was_not_ordered_is_not_signed() => Given().When(Signing(Sign)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void nothing_is_signed_after_the_end(DisbursementState state) =>
        Given(state).When(Signing(Sign with { Attempt = Attempt("third", 40, nonce: 18) })).ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void an_attempt_by_another_signer_is_refused() => Given(DisbursementState.Broadcast)
        .When(Signing(Sign with { Attempt = Attempt("third", 40) with { Signer = Order.Vault } }))
        .ThenRejected("SIGNER_CHANGED");

    [Fact]
    public void an_attempt_with_another_nonce_is_refused() => Given(DisbursementState.Broadcast)
        .When(Signing(Sign with { Attempt = Attempt("third", 40, nonce: 18) }))
        .ThenRejected("NONCE_CHANGED");

    [Fact]
    public void a_replacement_of_a_mined_attempt_is_observed_anew()
    {
        var state = Given(DisbursementState.Mined).When(Signing(Sign with { Attempt = Second })).Then(Replaced)!;
        Assert.Null(state.MinedIn);
        Given([.. Until(DisbursementState.Mined), Replaced])
            .When(one => Disbursement.Decide(new RecordMined(AnOrder.Id, First.TransactionHash, Block), one))
            .Then(Mined);
    }

    // --- Broadcast ---

    [Fact]
    public void a_signed_attempt_is_broadcast() => Given(DisbursementState.Signed).When(Sending(Send)).Then(Broadcast);

    [Theory]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void an_attempt_is_broadcast_once(DisbursementState state) => Given(state).When(Sending(Send)).ThenNothing();

    [Fact]
    public void what_was_not_ordered_is_not_broadcast() => Given().When(Sending(Send)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Signed)]
    public void what_was_not_signed_is_not_broadcast(DisbursementState state) =>
        Given(state).When(Sending(Send with { TransactionHash = Second.TransactionHash })).ThenRejected("UNKNOWN_ATTEMPT");

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
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void what_is_signed_is_not_refused(DisbursementState state) => Given(state).When(Refusing(Refuse)).ThenNothing();

    private static Func<Disbursement?, Decision> Ordering(TreasuryOrder order) =>
        state => Disbursement.Decide(new OrderDisbursement(order), state);

    private static Func<Disbursement?, Decision> Signing(RecordSigned command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Sending(RecordBroadcast command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Refusing(RecordRefused command) => state => Disbursement.Decide(command, state);
}

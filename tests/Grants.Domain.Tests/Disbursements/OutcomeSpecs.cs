using System.Text.Json;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Grants.Domain.Tests.Programs;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class OutcomeSpecs
{
    private static readonly RecordReturned Return = new(AnOrder.Id, Signer, Nonce, Refusal);

    private static readonly RecordFailed Fail = new(AnOrder.Id, Signer, Nonce, Refusal);

    private static readonly RecordFinalized Finalize = new(AnOrder.Id, Finalized.Evidence);

    private static readonly RecordVoided Void = new(AnOrder.Id, Voided.Evidence);

    private static readonly RetryDisbursement Retry = new(AnOrder.Id, AProgram.Manager, Refusal, AProgram.At);

    // --- Returned ---

    [Theory]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Mined)]
    public void an_order_that_its_nonce_did_not_settle_comes_back_with_the_reason(DisbursementState before)
    {
        var state = Given(before).When(Returning(Return)).Then(Returned)!;
        Assert.Equal((DisbursementState.Ordered, Refusal, null), (state.State, state.Failure, state.Live));
    }

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Voided)]
    public void what_has_no_live_nonce_does_not_come_back(DisbursementState state) => Given(state).When(Returning(Return)).ThenNothing();

    [Fact]
    public void an_order_does_not_come_back_from_a_nonce_that_it_no_longer_has() =>
        Given(Ordered, Assigned, Returned, Assigned with { Nonce = 18 }).When(Returning(Return)).ThenNothing();

    [Fact]
    public void what_was_not_ordered_does_not_come_back() => Given().When(Returning(Return)).ThenRejected("NOT_FOUND");

    // --- Failed, and tried again ---

    [Fact]
    public void an_order_fails_with_a_reason()
    {
        var state = Given(DisbursementState.Assigned).When(Failing(Fail)).Then(Failed)!;
        Assert.Equal((DisbursementState.Failed, Refusal, true), (state.State, state.Failure, state.IsSettled));
    }

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void nothing_fails_without_a_live_nonce(DisbursementState state) =>
        Given(state).When(Failing(Fail with { Reason = "Another." })).ThenNothing();

    [Fact]
    public void what_was_not_ordered_does_not_fail() => Given().When(Failing(Fail)).ThenRejected("NOT_FOUND");

    [Fact]
    public void a_person_lets_a_failed_order_be_tried_again()
    {
        var state = Given(DisbursementState.Failed).When(Retrying(Retry)).Then(Retried)!;
        Assert.Equal(DisbursementState.Ordered, state.State);
    }

    [Fact]
    public void who_saw_another_failure_does_not_mean_this_one() => Given(DisbursementState.Failed)
        .When(Retrying(Retry with { Seen = "Another." }))
        .ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Theory]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Voided)]
    public void only_what_failed_is_tried_again(DisbursementState state) =>
        Given(state).When(Retrying(Retry)).ThenRejected("WRONG_DISBURSEMENT_STATE");

    [Fact]
    public void what_was_not_ordered_is_not_tried_again() => Given().When(Retrying(Retry)).ThenRejected("NOT_FOUND");

    // --- Finalized ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Failed)]
    public void the_event_of_the_vault_on_the_finalized_chain_settles_whatever_the_ledger_knew(DisbursementState before)
    {
        var state = Given(before).When(Finalizing(Finalize)).Then(Finalized)!;
        Assert.Equal((DisbursementState.Finalized, Finalized.Evidence, true), (state.State, state.FinalizedAt, state.IsSettled));
    }

    [Fact]
    public void a_disbursement_is_finalized_once() => Given(DisbursementState.Finalized)
        .When(Finalizing(Finalize with { Evidence = AnAward.Evidence("another") }))
        .ThenNothing();

    [Fact]
    public void what_was_not_ordered_is_not_finalized() => Given().When(Finalizing(Finalize)).ThenRejected("NOT_FOUND");

    [Fact]
    public void what_the_vault_voided_it_cannot_settle() =>
        Given(DisbursementState.Voided).When(Finalizing(Finalize)).ThenRejected("ORDER_VOIDED");

    // --- Voided ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Failed)]
    public void what_the_guardian_voided_is_over_whatever_is_in_flight(DisbursementState before)
    {
        var state = Given(before).When(Voiding(Void)).Then(Voided)!;
        Assert.Equal((DisbursementState.Voided, null, true), (state.State, state.Live, state.IsSettled));
    }

    [Fact]
    public void an_order_is_voided_once() => Given(DisbursementState.Voided).When(Voiding(Void)).ThenNothing();

    [Fact]
    public void what_the_vault_settled_it_cannot_void() =>
        Given(DisbursementState.Finalized).When(Voiding(Void)).ThenRejected("ORDER_SETTLED");

    [Fact]
    public void what_was_not_ordered_is_not_voided() => Given().When(Voiding(Void)).ThenRejected("NOT_FOUND");

    // --- State ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    [InlineData(DisbursementState.Voided)]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    public void a_disbursement_is_in_the_state_that_its_events_led_to_and_comes_back_from_json(DisbursementState expected)
    {
        var state = Until(expected).Aggregate((Disbursement?)null, Disbursement.Evolve)!;
        Assert.Equal((expected, $"disbursement/{AnOrder.Id}"), (state.State, state.Id));
        var json = JsonSerializer.Serialize(state);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Disbursement>(json)));
    }

    [Fact]
    public void an_order_of_the_time_before_batches_is_read_as_it_was_written()
    {
        const string json =
            """
            {"orderId":"ID","attempt":{"signer":"SIGNER","nonce":17,"transactionHash":"ID","rawTransaction":"0x02",
            "maxFeePerGas":"5","maxPriorityFeePerGas":"1","deadlineAt":9}}
            """;
        var read = JsonSerializer.Deserialize<DisbursementSigned>(
            json.Replace("ID", AnOrder.Id.ToString(), StringComparison.Ordinal)
                .Replace("SIGNER", Signer.ToString(), StringComparison.Ordinal),
            JsonSerializerOptions.Web)!;
        var state = new object[] { Ordered, read }.Aggregate((Disbursement?)null, Disbursement.Evolve)!;
        Assert.Equal((DisbursementState.Signed, "0x02"), (state.State, state.Attempts[0].RawTransaction));
        Assert.Equal(new NonceOf(Signer, 17), state.Live);
    }

    private static Func<Disbursement?, Decision> Returning(RecordReturned command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Failing(RecordFailed command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Retrying(RetryDisbursement command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Finalizing(RecordFinalized command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Voiding(RecordVoided command) => state => Disbursement.Decide(command, state);
}

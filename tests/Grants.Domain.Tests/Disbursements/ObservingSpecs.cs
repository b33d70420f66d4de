using System.Text.Json;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class ObservingSpecs
{
    private static readonly RecordMined Mine = new(AnOrder.Id, First.TransactionHash, Block);

    private static readonly RecordReorged Reorg = new(AnOrder.Id);

    private static readonly RecordFinalized Finalize = new(AnOrder.Id, Finalized.Evidence);

    private static readonly RecordFailed Fail = new(AnOrder.Id, Refusal);

    // --- Mined ---

    [Theory]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    public void an_attempt_is_seen_in_a_block(DisbursementState state) => Given(state).When(Mining(Mine)).Then(Mined);

    [Fact]
    public void an_attempt_is_seen_in_a_block_once() => Given(DisbursementState.Mined).When(Mining(Mine)).ThenNothing();

    [Fact]
    public void an_attempt_is_seen_in_another_block() => Given(DisbursementState.Mined)
        .When(Mining(Mine with { Block = OtherBlock }))
        .Then(Mined with { Block = OtherBlock });

    [Fact]
    public void a_replaced_attempt_may_be_the_one_that_is_mined() =>
        Given(Ordered, Signed, Broadcast, Replaced).When(Mining(Mine)).Then(Mined);

    [Theory]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void a_block_means_nothing_after_the_end(DisbursementState state) =>
        Given(state).When(Mining(Mine with { Block = OtherBlock })).ThenNothing();

    [Fact]
    public void what_was_not_ordered_is_not_mined() => Given().When(Mining(Mine)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Finalized)]
    public void a_transaction_of_somebody_else_is_no_attempt(DisbursementState state) =>
        Given(state).When(Mining(Mine with { TransactionHash = Second.TransactionHash })).ThenRejected("UNKNOWN_ATTEMPT");

    // --- Reorged ---

    [Fact]
    public void an_attempt_whose_block_is_gone_is_broadcast_again()
    {
        var state = Given(DisbursementState.Mined).When(Reorging).Then(Reorged)!;
        Assert.Equal((DisbursementState.Broadcast, null), (state.State, state.MinedIn));
    }

    [Fact]
    public void after_a_reorg_the_same_block_may_come_back() =>
        Given([.. Until(DisbursementState.Mined), Reorged]).When(Mining(Mine)).Then(Mined);

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void a_reorg_means_nothing_to_what_is_in_no_block(DisbursementState state) => Given(state).When(Reorging).ThenNothing();

    [Fact]
    public void what_was_not_ordered_is_not_reorged() => Given().When(Reorging).ThenRejected("NOT_FOUND");

    // --- Finalized ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
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

    // --- Failed ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    public void a_disbursement_fails_with_a_reason(DisbursementState before)
    {
        var state = Given(before).When(Failing(Fail)).Then(Failed)!;
        Assert.Equal((DisbursementState.Failed, Refusal, true), (state.State, state.Failure, state.IsSettled));
    }

    [Theory]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void nothing_fails_after_the_end(DisbursementState state) =>
        Given(state).When(Failing(Fail with { Reason = "Another." })).ThenNothing();

    [Fact]
    public void what_was_not_ordered_does_not_fail() => Given().When(Failing(Fail)).ThenRejected("NOT_FOUND");

    // --- State ---

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Signed)]
    [InlineData(DisbursementState.Broadcast)]
    [InlineData(DisbursementState.Mined)]
    [InlineData(DisbursementState.Finalized)]
    [InlineData(DisbursementState.Failed)]
    public void a_disbursement_is_in_the_state_that_its_events_led_to_and_comes_back_from_json(DisbursementState expected)
    {
        var state = Until(expected).Aggregate((Disbursement?)null, Disbursement.Evolve)!;
        Assert.Equal((expected, $"disbursement/{AnOrder.Id}"), (state.State, state.Id));
        var json = JsonSerializer.Serialize(state);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<Disbursement>(json)));
    }

    private static Decision Reorging(Disbursement? state) => Disbursement.Decide(Reorg, state);

    private static Func<Disbursement?, Decision> Mining(RecordMined command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Finalizing(RecordFinalized command) => state => Disbursement.Decide(command, state);

    private static Func<Disbursement?, Decision> Failing(RecordFailed command) => state => Disbursement.Decide(command, state);
}

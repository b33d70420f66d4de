using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class ReconciliationTests
{
    private static readonly ChainPayment Paid = new(PaymentLog.Released, AnOrder.Id, 250, Finalized.Evidence);

    private static readonly SignerFacts Agreed = new(Signer, 18, 18, [16, 17], [17]);

    private static readonly VaultBalance Funded = new(AProgram.Vault, AProgram.Token, 1_000, 1_000);

    [Fact]
    public void what_chain_and_ledger_say_alike_agrees()
    {
        var result = Compare([Paid], [StateOf(DisbursementState.Finalized)]);
        Assert.True(result.Agrees);
        Assert.Equal((1, new BasisPoints(10_000)), (result.Agreeing, result.VerifiedShare));
        Assert.Empty(result.Rows);
    }

    [Fact]
    public void where_nothing_was_paid_all_of_it_is_verified() =>
        Assert.Equal(new BasisPoints(10_000), Compare([], [StateOf(DisbursementState.Ordered)]).VerifiedShare);

    [Theory]
    [InlineData(DisbursementState.Ordered)]
    [InlineData(DisbursementState.Assigned)]
    [InlineData(DisbursementState.Failed)]
    public void a_payment_that_the_ledger_does_not_know_as_settled_stops_all(DisbursementState state) =>
        Finds(Finding.ChainOnly, Compare([Paid], [StateOf(state)]));

    [Fact]
    public void a_payment_that_nobody_ordered_stops_all() => Finds(Finding.ChainOnly, Compare([Paid], []));

    [Fact]
    public void who_manages_the_vault_may_grant_and_its_guardian_may_void() => Assert.True(
        Compare([Paid with { Kind = PaymentLog.Granted }, Paid with { Kind = PaymentLog.Voided }], []).Agrees);

    [Fact]
    public void what_the_ledger_calls_settled_and_the_chain_does_not_show_stops_all()
    {
        var result = Compare([], [StateOf(DisbursementState.Finalized)]);
        Finds(Finding.LedgerOnly, result);
        Assert.Equal(new BasisPoints(0), result.VerifiedShare);
    }

    [Fact]
    public void another_amount_stops_all() =>
        Finds(Finding.AmountMismatch, Compare([Paid with { Amount = 249 }], [StateOf(DisbursementState.Finalized)]));

    [Fact]
    public void a_log_in_another_block_is_another_log()
    {
        var moved = Paid with { Evidence = Paid.Evidence with { BlockHash = Keccak256.Hash("another block") } };
        Assert.Equal(
            [Finding.ChainOnly, Finding.LedgerOnly],
            Compare([moved], [StateOf(DisbursementState.Finalized)]).Rows.Select(row => row.Finding));
    }

    [Fact]
    public void an_order_in_flight_for_long_is_told_and_stops_nothing()
    {
        var result = Reconciliation.Of(
            [], [StateOf(DisbursementState.Assigned) with { AssignedAt = AProgram.At.AddSeconds(-901) }], Agreed, [Funded], AProgram.At);
        Assert.Equal(Finding.Late, Assert.Single(result.Rows).Finding);
        Assert.True(result.Agrees);
    }

    [Fact]
    public void a_vault_that_owes_more_than_it_holds_stops_all() =>
        Finds(Finding.Underfunded, Compare([], [], balance: Funded with { Balance = 999 }));

    [Fact]
    public void a_transaction_of_the_key_that_the_ledger_does_not_know_stops_all() =>
        Finds(Finding.UnknownNonce, Compare([], [], Agreed with { CountOnChain = 19 }));

    [Fact]
    public void a_signature_that_the_ledger_does_not_know_stops_all() =>
        Finds(Finding.UnknownNonce, Compare([], [], Agreed with { Journalled = [16, 17, 18] }));

    [Fact]
    public void a_signature_that_the_signer_has_forgotten_stops_all() =>
        Finds(Finding.ForgottenNonce, Compare([], [], Agreed with { SignedInLedger = [16, 17], Journalled = [16] }));

    [Fact]
    public void what_agreed_before_counts_and_is_not_looked_for_again()
    {
        var before = Compare([Paid], [StateOf(DisbursementState.Finalized)]);
        var on = Reconciliation.Of([], [], Agreed, [Funded], AProgram.At, before);
        Assert.Equal((before.Agreeing, before.Value, before.VerifiedShare), (on.Agreeing, on.Value, on.VerifiedShare));
        var missing = Reconciliation.Of([], [StateOf(DisbursementState.Finalized)], Agreed, [Funded], AProgram.At, before);
        Finds(Finding.LedgerOnly, missing);
        Assert.Equal(new BasisPoints(5_000), missing.VerifiedShare);
    }

    private static Reconciliation Compare(
        ChainPayment[] chain, Disbursement[] ledger, SignerFacts? signer = null, VaultBalance? balance = null) =>
        Reconciliation.Of(chain, ledger, signer ?? Agreed, [balance ?? Funded], AProgram.At);

    private static Disbursement StateOf(DisbursementState state) =>
        Until(state).Aggregate((Disbursement?)null, Disbursement.Evolve)! with { AssignedAt = AProgram.At };

    private static void Finds(Finding expected, Reconciliation result)
    {
        Assert.Equal(expected, Assert.Single(result.Rows).Finding);
        Assert.False(result.Agrees);
    }
}

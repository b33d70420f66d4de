using System.Text.Json;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Disbursements.AnOrder;

namespace Grants.Domain.Tests.Disbursements;

public sealed class TransactionSpecs
{
    private static readonly ValueList<Hash32> Orders = [AnOrder.Id, Keccak256.Hash("another order")];

    private static readonly SignedAttempt Higher = Attempt("second", 34);

    private static readonly SignTransaction Sign = new(AProgram.ChainId, Orders, First, AProgram.At);

    private static readonly SignTransaction Replace = Sign with { Attempt = Higher };

    private static readonly TransactionSigned Signed = new(AProgram.ChainId, Orders, First, AProgram.At);

    private static readonly TransactionSigned Replaced = Signed with { Attempt = Higher };

    private static readonly TransactionSent Sent = new(First.TransactionHash);

    private static readonly TransactionMined Mined = new(First.TransactionHash, Block, true);

    private static readonly TransactionReorged Reorged = new(Block);

    private static readonly TransactionClosed Closed = new(First.TransactionHash);

    // --- Sign and replace ---

    [Fact]
    public void the_first_attempt_is_signed() => Of().When(Signing(Sign)).Then(Signed);

    [Fact]
    public void an_attempt_is_signed_once() => Of(Signed, Sent, Mined).When(Signing(Sign)).ThenNothing();

    [Fact]
    public void a_replacement_offers_more_and_every_attempt_is_kept()
    {
        var state = Of(Signed, Sent).When(Signing(Replace)).Then(Replaced)!;
        Assert.Equal([First, Higher], state.Attempts);
        Assert.Equal(TransactionState.Signed, state.State);
    }

    [Fact]
    public void a_replacement_that_offers_less_than_a_tenth_more_is_refused() =>
        Of(Signed).When(Signing(Sign with { Attempt = Attempt("second", 33) })).ThenRejected("FEE_TOO_LOW");

    [Fact]
    public void the_tip_has_to_grow_as_well() => Of(Signed)
        .When(Signing(Sign with { Attempt = Higher with { MaxPriorityFeePerGas = First.MaxPriorityFeePerGas } }))
        .ThenRejected("FEE_TOO_LOW");

    [Fact]
    public void a_replacement_that_does_something_else_is_refused() =>
        Of(Signed).When(Signing(Replace with { Orders = [Orders[0]] })).ThenRejected("ORDERS_CHANGED");

    [Fact]
    public void a_replacement_with_another_nonce_is_refused() =>
        Of(Signed).When(Signing(Sign with { Attempt = Attempt("second", 40, nonce: 18) })).ThenRejected("NONCE_CHANGED");

    [Fact]
    public void a_replacement_of_another_account_is_refused() =>
        Of(Signed).When(Signing(Sign with { Attempt = Higher with { Signer = AProgram.Bo } })).ThenRejected("SIGNER_CHANGED");

    [Fact]
    public void nothing_is_signed_when_the_nonce_is_used_up() =>
        Of(Signed, Sent, Mined, Closed).When(Signing(Replace)).ThenRejected("TRANSACTION_OVER");

    [Fact]
    public void after_eight_replacements_a_person_has_to_look()
    {
        var attempts = Enumerable.Range(0, 9).Select(power => Attempt($"attempt {power}", 30UL << power)).ToList();
        Of([.. attempts.Select(attempt => Signed with { Attempt = attempt })])
            .When(Signing(Sign with { Attempt = Attempt("attempt 9", 30UL << 9) }))
            .ThenRejected("TOO_MANY_REPLACEMENTS");
    }

    // --- Sent ---

    [Fact]
    public void a_signed_attempt_is_sent() => Of(Signed).When(Sending(First)).Then(Sent);

    [Fact]
    public void it_is_told_once() => Of(Signed, Sent).When(Sending(First)).ThenNothing();

    [Fact]
    public void what_was_not_signed_is_not_sent()
    {
        Of().When(Sending(First)).ThenRejected("NOT_FOUND");
        Of(Signed).When(Sending(Higher)).ThenRejected("UNKNOWN_ATTEMPT");
    }

    // --- Mined and reorganized ---

    [Fact]
    public void an_attempt_is_seen_in_a_block_once()
    {
        Of(Signed, Sent).When(Mining(First, Block)).Then(Mined);
        Of(Signed, Sent, Mined).When(Mining(First, Block)).ThenNothing();
    }

    [Fact]
    public void an_attempt_may_be_seen_in_another_block() =>
        Of(Signed, Sent, Mined).When(Mining(First, OtherBlock)).Then(Mined with { Block = OtherBlock });

    [Fact]
    public void the_replaced_attempt_may_be_the_one_that_is_mined() =>
        Of(Signed, Sent, Replaced).When(Mining(First, Block)).Then(Mined);

    [Fact]
    public void a_transaction_of_somebody_else_is_no_attempt() =>
        Of(Signed).When(Mining(Higher, Block)).ThenRejected("UNKNOWN_ATTEMPT");

    [Fact]
    public void an_attempt_whose_block_is_gone_is_sent_again()
    {
        var state = Of(Signed, Sent, Mined).When(Reorging).Then(Reorged)!;
        Assert.Equal((TransactionState.Sent, null, null), (state.State, state.MinedIn, state.MinedHash));
    }

    [Fact]
    public void after_a_reorg_the_same_block_may_come_back() =>
        Of(Signed, Sent, Mined, Reorged).When(Mining(First, Block)).Then(Mined);

    [Fact]
    public void a_reorg_means_nothing_to_what_is_in_no_block()
    {
        Of(Signed, Sent).When(Reorging).ThenNothing();
        Of(Signed, Sent, Mined, Closed).When(Reorging).ThenNothing();
    }

    // --- Closed ---

    [Fact]
    public void the_nonce_is_used_up_by_an_attempt_once()
    {
        Of(Signed, Sent, Mined).When(Closing(First.TransactionHash)).Then(Closed);
        Of(Signed, Sent, Mined, Closed).When(Closing(First.TransactionHash)).ThenNothing();
    }

    [Fact]
    public void the_nonce_is_used_up_by_somebody_else() => Of(Signed, Sent).When(Closing(null)).Then(new TransactionClosed(null));

    [Fact]
    public void the_nonce_is_not_used_up_by_what_is_no_attempt() =>
        Of(Signed).When(Closing(Higher.TransactionHash)).ThenRejected("UNKNOWN_ATTEMPT");

    [Fact]
    public void a_transaction_comes_back_from_json()
    {
        var state = new object[] { Signed, Sent, Mined, Closed }.Aggregate((TreasuryTransaction?)null, TreasuryTransaction.Evolve)!;
        Assert.Equal($"transaction/{AProgram.ChainId}/{Signer}/{Nonce}", state.Id);
        var json = JsonSerializer.Serialize(state);
        Assert.Equal(json, JsonSerializer.Serialize(JsonSerializer.Deserialize<TreasuryTransaction>(json)));
    }

    private static Spec<TreasuryTransaction> Of(params object[] events) =>
        new Spec<TreasuryTransaction>(TreasuryTransaction.Evolve).Given(events);

    private static Func<TreasuryTransaction?, Decision> Signing(SignTransaction command) =>
        state => TreasuryTransaction.Decide(command, state);

    private static Func<TreasuryTransaction?, Decision> Sending(SignedAttempt attempt) =>
        state => TreasuryTransaction.Decide(new RecordSent(attempt.TransactionHash), state);

    private static Func<TreasuryTransaction?, Decision> Mining(SignedAttempt attempt, BlockRef block) =>
        state => TreasuryTransaction.Decide(new RecordMined(attempt.TransactionHash, block, true), state);

    private static Func<TreasuryTransaction?, Decision> Closing(Hash32? hash) =>
        state => TreasuryTransaction.Decide(new CloseTransaction(hash), state);

    private static Decision Reorging(TreasuryTransaction? state) => TreasuryTransaction.Decide(new RecordReorged(), state);
}

using System.Text.Json;
using CsCheck;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Disbursements;

public sealed class NonceLedgerSpecs
{
    private static readonly Address Signer = AProgram.Named("operator");

    private static readonly SignerQuarantined Quarantined = new("somebody else uses the key");

    // --- Reserve ---

    [Fact]
    public void the_first_nonce_is_the_one_that_the_chain_expects() => Given().When(Reserving("first", 7)).Then(Reserved("first", 7));

    [Fact]
    public void the_next_nonce_is_that_of_the_ledger_while_the_chain_lags_behind() =>
        Given(Reserved("first", 7)).When(Reserving("second", 7)).Then(Reserved("second", 8));

    [Fact]
    public void the_chain_may_have_caught_up() =>
        Given(Reserved("first", 7)).When(Reserving("second", 8)).Then(Reserved("second", 8));

    [Fact]
    public void the_same_orders_get_a_nonce_once() => Given(Reserved("first", 7)).When(Reserving("first", 7)).ThenNothing();

    [Fact]
    public void an_order_of_another_transaction_in_flight_gets_no_second_nonce() => Given(Reserved("first", 7))
        .When(state => NonceLedger.Decide(
            new ReserveNonce(AProgram.ChainId, Signer, [Keccak256.Hash("first"), Keccak256.Hash("second")], 7), state))
        .ThenRejected("ORDER_IN_FLIGHT");

    [Fact]
    public void when_its_nonce_is_used_up_an_order_may_get_another() =>
        Given(Reserved("first", 7), new NonceClosed(7)).When(Reserving("first", 8)).Then(Reserved("first", 8));

    [Fact]
    public void a_nonce_that_somebody_else_used_stops_the_signing() =>
        Given(Reserved("first", 7)).When(Reserving("second", 9)).ThenRejected("FOREIGN_NONCE");

    [Fact]
    public void where_others_use_the_nonces_by_right_the_next_is_behind_theirs()
    {
        Given(Reserved("first", 7))
            .When(state => NonceLedger.Decide(Command("second", 12) with { IsShared = true }, state)).Then(Reserved("second", 12));
        Given(Reserved("first", 7))
            .When(state => NonceLedger.Decide(Command("second", 3) with { IsShared = true }, state)).Then(Reserved("second", 8));
    }

    [Fact]
    public void the_foreign_nonce_is_told() =>
        Assert.Equal(new ForeignNonce(8, 9), NonceLedger.Decide(Command("second", 9), After(7)).Rejection);

    [Fact]
    public void no_more_than_sixteen_transactions_are_in_flight()
    {
        var sixteen = Enumerable.Range(0, 16).Select(object (index) => Reserved($"order {index}", index)).ToArray();
        Given(sixteen).When(Reserving("order 16", 16)).ThenRejected("TOO_MANY_IN_FLIGHT");
        Given([.. sixteen, new NonceClosed(3)]).When(Reserving("order 16", 16)).Then(Reserved("order 16", 16));
    }

    // --- Close ---

    [Fact]
    public void a_nonce_is_closed_once()
    {
        Given(Reserved("first", 7)).When(Closing(7)).Then(new NonceClosed(7));
        Given(Reserved("first", 7), new NonceClosed(7)).When(Closing(7)).ThenNothing();
    }

    // --- Quarantine ---

    [Fact]
    public void a_signer_is_put_into_quarantine_once()
    {
        Given(Reserved("first", 7)).When(Quarantining).Then(Quarantined);
        Given(Reserved("first", 7), Quarantined).When(Quarantining).ThenNothing();
    }

    [Fact]
    public void in_quarantine_nothing_is_signed() =>
        Given(Reserved("first", 7), Quarantined).When(Reserving("second", 8)).ThenRejected("SIGNER_IN_QUARANTINE");

    [Fact]
    public void in_quarantine_what_is_in_flight_still_comes_to_its_end() =>
        Given(Reserved("first", 7), Quarantined).When(Closing(7)).Then(new NonceClosed(7));

    [Fact]
    public void a_person_lets_the_signer_go_on_behind_what_somebody_else_used()
    {
        Given(Reserved("first", 7), Quarantined)
            .When(state => NonceLedger.Decide(new ReleaseSigner(AProgram.Manager, 12, AProgram.At), state))
            .Then(new SignerReleased(AProgram.Manager, 12, AProgram.At));
        Given(Reserved("first", 7), Quarantined, new SignerReleased(AProgram.Manager, 12, AProgram.At))
            .When(Reserving("second", 12))
            .Then(Reserved("second", 12));
    }

    [Fact]
    public void nonces_that_somebody_else_used_are_passed_though_no_reservation_met_them()
    {
        Given(Reserved("first", 7))
            .When(state => NonceLedger.Decide(new ReleaseSigner(AProgram.Manager, 9, AProgram.At), state))
            .Then(new SignerReleased(AProgram.Manager, 9, AProgram.At));
        Given(Reserved("first", 7))
            .When(state => NonceLedger.Decide(new ReleaseSigner(AProgram.Manager, 8, AProgram.At), state))
            .ThenNothing();
    }

    [Fact]
    public void the_ledger_never_goes_back() => Given(Reserved("first", 7), Quarantined)
        .When(state => NonceLedger.Decide(new ReleaseSigner(AProgram.Manager, 3, AProgram.At), state))
        .Then(new SignerReleased(AProgram.Manager, 8, AProgram.At));

    // --- State ---

    [Fact]
    public void a_reservation_of_the_time_before_batches_is_open_for_its_order()
    {
        var state = NonceLedger.Evolve(null, Reserved("first", 7) with { Orders = null })!;
        Assert.Equal(new OpenNonce(7, [Keccak256.Hash("first")]), Assert.Single(state.Open));
    }

    [Fact]
    public void every_transaction_has_a_nonce_of_its_own_and_none_is_left_out() => Seeded.Check(
        Gen.Select(Gen.Long[0, 1_000], Gen.Int[0, 4].Array[1, 30]),
        sample =>
        {
            var (first, lags) = sample;
            var (state, given) = ((NonceLedger?)null, new List<long>());
            foreach (var lag in lags)
            {
                var pending = Math.Max(first, first + given.Count - lag);
                var reserved = Assert.IsType<NonceReserved>(
                    Assert.Single(NonceLedger.Decide(Command($"order {given.Count}", pending), state).Events));
                given.Add(reserved.Nonce);
                state = NonceLedger.Evolve(state, reserved);
                if (state!.Open.Count > 4)
                    state = NonceLedger.Evolve(state, new NonceClosed(state.Open[0].Nonce));
                state = JsonSerializer.Deserialize<NonceLedger>(JsonSerializer.Serialize(state));
            }

            Assert.Equal(Enumerable.Range(0, lags.Length).Select(index => first + index), given);
            Assert.Equal($"nonces/{AProgram.ChainId}/{Signer}", state!.Id);
        });

    private static ReserveNonce Command(string order, long pending) => new(AProgram.ChainId, Signer, [Keccak256.Hash(order)], pending);

    private static NonceReserved Reserved(string order, long nonce) =>
        new(AProgram.ChainId, Signer, Keccak256.Hash(order), nonce, [Keccak256.Hash(order)]);

    private static NonceLedger? After(long nonce) => NonceLedger.Evolve(null, Reserved("first", nonce));

    private static Func<NonceLedger?, Decision> Reserving(string order, long pending) =>
        state => NonceLedger.Decide(Command(order, pending), state);

    private static Func<NonceLedger?, Decision> Closing(long nonce) => state => NonceLedger.Decide(new CloseNonce(nonce), state);

    private static Decision Quarantining(NonceLedger? state) => NonceLedger.Decide(new QuarantineSigner(Quarantined.Reason), state);

    private static Spec<NonceLedger> Given(params object[] events) => new Spec<NonceLedger>(NonceLedger.Evolve).Given(events);
}

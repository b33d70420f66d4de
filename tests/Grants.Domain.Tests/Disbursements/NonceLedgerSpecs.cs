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

    [Fact]
    public void the_first_nonce_is_the_one_that_the_chain_expects() => Assert.Equal(Reserved("first", 7), Reserve(null, "first", 7));

    [Fact]
    public void the_next_nonce_is_that_of_the_ledger_while_the_chain_lags_behind() =>
        Assert.Equal(Reserved("second", 8), Reserve(After(7), "second", 7));

    [Fact]
    public void the_chain_may_have_caught_up() => Assert.Equal(Reserved("second", 8), Reserve(After(7), "second", 8));

    [Fact]
    public void a_nonce_that_somebody_else_used_stops_the_signing() => Given(Reserved("first", 7))
        .When(state => NonceLedger.Decide(Command("second", 9), state))
        .ThenRejected("FOREIGN_NONCE");

    [Fact]
    public void the_foreign_nonce_is_told() =>
        Assert.Equal(new ForeignNonce(8, 9), NonceLedger.Decide(Command("second", 9), After(7)).Rejection);

    [Fact]
    public void every_order_has_a_nonce_of_its_own_and_none_is_left_out() => Seeded.Check(
        Gen.Select(Gen.Long[0, 1_000], Gen.Int[0, 4].Array[1, 30]),
        sample =>
        {
            var (first, lags) = sample;
            var (state, given) = ((NonceLedger?)null, new List<long>());
            foreach (var lag in lags)
            {
                var pending = Math.Max(first, first + given.Count - lag);
                var reserved = Assert.IsType<NonceReserved>(Reserve(state, $"order {given.Count}", pending));
                given.Add(reserved.Nonce);
                state = JsonSerializer.Deserialize<NonceLedger>(JsonSerializer.Serialize(NonceLedger.Evolve(state, reserved)));
            }

            Assert.Equal(Enumerable.Range(0, lags.Length).Select(index => first + index), given);
            Assert.Equal($"nonces/{AProgram.ChainId}/{Signer}", state!.Id);
        });

    private static ReserveNonce Command(string order, long pending) => new(AProgram.ChainId, Signer, Keccak256.Hash(order), pending);

    private static NonceReserved Reserved(string order, long nonce) => new(AProgram.ChainId, Signer, Keccak256.Hash(order), nonce);

    private static NonceLedger? After(long nonce) => NonceLedger.Evolve(null, Reserved("first", nonce));

    private static object Reserve(NonceLedger? state, string order, long pending)
    {
        var decision = NonceLedger.Decide(Command(order, pending), state);
        Assert.Null(decision.Rejection);
        return Assert.Single(decision.Events);
    }

    private static Spec<NonceLedger> Given(params object[] events) => new Spec<NonceLedger>(NonceLedger.Evolve).Given(events);
}

using System.Globalization;
using System.Text.Json;
using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Awards;

public sealed class VaultOrderIdTests
{
    [Fact]
    public void the_id_of_a_release_is_that_of_the_vault() => Assert.All(
        VectorFile.Cases("vault-order-ids.json"),
        golden => Assert.Equal(
            golden.Text("release"),
            VaultOrderId.Release(TermsOf(golden), Number(golden, "seq"), UInt256.Parse(golden.Text("amount"))).ToString()));

    [Fact]
    public void the_id_of_a_clawback_is_that_of_the_vault() => Assert.All(
        VectorFile.Cases("vault-order-ids.json"),
        golden =>
        {
            var (terms, amount) = (TermsOf(golden), UInt256.Parse(golden.Text("amount")));
            var id = VaultOrderId.Clawback(terms, Number(golden, "seq"), terms.Treasury, amount);
            Assert.Equal(golden.Text("clawback"), id.ToString());
        });

    [Fact]
    public void the_id_of_a_reservation_is_that_of_order_0_to_the_recipient() => Assert.All(
        VectorFile.Cases("vault-order-ids.json"),
        golden => Assert.Equal(golden.Text("reservation"), VaultOrderId.Reservation(TermsOf(golden)).ToString()));

    [Fact]
    public void every_duty_has_an_id_of_its_own()
    {
        var terms = AnAward.Terms;
        Hash32[] ids =
        [
            VaultOrderId.Reservation(terms),
            VaultOrderId.Clawback(terms, 0, terms.Recipient, terms.Amount),
            VaultOrderId.Release(terms, 0, terms.Amount),
            VaultOrderId.Release(terms, 1, terms.Amount),
            VaultOrderId.Release(terms, 0, terms.Amount - 1),
            VaultOrderId.Release(terms with { ChainId = 1 }, 0, terms.Amount),
            VaultOrderId.Release(terms with { Vault = AProgram.Bo }, 0, terms.Amount),
            VaultOrderId.Release(terms with { AwardId = Hash32.Zero }, 0, terms.Amount),
            VaultOrderId.Release(terms with { Token = AProgram.Bo }, 0, terms.Amount),
            VaultOrderId.Release(terms with { Recipient = AProgram.Bo }, 0, terms.Amount),
        ];
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    private static AwardTerms TermsOf(JsonElement golden) => AnAward.Terms with
    {
        AwardId = Hash32.Parse(golden.Text("awardId")),
        ChainId = Number(golden, "chainId"),
        Vault = Address.Parse(golden.Text("vault")),
        Token = Address.Parse(golden.Text("token")),
        Recipient = Address.Parse(golden.Text("recipient")),
        Treasury = Address.Parse(golden.Text("treasury")),
        Amount = UInt256.Parse(golden.Text("amount")),
    };

    private static long Number(JsonElement golden, string property) => long.Parse(golden.Text(property), CultureInfo.InvariantCulture);
}

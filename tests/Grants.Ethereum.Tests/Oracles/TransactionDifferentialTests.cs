using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed class TransactionDifferentialTests
{
    [Fact]
    public Task viem_and_ethers_sign_and_read_alike() => Oracle.CompareAsync(
        TransactionDraw.Case,
        drawn => drawn.Request(),
        (drawn, answer) =>
        {
            var expected = Oracle.Json(new
            {
                raw = Hex.Format(drawn.Signed.Raw),
                hash = drawn.Signed.Hash,
                from = PrivateKey.Parse(drawn.Key).Address,
                read = drawn.Fields(withAccessList: false),
            });
            answer.MustBe(expected, "viem", "ethers");
            var decoded = SignedTransaction.Decode(drawn.Signed.Raw);
            Assert.Equivalent(drawn.Transaction, decoded.Transaction, strict: true);
            Assert.Equal(drawn.Signed.Signature, decoded.Signature);
            Assert.Equal(PrivateKey.Parse(drawn.Key).Address, decoded.Sender);
            if (decoded.Transaction is Eip7702Transaction setCode)
                Assert.Equal(drawn.AuthorityKeys.Select(key => PrivateKey.Parse(key).Address), setCode.Authorizations.Select(Authority));
        });

    private static Address Authority(SignedAuthorization signed) =>
        signed.TryRecover(out var authority) ? authority : throw new FormatException("Nobody signed the authorization.");
}

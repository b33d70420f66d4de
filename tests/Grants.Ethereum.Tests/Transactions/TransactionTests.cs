using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class TransactionTests
{
    [Fact]
    public void another_implementation_signs_alike()
    {
        foreach (var vector in VectorFile.Cases("transactions-eip1559.json"))
        {
            var fields = vector.GetProperty("tx");
            var transaction = new Eip1559Transaction(
                fields.GetProperty("chainId").GetInt64(),
                fields.GetProperty("nonce").GetInt64(),
                UInt256.Parse(fields.Text("maxPriorityFeePerGas")),
                UInt256.Parse(fields.Text("maxFeePerGas")),
                (long)UInt256.Parse(fields.Text("gas")),
                fields.TryGetProperty("to", out var to) ? Address.Parse(to.GetString()!) : null,
                UInt256.Parse(fields.Text("value")),
                Hex.Parse(fields.Text("data")));
            var signed = transaction.Sign(PrivateKey.Parse(vector.Text("privateKey")));
            Assert.Equal(vector.Text("raw"), Hex.Format(signed.Raw));
            Assert.Equal(vector.Text("hash"), signed.Hash.ToString());
            Assert.Equal(vector.Text("from"), signed.Sender.ToString());

            var decoded = SignedTransaction.Decode(Hex.Parse(vector.Text("raw")));
            Assert.Equivalent(transaction, decoded.Transaction, strict: true);
            Assert.Equal(signed.Signature, decoded.Signature);
            Assert.Equal(vector.Text("from"), decoded.Sender.ToString());
            Assert.Equal(vector.Text("hash"), decoded.Hash.ToString());
        }
    }

    [Fact]
    public void bytes_that_are_cut_off_or_go_on_are_refused()
    {
        var raw = Raw();
        for (var length = 0; length < raw.Length; length++)
            Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode(raw.AsSpan(0, length)));
        Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode([.. raw, 0]));
    }

    [Fact]
    public void a_changed_byte_is_refused_or_another_transaction()
    {
        var raw = Raw();
        var (refused, others) = (0, 0);
        for (var at = 0; at < raw.Length; at++)
        {
            foreach (var change in new byte[] { 0x01, 0x80, 0xff })
            {
                var changed = raw.ToArray();
                changed[at] ^= change;
                try
                {
                    var decoded = SignedTransaction.Decode(changed);
                    Assert.Equal(changed, decoded.Raw);
                    Assert.NotEqual(Keccak256.Hash(raw), decoded.Hash);
                    others++;
                }
                catch (FormatException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 20 && others > 50, $"{refused} refused, {others} others");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(0x7f)]
    [InlineData(0x80)]
    public void other_types_are_refused(byte type) =>
        Assert.Throws<FormatException>(() => SignedTransaction.Decode([type, .. Raw()[1..]]));

    [Fact]
    public void a_type_around_another_types_fields_is_refused()
    {
        var raw = Raw();
        Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode([Eip2930Transaction.Type, .. raw[1..]]));
        Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode([Eip7702Transaction.Type, .. raw[1..]]));
        Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode(raw.AsSpan(1)));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(27)]
    [InlineData(long.MaxValue)]
    public void a_parity_other_than_zero_or_one_is_refused(long parity) =>
        Assert.Throws<FormatException>(() => SignedTransaction.Decode(Fields(new RlpWriter(), parity).ToList(2)));

    [Fact]
    public void a_signature_of_nobody_has_no_sender()
    {
        var unsigned = SignedTransaction.Decode(Fields(new RlpWriter(), 0L).ToList(2));
        Assert.Throws<FormatException>(() => unsigned.Sender);
    }

    [Fact]
    public void negative_numbers_are_refused()
    {
        var transaction = new Eip1559Transaction(1, -1, 0, 0, 0, null, 0, []);
        Assert.Throws<ArgumentOutOfRangeException>(() => transaction.SigningHash);
    }

    private static byte[] Raw() => Hex.Parse(VectorFile.Cases("transactions-eip1559.json")[1].Text("raw"));

    /// <summary>A transaction whose signature has an r that is on no point of the curve.</summary>
    private static RlpWriter Fields(RlpWriter accessList, long parity) => new RlpWriter()
        .Write(1L).Write(0L).Write(0L).Write(0L).Write(21_000L).Write(new byte[20]).Write(0L).Write([]).Write(accessList)
        .Write(parity).Write(5L).Write(1L);
}

using System.Text.Json;
using Grants.Ethereum.Rlp;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class TransactionTypeTests
{
    private static readonly PrivateKey Key = PrivateKey.Parse("0x" + new string('1', 64));
    private static readonly Address Somebody = Address.Parse("0x00000000000000000000000000000000000000ad");

    public static TheoryData<string, int> Types() => new()
    {
        { "legacy", 12 },
        { "legacy155", 12 },
        { "eip2930", 12 },
        { "eip1559", 12 },
        { "eip7702", 12 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public void other_implementations_sign_alike(string type, int count)
    {
        var cases = VectorFile.Cases("transactions.json").Where(vector => vector.Text("type") == type).ToArray();
        Assert.Equal(count, cases.Length);
        foreach (var vector in cases)
        {
            var transaction = Read(type, vector.GetProperty("tx"));
            var signed = transaction.Sign(PrivateKey.Parse(vector.Text("privateKey")));
            Assert.Equal(vector.Text("signingHash"), transaction.SigningHash.ToString());
            Assert.Equal(vector.Text("raw"), Hex.Format(signed.Raw));
            Assert.Equal(vector.Text("hash"), signed.Hash.ToString());

            var decoded = SignedTransaction.Decode(Hex.Parse(vector.Text("raw")));
            Assert.IsType(transaction.GetType(), decoded.Transaction);
            Assert.Equivalent(transaction, decoded.Transaction, strict: true);
            Assert.Equal(signed.Signature, decoded.Signature);
            Assert.Equal(vector.Text("from"), decoded.Sender.ToString());
            Assert.Equal(vector.Text("raw"), Hex.Format(decoded.Raw));
        }
    }

    [Fact]
    public void authorizations_are_signed_and_recovered_alike()
    {
        foreach (var vector in VectorFile.Cases("transactions.json").Where(vector => vector.Text("type") == "eip7702"))
        {
            var transaction = (Eip7702Transaction)SignedTransaction.Decode(Hex.Parse(vector.Text("raw"))).Transaction;
            var authorities = vector.GetProperty("authorities").EnumerateArray().ToArray();
            Assert.Equal(authorities.Length, transaction.Authorizations.Count);
            foreach (var (authority, signed) in authorities.Zip(transaction.Authorizations))
            {
                Assert.Equal(authority.Text("signingHash"), signed.Authorization.SigningHash.ToString());
                Assert.Equal(signed, signed.Authorization.Sign(PrivateKey.Parse(authority.Text("privateKey"))));
                Assert.True(signed.TryRecover(out var account));
                Assert.Equal(authority.Text("address"), account.ToString());
            }
        }
    }

    [Fact]
    public void an_authorization_of_nobody_is_read_and_has_no_account()
    {
        var authorization = new Authorization(1, Somebody, ulong.MaxValue);
        foreach (var nobody in new[]
        {
            new SignedAuthorization(authorization, 0, 5, 1),
            new SignedAuthorization(authorization, 255, 1, 1),
            new SignedAuthorization(authorization, 0, UInt256.MaxValue, UInt256.MaxValue),
            new SignedAuthorization(authorization, 0, 0, 0),
        })
        {
            var transaction = new Eip7702Transaction(1, 0, 0, 0, 0, Somebody, 0, [], [nobody]);
            var decoded = (Eip7702Transaction)SignedTransaction.Decode(transaction.Sign(Key).Raw).Transaction;
            Assert.Equal(nobody, Assert.Single(decoded.Authorizations));
            Assert.False(nobody.TryRecover(out var account));
            Assert.Equal(Address.Zero, account);
        }
    }

    [Fact]
    public void every_type_refuses_bytes_that_are_cut_off_or_go_on_and_no_other_bytes_are_read_as_the_same()
    {
        foreach (var transaction in Samples())
        {
            var raw = transaction.Sign(Key).Raw;
            Assert.Equal(raw, SignedTransaction.Decode(raw).Raw);
            for (var length = 0; length < raw.Length; length++)
                Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode(raw.AsSpan(0, length)));
            Assert.ThrowsAny<FormatException>(() => SignedTransaction.Decode([.. raw, 0]));
            for (var at = 0; at < raw.Length; at++)
            {
                var changed = raw.ToArray();
                changed[at] ^= 0x81;
                if (Record.Exception(() => Assert.Equal(changed, SignedTransaction.Decode(changed).Raw)) is { } refusal)
                    Assert.IsAssignableFrom<FormatException>(refusal);
            }
        }
    }

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData("26")]
    [InlineData("29")]
    [InlineData("34")]
    [InlineData("18446744073709551651")]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639935")]
    public void an_impossible_v_of_a_legacy_transaction_is_refused(string v) =>
        Assert.Throws<FormatException>(() => SignedTransaction.Decode(Legacy(UInt256.Parse(v), 1)));

    [Theory]
    [InlineData("27", null, 0)]
    [InlineData("28", null, 1)]
    [InlineData("35", 0L, 0)]
    [InlineData("38", 1L, 1)]
    [InlineData("18446744073709551649", long.MaxValue, 0)]
    public void v_of_a_legacy_transaction_says_the_chain_and_the_parity(string v, long? chainId, int yParity)
    {
        var raw = Legacy(UInt256.Parse(v), 1);
        var decoded = SignedTransaction.Decode(raw);
        Assert.Equal(chainId, ((LegacyTransaction)decoded.Transaction).ChainId);
        Assert.Equal(yParity, decoded.Signature.YParity);
        Assert.Equal(raw, decoded.Raw);
    }

    [Fact]
    public void a_high_s_is_refused_in_every_type()
    {
        Assert.Throws<FormatException>(() => SignedTransaction.Decode(Legacy(27, UInt256.MaxValue)));
        foreach (var transaction in Samples().Where(transaction => transaction.TypeNumber is not null))
        {
            var raw = transaction.Fields().Write(0L).Write(1L).Write(Secp256k1.HalfOrder + 1).ToList(transaction.TypeNumber!.Value);
            Assert.Throws<FormatException>(() => SignedTransaction.Decode(raw));
        }
    }

    [Fact]
    public void code_is_never_set_by_a_transaction_without_a_recipient()
    {
        var fields = new RlpWriter().Write(1L).Write(0L).Write(0L).Write(0L).Write(0L).Write([]).Write(0L).Write([])
            .Write(new RlpWriter()).Write(new RlpWriter()).Write(0L).Write(1L).Write(1L);
        Assert.Throws<RlpException>(() => SignedTransaction.Decode(fields.ToList(Eip7702Transaction.Type)));
    }

    private static byte[] Legacy(UInt256 v, UInt256 s) => new RlpWriter()
        .Write(0L).Write(0L).Write(21_000L).Write(Somebody).Write(0L).Write([]).Write(v).Write(1L).Write(s).ToList();

    private static Transaction[] Samples()
    {
        AccessListEntry[] access = [new(Somebody, [Hash32.Zero, Keccak256.Hash("slot")]), new(Address.Zero, [])];
        return
        [
            new LegacyTransaction(null, 1, 2, 3, Somebody, 4, [5]),
            new LegacyTransaction(1088, 1, 2, 3, null, 4, [5]),
            new Eip2930Transaction(1088, 1, 2, 3, Somebody, 4, [5]) { AccessList = access },
            new Eip1559Transaction(1088, 1, 2, 3, 4, null, 5, []) { AccessList = access },
            new Eip7702Transaction(1088, 1, 2, 3, 4, Somebody, 5, [6], [new Authorization(1088, Somebody, 7).Sign(Key)])
            {
                AccessList = access,
            },
        ];
    }

    private static Transaction Read(string type, JsonElement tx)
    {
        var chainId = tx.TryGetProperty("chainId", out var id) ? id.GetInt64() : (long?)null;
        var (nonce, gas) = (tx.GetProperty("nonce").GetInt64(), (long)UInt256.Parse(tx.Text("gas")));
        Address? to = tx.TryGetProperty("to", out var recipient) ? Address.Parse(recipient.GetString()!) : null;
        var (value, data) = (Amount("value"), Hex.Parse(tx.Text("data")));
        return type switch
        {
            "eip2930" => new Eip2930Transaction(chainId!.Value, nonce, Amount("gasPrice"), gas, to, value, data)
            {
                AccessList = AccessList(tx),
            },
            "eip1559" => new Eip1559Transaction(
                chainId!.Value, nonce, Amount("maxPriorityFeePerGas"), Amount("maxFeePerGas"), gas, to, value, data)
            {
                AccessList = AccessList(tx),
            },
            "eip7702" => new Eip7702Transaction(
                chainId!.Value,
                nonce,
                Amount("maxPriorityFeePerGas"),
                Amount("maxFeePerGas"),
                gas,
                to!.Value,
                value,
                data,
                [.. tx.GetProperty("authorizationList").EnumerateArray().Select(Authorization)])
            {
                AccessList = AccessList(tx),
            },
            _ => new LegacyTransaction(chainId, nonce, Amount("gasPrice"), gas, to, value, data),
        };

        UInt256 Amount(string property) => UInt256.Parse(tx.Text(property));
    }

    private static AccessListEntry[] AccessList(JsonElement tx) =>
    [
        .. tx.GetProperty("accessList").EnumerateArray().Select(entry => new AccessListEntry(
            Address.Parse(entry.Text("address")),
            [.. entry.GetProperty("storageKeys").EnumerateArray().Select(key => Hash32.Parse(key.GetString()!))])),
    ];

    private static SignedAuthorization Authorization(JsonElement signed) => new(
        new Authorization(
            signed.GetProperty("chainId").GetUInt64(),
            Address.Parse(signed.Text("address")),
            signed.GetProperty("nonce").GetUInt64()),
        signed.GetProperty("yParity").GetByte(),
        UInt256.FromBytes(Hex.Parse(signed.Text("r"))),
        UInt256.FromBytes(Hex.Parse(signed.Text("s"))));
}

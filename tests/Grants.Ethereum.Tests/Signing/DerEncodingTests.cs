using System.Formats.Asn1;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Signing;

/// <summary>Signatures and keys as key services write them.</summary>
public sealed class DerEncodingTests
{
    private static readonly PrivateKey Key = PrivateKey.Parse(Keccak256.Hash("a key of a service").ToString());
    private static readonly Hash32 Digest = Keccak256.Hash("what is signed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void a_signature_is_read_with_its_parity_and_the_lower_s(bool isHigh)
    {
        for (var i = 0; i < 200; i++)
        {
            var digest = Keccak256.Hash($"message {i}");
            var signature = Key.Sign(digest);
            Assert.Equal(signature, DerEncoding.Signature(Der(signature, isHigh), digest, Key.Address));
        }
    }

    [Fact]
    public void a_signature_of_another_key_or_of_something_else_is_refused()
    {
        var der = Der(Key.Sign(Digest), false);
        Assert.Throws<FormatException>(() => DerEncoding.Signature(der, Digest, PrivateKey.Create().Address));
        Assert.Throws<FormatException>(() => DerEncoding.Signature(der, Keccak256.Hash("something else"), Key.Address));
    }

    [Theory]
    [InlineData("0x")]
    [InlineData("0x30")]
    [InlineData("0x3003020101")]
    [InlineData("0x300602010002010000")]
    [InlineData("0x3006020100020100")]
    [InlineData("0x302802220100000000000000000000000000000000000000000000000000000000000000000000020101")]
    public void what_is_no_signature_is_refused(string der) =>
        Assert.Throws<FormatException>(() => DerEncoding.Signature(Hex.Parse(der), Digest, Key.Address));

    [Fact]
    public void a_public_key_is_an_account()
    {
        Assert.Equal(Key.Address, DerEncoding.Account(Info("1.3.132.0.10", [4, .. Key.PublicKey()])));
        Assert.Throws<FormatException>(() => DerEncoding.Account(Info("1.2.840.10045.3.1.7", new byte[65])));
        Assert.Throws<FormatException>(() => DerEncoding.Account(Info("1.3.132.0.10", new byte[33])));
        Assert.Throws<FormatException>(() => DerEncoding.Account(new byte[] { 0x30, 0x01 }));
    }

    private static byte[] Der(Signature signature, bool isHigh)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            writer.WriteInteger(signature.R.ToBigInteger());
            writer.WriteInteger(isHigh ? Secp256k1.Order.ToBigInteger() - signature.S.ToBigInteger() : signature.S.ToBigInteger());
        }

        return writer.Encode();
    }

    private static byte[] Info(string curve, byte[] point)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (writer.PushSequence())
            {
                writer.WriteObjectIdentifier("1.2.840.10045.2.1");
                writer.WriteObjectIdentifier(curve);
            }

            writer.WriteBitString(point);
        }

        return writer.Encode();
    }
}

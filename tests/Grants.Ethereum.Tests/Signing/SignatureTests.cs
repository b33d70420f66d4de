using CsCheck;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class SignatureTests
{
    private const string R = "24044a18a115808bcd00b4af19545d13097ad5264b02834d534a08567ba82525";
    private const string S = "377ef936e644b133892dc92c65c108e338d157484c9540ae5f85680aa33804fa";
    private const string Order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private static readonly Hash32 Digest = Keccak256.Hash("digest");

    [Fact]
    public void whoever_signed_is_recovered() => Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[32]).ForAll(
        (secret, message) =>
        {
            secret[0] &= 0x7f;
            secret[31] |= 1;
            var (key, digest) = (PrivateKey.Parse(Hex.Format(secret)), new Hash32(message));
            var signature = key.Sign(digest);
            Assert.Equal(signature, key.Sign(digest));
            Assert.Equal(signature, Signature.Parse(signature.ToString()));
            Assert.True(Secp256k1.TryRecover(digest, signature, out var signer));
            Assert.Equal(key.Address, signer);
            Assert.True(!Secp256k1.TryRecover(Keccak256.Hash(message), signature, out var other) || other != key.Address);
            Assert.True(Signature.TryCreate(signature.R, signature.S, 1 - signature.YParity, out var twin, out _));
            Assert.True(!Secp256k1.TryRecover(digest, twin, out other) || other != key.Address);
        },
        count: 100);

    [Fact]
    public void random_signatures_recover_somebody_or_nobody_but_never_throw()
    {
        var found = 0;
        Gen.Select(Gen.Byte.Array[31], Gen.Byte.Array[31]).ForAll(
            (r, s) =>
            {
                Assert.True(Signature.TryCreate(UInt256.FromBytes(r), UInt256.FromBytes(s), 0, out var signature, out _));
                found += Secp256k1.TryRecover(Digest, signature, out _) ? 1 : 0;
            },
            count: 100);
        Assert.InRange(found, 20, 80);
    }

    [Theory]
    [InlineData("1b", 0)]
    [InlineData("1c", 1)]
    [InlineData("00", 0)]
    [InlineData("01", 1)]
    public void both_ways_to_write_the_recovery_value_are_one_signature(string v, int parity)
    {
        var signature = Signature.Parse($"0x{R}{S}{v}");
        Assert.Equal(parity, signature.YParity);
        Assert.Equal($"0x{R}{S}{27 + parity:x2}", signature.ToString());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0x")]
    [InlineData(R + S + "1b")]
    [InlineData("0X" + R + S + "1b")]
    [InlineData("0x" + R + S)]
    [InlineData("0x" + R + S + "1b00")]
    [InlineData("0x" + R + S + "1")]
    [InlineData("0x" + R + S + "1g")]
    [InlineData("0x" + R + S + "02")]
    [InlineData("0x" + R + S + "1a")]
    [InlineData("0x" + R + S + "1d")]
    [InlineData("0x" + R + S + "ff")]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000000" + S + "1b")]
    [InlineData("0x" + R + "0000000000000000000000000000000000000000000000000000000000000000" + "1b")]
    [InlineData("0x" + Order + S + "1b")]
    [InlineData("0x" + R + Order + "1b")]
    [InlineData("0x" + R + "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1" + "1b")]
    [InlineData("0x" + R + "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff" + "1b")]
    public void other_forms_are_refused_with_a_reason(string? text)
    {
        Assert.False(Signature.TryParse(text, out var signature, out var error));
        Assert.Equal(default, signature);
        Assert.NotEmpty(error);
        Assert.Throws<FormatException>(() => Signature.Parse(text!));
    }

    [Fact]
    public void the_largest_lower_s_is_accepted() =>
        Assert.True(Signature.TryParse($"0x{R}7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a01b", out _, out _));

    // The examples of EIP-2098.
    [Theory]
    [InlineData(
        "0x68a020a209d3d56c46f38cc50a33f704f4a9a10a59377f8dd762ac66910e9b90"
        + "7e865ad05c4035ab5792787d4a0297a43617ae897930a6fe4d822b8faea52064",
        0)]
    [InlineData(
        "0x9328da16089fcba9bececa81663203989f2df5fe1faa6291a45381c81bd17f76"
        + "939c6d6b623b42da56557e5e734a43dc83345ddfadec52cbe24d0cc64f550793",
        1)]
    public void the_compact_form_is_read_only_when_asked_for(string text, int yParity)
    {
        var signature = Signature.Parse(text, acceptCompact: true);
        Assert.Equal(yParity, signature.YParity);
        Assert.Equal(text, Hex.Format(signature.ToCompactBytes()));
        Assert.Equal(signature, Signature.Parse(signature.ToString(), acceptCompact: true));
        Assert.False(Signature.TryParse(text, out _, out _));
        Assert.Throws<FormatException>(() => Signature.Parse(text, acceptCompact: false));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0x")]
    [InlineData("0x" + R)]
    [InlineData("0x" + R + "7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1")]
    [InlineData("0x" + R + "8000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("0x" + Order + S)]
    [InlineData("0x" + R + "377ef936e644b133892dc92c65c108e338d157484c9540ae5f85680aa33804fg")]
    public void other_compact_forms_are_refused_with_a_reason(string? text)
    {
        Assert.False(Signature.TryParse(text, acceptCompact: true, out var signature, out var error));
        Assert.Equal(default, signature);
        Assert.NotEmpty(error);
    }

    [Fact]
    public void no_signature_recovers_nobody() => Assert.False(Secp256k1.TryRecover(Digest, default, out _));

    [Fact]
    public void an_r_that_is_on_no_point_recovers_nobody()
    {
        Assert.True(Signature.TryCreate(5, 1, 0, out var signature, out _));
        Assert.False(Secp256k1.TryRecover(Digest, signature, out var signer));
        Assert.Equal(Address.Zero, signer);
    }
}

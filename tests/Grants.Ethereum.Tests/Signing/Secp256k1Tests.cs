using CsCheck;
using Grants.Ethereum.Signing;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class Secp256k1Tests
{
    private const string Order = "0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

    private static readonly BouncyCastleSecp256k1 Managed = new();
    private static readonly Hash32 Digest = Keccak256.Hash("digest");

    private static readonly Gen<byte[]> Secrets = Gen.Byte.Array[32].Select(secret =>
    {
        secret[0] &= 0x7f;
        secret[31] |= 1;
        return secret;
    });

    /// <summary>Every third digest is above the curve's order.</summary>
    private static readonly Gen<Hash32> Digests = Gen.Select(Gen.Byte.Array[32], Gen.Int[0, 2]).Select((bytes, kind) =>
    {
        if (kind == 0)
            bytes.AsSpan(0, 16).Fill(0xff);
        return new Hash32(bytes);
    });

    public static TheoryData<string> Names() => ["libsecp256k1", "BouncyCastle"];

    [Fact]
    public void the_native_implementation_is_used_where_it_is_installed() =>
        Assert.Equal(NativeSecp256k1.Load()?.Name ?? Managed.Name, Secp256k1.Active);

    [Fact]
    public void the_name_says_which_file_is_used()
    {
        Assert.Equal($"libsecp256k1 ({Libsecp256k1.Path})", Native().Name);
        Assert.True(File.Exists(Libsecp256k1.Path), Libsecp256k1.Path);
    }

    [Fact]
    public void every_interface_that_has_the_functions_is_looked_for_the_newest_first()
    {
        Assert.Equal(
            ["libsecp256k1.so.7", "libsecp256k1.so.6", "libsecp256k1.so.5", "libsecp256k1.so.2", "libsecp256k1.so.1"],
            Libsecp256k1.Files(isMacOS: false));
        Assert.Equal(
            ["libsecp256k1.7.dylib", "/opt/homebrew/lib/libsecp256k1.7.dylib"], Libsecp256k1.Files(isMacOS: true).Take(2));
        Assert.Contains("libsecp256k1.1.dylib", Libsecp256k1.Files(isMacOS: true));
    }

    [Fact]
    public void the_first_file_that_is_there_and_can_recover_is_taken()
    {
        Native();
        var folder = Directory.CreateTempSubdirectory("grants-secp256k1-").FullName;
        try
        {
            var (newer, older) = (Path.Combine(folder, "libsecp256k1.so.2"), Path.Combine(folder, "libsecp256k1.so.1"));
            File.Copy(Libsecp256k1.Path!, newer);
            File.Copy(Libsecp256k1.Path!, older);
            Assert.Equal(newer, Libsecp256k1.Open([Path.Combine(folder, "libsecp256k1.so.5"), newer, older])?.Path);
            Assert.Equal(older, Libsecp256k1.Open(["libc.so.6", older, newer])?.Path);
            Assert.Null(Libsecp256k1.Open(["libc.so.6"]));
            Assert.Null(Libsecp256k1.Open([]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void both_implementations_sign_recover_and_verify_alike()
    {
        var native = Native();
        Gen.Select(Secrets, Digests).ForAll((secret, digest) =>
        {
            var signature = native.Sign(digest, secret);
            Assert.Equal(Managed.Sign(digest, secret), signature);
            var (theirs, ours) = (Key(native, secret), Key(Managed, secret));
            Assert.Equal(ours, theirs);
            Assert.Equal(ours, Recovered(native, digest, signature));
            Assert.Equal(ours, Recovered(Managed, digest, signature));
            Assert.True(native.Verify(digest, signature, ours));
            Assert.True(Managed.Verify(digest, signature, ours));
        });
    }

    [Fact]
    public void both_implementations_agree_on_signatures_of_nobody()
    {
        var native = Native();
        var (found, missing) = (0, 0);
        Gen.Select(Gen.Byte.Array[32], Gen.Byte.Array[31], Digests).ForAll((r, s, digest) =>
        {
            if (!Signature.TryCreate(UInt256.FromBytes(r), UInt256.FromBytes(s), r[31] & 1, out var signature, out _))
                return;
            var key = Recovered(Managed, digest, signature);
            Assert.Equal(key, Recovered(native, digest, signature));
            _ = key is null ? missing++ : found++;
            foreach (var publicKey in new[] { key ?? [.. r, .. r], Key(Managed, [.. s, 1]), new byte[64] })
                Assert.Equal(Managed.Verify(digest, signature, publicKey), native.Verify(digest, signature, publicKey));
        });
        Assert.True(found > 300 && missing > 300, $"{found} found, {missing} missing");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void what_is_no_signature_and_no_key_is_refused(string name)
    {
        ISecp256k1 curve = name == Managed.Name ? Managed : Native();
        var key = new byte[64];
        Assert.False(curve.TryRecover(Digest, default, key));
        curve.PublicKey([.. new byte[31], 1], key);
        var signature = curve.Sign(Digest, [.. new byte[31], 1]);
        Assert.True(curve.Verify(Digest, signature, key));
        Assert.False(curve.Verify(Digest, default, key));
        Assert.False(curve.Verify(Keccak256.Hash("other"), signature, key));
        Assert.False(curve.Verify(Digest, signature, key.AsSpan(1)));
        key[63] ^= 1;
        Assert.False(curve.Verify(Digest, signature, key));
        foreach (var secret in new[] { [], new byte[32], new byte[33], Hex.Parse(Order), [.. Enumerable.Repeat((byte)0xff, 32)] })
        {
            Assert.Throws<ArgumentException>(() => curve.Sign(Digest, secret));
            Assert.Throws<ArgumentException>(() => curve.PublicKey(secret, key));
        }
    }

    [Fact]
    public void an_account_is_known_by_its_public_key()
    {
        var key = PrivateKey.Create();
        var publicKey = Key(Managed, key.Secret);
        Assert.Equal(key.Address, Secp256k1.AddressOf(publicKey));
        Assert.True(Secp256k1.Verify(Digest, key.Sign(Digest), publicKey));
        Assert.Throws<ArgumentException>(() => Secp256k1.AddressOf(new byte[65]));
    }

    private static NativeSecp256k1 Native()
    {
        var native = NativeSecp256k1.Load();
        Assert.SkipWhen(native is null, "libsecp256k1 is not installed (Debian: libsecp256k1-1 or -2).");
        return native!;
    }

    private static byte[] Key(ISecp256k1 curve, ReadOnlySpan<byte> secret)
    {
        var key = new byte[Secp256k1.PublicKeyLength];
        curve.PublicKey(secret, key);
        return key;
    }

    private static byte[]? Recovered(ISecp256k1 curve, Hash32 digest, Signature signature)
    {
        var key = new byte[Secp256k1.PublicKeyLength];
        return curve.TryRecover(digest, signature, key) ? key : null;
    }
}

using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// The curve of SEC 2 that Ethereum signs with. The native implementation is used where it is installed, the managed one
/// elsewhere, and everywhere that the environment says <c>GRANTS_SECP256K1=managed</c>.
/// </summary>
public static class Secp256k1
{
    /// <summary>The number of bytes of a public key: x and y.</summary>
    public const int PublicKeyLength = 64;

    /// <summary>The number of bytes of a secret.</summary>
    internal const int SecretLength = 32;

    /// <summary>The order of the curve's group.</summary>
    internal static readonly UInt256 Order =
        UInt256.FromBytes(Hex.Parse("0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141"));

    /// <summary>The largest s that EIP-2 allows.</summary>
    internal static readonly UInt256 HalfOrder = Order / 2;

    private static readonly ISecp256k1 Implementation = Choose();

    /// <summary>The name of the implementation in use, with the file of the native one.</summary>
    public static string Active => Implementation.Name;

    /// <summary>Finds the account that signed. False where no key can have made the signature.</summary>
    public static bool TryRecover(Hash32 digest, Signature signature, out Address signer)
    {
        Span<byte> publicKey = stackalloc byte[PublicKeyLength];
        var found = Implementation.TryRecover(digest, signature, publicKey);
        signer = found ? AddressOf(publicKey) : default;
        return found;
    }

    /// <summary>Whether the public key, the 64 bytes of x and y, made the signature.</summary>
    public static bool Verify(Hash32 digest, Signature signature, ReadOnlySpan<byte> publicKey) =>
        Implementation.Verify(digest, signature, publicKey);

    /// <summary>The account of a public key: the last 20 bytes of the hash of x and y.</summary>
    /// <exception cref="ArgumentException">Not 64 bytes.</exception>
    public static Address AddressOf(ReadOnlySpan<byte> publicKey)
    {
        if (publicKey.Length != PublicKeyLength)
            throw new ArgumentException($"Expected {PublicKeyLength} bytes, found {publicKey.Length}.", nameof(publicKey));
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(publicKey, hash);
        return new Address(hash[12..]);
    }

    private static ISecp256k1 Choose() =>
        Environment.GetEnvironmentVariable("GRANTS_SECP256K1") == "managed" || NativeSecp256k1.Load() is not { } native
            ? new BouncyCastleSecp256k1()
            : native;

    internal static Signature Sign(Hash32 digest, ReadOnlySpan<byte> secret) => Implementation.Sign(digest, secret);

    internal static Address AddressOfSecret(ReadOnlySpan<byte> secret) => AddressOf(PublicKeyOf(secret));

    internal static byte[] PublicKeyOf(ReadOnlySpan<byte> secret)
    {
        var publicKey = new byte[PublicKeyLength];
        Implementation.PublicKey(secret, publicKey);
        return publicKey;
    }

    /// <summary>Whether the bytes are a number from one to below the order.</summary>
    internal static bool IsSecret(ReadOnlySpan<byte> bytes) =>
        bytes.Length == SecretLength && bytes.ContainsAnyExcept((byte)0) && UInt256.FromBytes(bytes) < Order;

    internal static ArgumentException NoSecret(string parameter) => new("The bytes are not a private key of the curve.", parameter);
}

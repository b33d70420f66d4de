using System.Security.Cryptography;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>The key of an account, on the curve of SEC 2. It can sign, but leaves this object only into an encrypted keystore.</summary>
public sealed class PrivateKey
{
    private readonly byte[] secret;

    private PrivateKey(byte[] secret)
    {
        this.secret = secret;
        Address = Secp256k1.AddressOfSecret(secret);
    }

    /// <summary>The account that the key belongs to.</summary>
    public Address Address { get; }

    /// <summary>What a keystore encrypts: 32 bytes.</summary>
    internal ReadOnlySpan<byte> Secret => secret;

    /// <summary>Reads 32 bytes in hexadecimal.</summary>
    /// <exception cref="FormatException">Another shape, or a number that is no key. The message does not repeat the text.</exception>
    public static PrivateKey Parse(string text)
    {
        if (!Hex.TryParse(text, out var bytes) || bytes.Length != Secp256k1.SecretLength)
            throw new FormatException("A private key is 0x and 64 hexadecimal digits.");
        return From(bytes) ?? throw new FormatException("The number is not a private key of the curve.");
    }

    /// <summary>A new key from the system's random generator.</summary>
    public static PrivateKey Create()
    {
        while (true)
        {
            if (From(RandomNumberGenerator.GetBytes(Secp256k1.SecretLength)) is { } key)
                return key;
        }
    }

    /// <summary>The public key: the 64 bytes of x and y.</summary>
    public byte[] PublicKey() => Secp256k1.PublicKeyOf(secret);

    /// <summary>Signs with the nonce of RFC 6979 over SHA-256 and the lower s, so the same digest has always the same signature.</summary>
    public Signature Sign(Hash32 digest) => Secp256k1.Sign(digest, secret);

    /// <summary>The account, never the key.</summary>
    public override string ToString() => $"key of {Address}";

    /// <summary>Keeps a copy of the bytes. Null where they are no key of the curve.</summary>
    internal static PrivateKey? From(ReadOnlySpan<byte> bytes) => Secp256k1.IsSecret(bytes) ? new PrivateKey(bytes.ToArray()) : null;
}

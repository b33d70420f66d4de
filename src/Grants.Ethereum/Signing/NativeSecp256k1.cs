using System.Security.Cryptography;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// The curve of SEC 2 by libsecp256k1 of the Bitcoin Core project, where the machine has it (Debian: libsecp256k1-1 or -2). Its
/// context is randomized once, and after that only read, so any number of threads may use it.
/// </summary>
public sealed class NativeSecp256k1 : ISecp256k1
{
    private const int CompactLength = 64;
    private const byte UncompressedPrefix = 4;

    private readonly IntPtr context;

    private NativeSecp256k1(IntPtr context) => this.context = context;

    /// <inheritdoc/>
    public string Name => $"libsecp256k1 ({Libsecp256k1.Path})";

    /// <summary>Null where the library is not installed, or was built without recovery of public keys.</summary>
    public static NativeSecp256k1? Load()
    {
        if (Libsecp256k1.Path is null)
            return null;
        var context = Libsecp256k1.CreateContext(Libsecp256k1.SignAndVerify);
        Span<byte> seed = stackalloc byte[32];
        RandomNumberGenerator.Fill(seed);
        return context != IntPtr.Zero && Libsecp256k1.Randomize(context, in seed[0]) == 1 ? new NativeSecp256k1(context) : null;
    }

    /// <inheritdoc/>
    public bool TryRecover(Hash32 digest, Signature signature, Span<byte> publicKey)
    {
        if (signature == default)
            return false;
        Span<byte> compact = stackalloc byte[CompactLength];
        Span<byte> parsed = stackalloc byte[Libsecp256k1.RecoverableSignatureSize];
        Span<byte> message = stackalloc byte[Hash32.Length];
        Span<byte> key = stackalloc byte[Libsecp256k1.PublicKeySize];
        Write(signature, compact);
        digest.CopyTo(message);
        if (Libsecp256k1.ParseRecoverable(context, ref parsed[0], in compact[0], signature.YParity) != 1
            || Libsecp256k1.Recover(context, ref key[0], in parsed[0], in message[0]) != 1)
            return false;
        Write(key, publicKey);
        return true;
    }

    /// <inheritdoc/>
    public bool Verify(Hash32 digest, Signature signature, ReadOnlySpan<byte> publicKey)
    {
        if (signature == default || publicKey.Length != Secp256k1.PublicKeyLength)
            return false;
        Span<byte> encoded = stackalloc byte[1 + Secp256k1.PublicKeyLength];
        Span<byte> key = stackalloc byte[Libsecp256k1.PublicKeySize];
        Span<byte> compact = stackalloc byte[CompactLength];
        Span<byte> parsed = stackalloc byte[Libsecp256k1.SignatureSize];
        Span<byte> message = stackalloc byte[Hash32.Length];
        encoded[0] = UncompressedPrefix;
        publicKey.CopyTo(encoded[1..]);
        Write(signature, compact);
        digest.CopyTo(message);
        return Libsecp256k1.ParsePublicKey(context, ref key[0], in encoded[0], (nuint)encoded.Length) == 1
            && Libsecp256k1.ParseCompact(context, ref parsed[0], in compact[0]) == 1
            && Libsecp256k1.Verify(context, in parsed[0], in message[0], in key[0]) == 1;
    }

    /// <inheritdoc/>
    public Signature Sign(Hash32 digest, ReadOnlySpan<byte> secret)
    {
        if (!Secp256k1.IsSecret(secret))
            throw Secp256k1.NoSecret(nameof(secret));
        Span<byte> message = stackalloc byte[Hash32.Length];
        digest.CopyTo(message);
        // RFC 6979 derives the nonce from the digest modulo the order; the library takes the digest as it is.
        var number = UInt256.FromBytes(message);
        if (number >= Secp256k1.Order)
            (number - Secp256k1.Order).CopyTo(message);
        Span<byte> signed = stackalloc byte[Libsecp256k1.RecoverableSignatureSize];
        Span<byte> compact = stackalloc byte[CompactLength];
        if (Libsecp256k1.SignRecoverable(context, ref signed[0], in message[0], in secret[0], IntPtr.Zero, IntPtr.Zero) != 1
            || Libsecp256k1.SerializeRecoverable(context, ref compact[0], out var recovery, in signed[0]) != 1)
            throw new CryptographicException("libsecp256k1 did not sign.");
        var (r, s) = (UInt256.FromBytes(compact[..32]), UInt256.FromBytes(compact[32..]));
        // A recovery value of two or three has odds of about 2^-127.
        return Signature.TryCreate(r, s, recovery, out var signature, out var error)
            ? signature
            : throw new CryptographicException(error);
    }

    /// <inheritdoc/>
    public void PublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey)
    {
        Span<byte> key = stackalloc byte[Libsecp256k1.PublicKeySize];
        if (!Secp256k1.IsSecret(secret) || Libsecp256k1.CreatePublicKey(context, ref key[0], in secret[0]) != 1)
            throw Secp256k1.NoSecret(nameof(secret));
        Write(key, publicKey);
    }

    private static void Write(Signature signature, Span<byte> compact)
    {
        signature.R.CopyTo(compact);
        signature.S.CopyTo(compact[32..]);
    }

    private void Write(ReadOnlySpan<byte> key, Span<byte> publicKey)
    {
        Span<byte> encoded = stackalloc byte[1 + Secp256k1.PublicKeyLength];
        var length = (nuint)encoded.Length;
        if (Libsecp256k1.SerializePublicKey(context, ref encoded[0], ref length, in key[0], Libsecp256k1.Uncompressed) != 1)
            throw new CryptographicException("libsecp256k1 did not write a public key.");
        encoded[1..].CopyTo(publicKey);
    }
}

using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// ECDSA over the curve secp256k1 of SEC 2. Every implementation gives the same answers. Public keys are the 64 bytes of
/// x and y; secrets have 32 bytes and are in range.
/// </summary>
public interface ISecp256k1
{
    /// <summary>What people know the implementation by.</summary>
    string Name { get; }

    /// <summary>Finds the public key that made the signature (SEC 1, 4.1.6). False where none can have made it.</summary>
    bool TryRecover(Hash32 digest, Signature signature, Span<byte> publicKey);

    /// <summary>Whether the public key made the signature (SEC 1, 4.1.4). False for bytes that are no point of the curve.</summary>
    bool Verify(Hash32 digest, Signature signature, ReadOnlySpan<byte> publicKey);

    /// <summary>Signs with the nonce of RFC 6979 over SHA-256 and the lower s of EIP-2.</summary>
    /// <exception cref="ArgumentException">Not a secret. The message does not repeat it.</exception>
    Signature Sign(Hash32 digest, ReadOnlySpan<byte> secret);

    /// <summary>Writes the public key of a secret.</summary>
    /// <exception cref="ArgumentException">Not a secret. The message does not repeat it.</exception>
    void PublicKey(ReadOnlySpan<byte> secret, Span<byte> publicKey);
}

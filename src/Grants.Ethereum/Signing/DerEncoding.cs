using System.Formats.Asn1;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>Keys and signatures as key services and hardware write them: DER of ASN.1 (X.690), by RFC 3279 and RFC 5480.</summary>
public static class DerEncoding
{
    private const int NumberLength = 32;
    private const string Curve = "1.3.132.0.10";

    /// <summary>
    /// Reads an ECDSA-Sig-Value (RFC 3279): r and s. Which y the curve's point had it does not say, so that is found by recovering the
    /// account; s may be in the upper half, which Ethereum refuses (EIP-2), and is then turned over.
    /// </summary>
    /// <exception cref="FormatException">It is no such value, or not this account's over this digest.</exception>
    public static Signature Signature(ReadOnlyMemory<byte> der, Hash32 digest, Address signer)
    {
        try
        {
            var reader = new AsnReader(der, AsnEncodingRules.DER);
            var sequence = reader.ReadSequence();
            var (r, s) = (Number(sequence.ReadIntegerBytes()), Number(sequence.ReadIntegerBytes()));
            sequence.ThrowIfNotEmpty();
            reader.ThrowIfNotEmpty();
            return Of(r, s > Secp256k1.HalfOrder && s < Secp256k1.Order ? Secp256k1.Order - s : s, digest, signer);
        }
        catch (AsnContentException problem)
        {
            throw new FormatException("It is no signature in DER.", problem);
        }
    }

    /// <summary>The account of a SubjectPublicKeyInfo (RFC 5480) of the curve secp256k1.</summary>
    /// <exception cref="FormatException">It is no such key.</exception>
    public static Address Account(ReadOnlyMemory<byte> der)
    {
        try
        {
            var info = new AsnReader(der, AsnEncodingRules.DER).ReadSequence();
            var algorithm = info.ReadSequence();
            _ = algorithm.ReadObjectIdentifier();
            var curve = algorithm.ReadObjectIdentifier();
            var point = info.ReadBitString(out _);
            return curve == Curve && point is [4, .. var both] && both.Length == Secp256k1.PublicKeyLength
                ? Secp256k1.AddressOf(both)
                : throw new FormatException("It is no key of secp256k1 with both coordinates.");
        }
        catch (AsnContentException problem)
        {
            throw new FormatException("It is no public key in DER.", problem);
        }
    }

    private static Signature Of(UInt256 r, UInt256 s, Hash32 digest, Address signer)
    {
        for (var parity = 0; parity <= 1; parity++)
        {
            if (Signing.Signature.TryCreate(r, s, parity, out var signature, out _)
                && Secp256k1.TryRecover(digest, signature, out var found) && found == signer)
                return signature;
        }

        throw new FormatException($"It is not {signer}'s signature.");
    }

    private static UInt256 Number(ReadOnlyMemory<byte> integer)
    {
        var bytes = integer.Span.TrimStart((byte)0);
        if (bytes.Length > NumberLength)
            throw new FormatException("A number of the signature is too large.");
        Span<byte> padded = stackalloc byte[NumberLength];
        padded.Clear();
        bytes.CopyTo(padded[(NumberLength - bytes.Length)..]);
        return UInt256.FromBytes(padded);
    }
}

using System.Diagnostics.CodeAnalysis;
using Grants.Primitives;

namespace Grants.Ethereum.Signing;

/// <summary>
/// An ECDSA signature of an account (SEC 1, 4.1). There is one form only: r and s are in range and s is in the lower half of the
/// order (EIP-2). The default value is no signature.
/// </summary>
public readonly record struct Signature
{
    /// <summary>The number of bytes when written out.</summary>
    public const int Length = 65;

    /// <summary>The number of bytes in the compact form of EIP-2098.</summary>
    public const int CompactLength = 64;

    private Signature(UInt256 r, UInt256 s, int yParity) => (R, S, YParity) = (r, s, yParity);

    /// <summary>From one to below the order: the x of the curve's point (SEC 1, 4.1.3).</summary>
    public UInt256 R { get; }

    /// <summary>From one to half of the order.</summary>
    public UInt256 S { get; }

    /// <summary>Zero or one: whether y of the curve's point is odd.</summary>
    public int YParity { get; }

    /// <summary>Takes the parts of a signature. False where they are out of range or s is in the upper half.</summary>
    public static bool TryCreate(UInt256 r, UInt256 s, int yParity, out Signature signature, [NotNullWhen(false)] out string? error)
    {
        error = null;
        if (r.IsZero || r >= Secp256k1.Order)
            error = "r of the signature is out of range.";
        else if (s.IsZero || s >= Secp256k1.Order)
            error = "s of the signature is out of range.";
        else if (s > Secp256k1.HalfOrder)
            error = "s of the signature is in the upper half of the order.";
        else if (yParity is not (0 or 1))
            error = "The recovery value of the signature is not 0, 1, 27 or 28.";
        signature = error is null ? new Signature(r, s, yParity) : default;
        return error is null;
    }

    /// <summary>Reads 65 bytes in hexadecimal: r, s, and 0, 1, 27 or 28.</summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Signature Parse(string text) =>
        TryParse(text, out var signature, out var error) ? signature : throw new FormatException(error);

    /// <summary>Reads as <see cref="Parse(string)"/> does, without throwing.</summary>
    public static bool TryParse(string? text, out Signature signature, [NotNullWhen(false)] out string? error)
    {
        signature = default;
        error = $"A signature is 0x and {Length * 2} hexadecimal digits.";
        return text?.Length == 2 + (Length * 2)
            && Hex.TryParse(text, out var bytes)
            && TryCreate(
                UInt256.FromBytes(bytes.AsSpan(0, 32)),
                UInt256.FromBytes(bytes.AsSpan(32, 32)),
                bytes[64] is 27 or 28 ? bytes[64] - 27 : bytes[64],
                out signature,
                out error);
    }

    /// <summary>
    /// Reads the 65 bytes as <see cref="Parse(string)"/> does or, where <paramref name="acceptCompact"/> says so, the 64 bytes
    /// of EIP-2098: r, then s with the parity as its highest bit.
    /// </summary>
    /// <exception cref="FormatException">Anything else.</exception>
    public static Signature Parse(string text, bool acceptCompact) =>
        TryParse(text, acceptCompact, out var signature, out var error) ? signature : throw new FormatException(error);

    /// <summary>Reads as <see cref="Parse(string, bool)"/> does, without throwing.</summary>
    public static bool TryParse(
        string? text, bool acceptCompact, out Signature signature, [NotNullWhen(false)] out string? error)
    {
        if (!acceptCompact || text?.Length != 2 + (CompactLength * 2))
            return TryParse(text, out signature, out error);
        signature = default;
        error = $"A compact signature is 0x and {CompactLength * 2} hexadecimal digits.";
        if (!Hex.TryParse(text, out var bytes))
            return false;
        var yParity = bytes[32] >> 7;
        bytes[32] &= 0x7f;
        return TryCreate(
            UInt256.FromBytes(bytes.AsSpan(0, 32)), UInt256.FromBytes(bytes.AsSpan(32)), yParity, out signature, out error);
    }

    /// <summary>The 64 bytes of EIP-2098: r, then s with the parity as its highest bit.</summary>
    public byte[] ToCompactBytes()
    {
        var bytes = ToBytes()[..CompactLength];
        bytes[32] |= (byte)(YParity << 7);
        return bytes;
    }

    /// <summary>The 65 bytes r, s, and 27 or 28.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        R.CopyTo(bytes);
        S.CopyTo(bytes.AsSpan(32));
        bytes[64] = (byte)(27 + YParity);
        return bytes;
    }

    /// <summary>The 65 bytes in hexadecimal.</summary>
    public override string ToString() => Hex.Format(ToBytes());
}

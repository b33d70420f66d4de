using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Primitives;

/// <summary>
/// An unsigned integer of 256 bits. Arithmetic is checked: a result outside [0, 2^256) throws
/// <see cref="OverflowException"/>, as Solidity reverts. Division rounds down. Written as a decimal string.
/// </summary>
[JsonConverter(typeof(UInt256JsonConverter))]
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    private static readonly BigInteger Ceiling = BigInteger.One << 256;

    private readonly BigInteger value;

    /// <summary>Takes a value in [0, 2^256).</summary>
    /// <exception cref="OverflowException">Outside the range.</exception>
    public UInt256(BigInteger value)
    {
        if (value.Sign < 0 || value >= Ceiling)
            throw new OverflowException("The result is outside the range of a 256-bit unsigned integer.");
        this.value = value;
    }

    public static UInt256 Zero => default;

    public static UInt256 One { get; } = new(BigInteger.One);

    /// <summary>2^256 - 1.</summary>
    public static UInt256 MaxValue { get; } = new(Ceiling - 1);

    public bool IsZero => value.IsZero;

    /// <summary>
    /// Reads decimal digits without sign, point, exponent, space or needless leading zero.
    /// </summary>
    /// <exception cref="FormatException">Another shape, or above 2^256 - 1.</exception>
    public static UInt256 Parse(string text) => TryParse(text, out var parsed)
        ? parsed
        : throw new FormatException("Expected a whole number in base units: decimal digits only, at most 2^256 - 1.");

    /// <summary>Reads as <see cref="Parse"/> does, without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out UInt256 parsed)
    {
        parsed = default;
        // 2^256 - 1 has 78 digits: longer text is refused before any arithmetic is spent on it.
        if (text is null || text.Length is 0 or > 78 || text.AsSpan().ContainsAnyExceptInRange('0', '9')
            || (text.Length > 1 && text[0] == '0'))
            return false;
        var number = BigInteger.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        if (number >= Ceiling)
            return false;
        parsed = new UInt256(number);
        return true;
    }

    /// <summary>Reads at most 32 bytes, most significant first.</summary>
    public static UInt256 FromBytes(ReadOnlySpan<byte> bytes) =>
        new(new BigInteger(bytes, isUnsigned: true, isBigEndian: true));

    /// <summary>⌊a·b/c⌋ with an intermediate product that cannot overflow.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public static UInt256 MulDiv(UInt256 a, UInt256 b, UInt256 c) => new(a.value * b.value / c.value);

    public static UInt256 Min(UInt256 a, UInt256 b) => a <= b ? a : b;

    public static UInt256 Max(UInt256 a, UInt256 b) => a >= b ? a : b;

    /// <summary>a - b, or zero where b is larger.</summary>
    public static UInt256 SubtractToZero(UInt256 a, UInt256 b) => a <= b ? Zero : a - b;

    public BigInteger ToBigInteger() => value;

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination)
    {
        destination[..32].Clear();
        var count = value.GetByteCount(isUnsigned: true);
        value.TryWriteBytes(destination[(32 - count)..32], out _, isUnsigned: true, isBigEndian: true);
    }

    /// <summary>32 bytes, most significant first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(UInt256 other) => value == other.value;

    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    public override int GetHashCode() => value.GetHashCode();

    public int CompareTo(UInt256 other) => value.CompareTo(other.value);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => value.ToString(CultureInfo.InvariantCulture);

    public static implicit operator UInt256(ulong number) => new(number);

    public static explicit operator UInt256(long number) => new(number);

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator ulong(UInt256 number) => (ulong)number.value;

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator long(UInt256 number) => (long)number.value;

    public static UInt256 operator +(UInt256 a, UInt256 b) => new(a.value + b.value);

    public static UInt256 operator -(UInt256 a, UInt256 b) => new(a.value - b.value);

    public static UInt256 operator *(UInt256 a, UInt256 b) => new(a.value * b.value);

    public static UInt256 operator /(UInt256 a, UInt256 b) => new(a.value / b.value);

    public static UInt256 operator %(UInt256 a, UInt256 b) => new(a.value % b.value);

    public static bool operator ==(UInt256 a, UInt256 b) => a.Equals(b);

    public static bool operator !=(UInt256 a, UInt256 b) => !a.Equals(b);

    public static bool operator <(UInt256 a, UInt256 b) => a.value < b.value;

    public static bool operator >(UInt256 a, UInt256 b) => a.value > b.value;

    public static bool operator <=(UInt256 a, UInt256 b) => a.value <= b.value;

    public static bool operator >=(UInt256 a, UInt256 b) => a.value >= b.value;
}

/// <summary>Writes a <see cref="UInt256"/> as a decimal string, so that no reader can lose digits.</summary>
public sealed class UInt256JsonConverter : JsonConverter<UInt256>
{
    public override UInt256 Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        UInt256.TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException("Expected a decimal string of at most 2^256 - 1.");

    public override void Write(Utf8JsonWriter writer, UInt256 value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

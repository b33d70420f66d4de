using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Primitives;

/// <summary>
/// An unsigned integer of 256 bits, in place: no arithmetic on it allocates. Arithmetic is checked: a result outside
/// [0, 2^256) throws <see cref="OverflowException"/>, as Solidity reverts. Division rounds down. Written as a decimal string.
/// </summary>
[JsonConverter(typeof(UInt256JsonConverter))]
public readonly struct UInt256 : IEquatable<UInt256>, IComparable<UInt256>
{
    private static readonly BigInteger Ceiling = BigInteger.One << 256;

    private readonly UInt128 high;
    private readonly UInt128 low;

    /// <summary>Takes a value in [0, 2^256).</summary>
    /// <exception cref="OverflowException">Outside the range.</exception>
    public UInt256(BigInteger value)
    {
        if (value.Sign < 0 || value >= Ceiling)
            throw OutOfRange();
        (high, low) = ((UInt128)(value >> 128), (UInt128)(value & UInt128.MaxValue));
    }

    private UInt256(UInt128 high, UInt128 low) => (this.high, this.low) = (high, low);

    public static UInt256 Zero => default;

    public static UInt256 One => new(0, 1);

    /// <summary>2^256 - 1.</summary>
    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    public bool IsZero => high == 0 && low == 0;

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
    public static UInt256 MulDiv(UInt256 a, UInt256 b, UInt256 c)
    {
        if (a.high == 0 && b.high == 0)
        {
            var product = Product(a.low, b.low);
            if (product.high == 0 && c.high == 0)
                return new UInt256(0, product.low / c.low);
            if (c.high == 0 && product.high < c.low)
                return new UInt256(0, LongDivision.Quotient(product.high, product.low, c.low));
        }

        return new UInt256(a.ToBigInteger() * b.ToBigInteger() / c.ToBigInteger());
    }

    public static UInt256 Min(UInt256 a, UInt256 b) => a <= b ? a : b;

    public static UInt256 Max(UInt256 a, UInt256 b) => a >= b ? a : b;

    /// <summary>a - b, or zero where b is larger.</summary>
    public static UInt256 SubtractToZero(UInt256 a, UInt256 b) => a <= b ? Zero : a - b;

    public BigInteger ToBigInteger() => high == 0 ? low : ((BigInteger)high << 128) | low;

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination[16..], low);
    }

    /// <summary>32 bytes, most significant first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(UInt256 other) => low == other.low && high == other.high;

    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(high, low);

    public int CompareTo(UInt256 other) => high == other.high ? low.CompareTo(other.low) : high.CompareTo(other.high);

    /// <summary>Decimal digits.</summary>
    public override string ToString() => high == 0
        ? low.ToString(CultureInfo.InvariantCulture)
        : ToBigInteger().ToString(CultureInfo.InvariantCulture);

    public static implicit operator UInt256(ulong number) => new(0, number);

    public static explicit operator UInt256(long number) => number < 0 ? throw OutOfRange() : new(0, (ulong)number);

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator ulong(UInt256 number) =>
        number.high == 0 ? checked((ulong)number.low) : throw OutOfRange();

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator long(UInt256 number) => number.high == 0 ? checked((long)number.low) : throw OutOfRange();

    public static UInt256 operator +(UInt256 a, UInt256 b)
    {
        var low = unchecked(a.low + b.low);
        var high = unchecked(a.high + b.high);
        var isOver = high < a.high;
        if (low < a.low)
            isOver |= unchecked(++high) == 0;
        return isOver ? throw OutOfRange() : new UInt256(high, low);
    }

    public static UInt256 operator -(UInt256 a, UInt256 b)
    {
        if (a < b)
            throw OutOfRange();
        var borrow = a.low < b.low ? UInt128.One : UInt128.Zero;
        return new UInt256(unchecked(a.high - b.high - borrow), unchecked(a.low - b.low));
    }

    public static UInt256 operator *(UInt256 a, UInt256 b) => a.high == 0 && b.high == 0
        ? Product(a.low, b.low)
        : new UInt256(a.ToBigInteger() * b.ToBigInteger());

    public static UInt256 operator /(UInt256 a, UInt256 b) => a.high == 0 && b.high == 0
        ? new UInt256(0, a.low / b.low)
        : new UInt256(a.ToBigInteger() / b.ToBigInteger());

    public static UInt256 operator %(UInt256 a, UInt256 b) => a.high == 0 && b.high == 0
        ? new UInt256(0, a.low % b.low)
        : new UInt256(a.ToBigInteger() % b.ToBigInteger());

    public static bool operator ==(UInt256 a, UInt256 b) => a.Equals(b);

    public static bool operator !=(UInt256 a, UInt256 b) => !a.Equals(b);

    public static bool operator <(UInt256 a, UInt256 b) => a.high == b.high ? a.low < b.low : a.high < b.high;

    public static bool operator >(UInt256 a, UInt256 b) => b < a;

    public static bool operator <=(UInt256 a, UInt256 b) => !(b < a);

    public static bool operator >=(UInt256 a, UInt256 b) => !(a < b);

    private static OverflowException OutOfRange() => new("The result is outside the range of a 256-bit unsigned integer.");

    // (a1·2^64 + a0)(b1·2^64 + b0): four products of 64 bits; the middle ones are added where they overlap.
    private static UInt256 Product(UInt128 a, UInt128 b)
    {
        unchecked
        {
            var (a1, a0, b1, b0) = ((ulong)(a >> 64), (ulong)a, (ulong)(b >> 64), (ulong)b);
            var low = Math.BigMul(a0, b0);
            if (a1 == 0 && b1 == 0)
                return new UInt256(0, low);
            var (left, right) = (Math.BigMul(a1, b0), Math.BigMul(a0, b1));
            var middle = (low >> 64) + (ulong)left + (ulong)right;
            var high = Math.BigMul(a1, b1) + (left >> 64) + (right >> 64) + (middle >> 64);
            return new UInt256(high, (middle << 64) | (ulong)low);
        }
    }
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

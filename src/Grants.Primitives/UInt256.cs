using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;
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

    // Digits of 64 bits, the least significant first: the compiler keeps four of them in registers.
    private readonly ulong d0;
    private readonly ulong d1;
    private readonly ulong d2;
    private readonly ulong d3;

    /// <summary>Takes a value in [0, 2^256).</summary>
    /// <exception cref="OverflowException">Outside the range.</exception>
    public UInt256(BigInteger value)
    {
        if (value.Sign < 0 || value >= Ceiling)
            throw OutOfRange();
        this = new UInt256((UInt128)(value >> 128), (UInt128)(value & UInt128.MaxValue));
    }

    private UInt256(UInt128 high, UInt128 low)
        : this(unchecked((ulong)low), (ulong)(low >> 64), unchecked((ulong)high), (ulong)(high >> 64))
    {
    }

    private UInt256(ulong d0, ulong d1, ulong d2, ulong d3) => (this.d0, this.d1, this.d2, this.d3) = (d0, d1, d2, d3);

    public static UInt256 Zero => default;

    public static UInt256 One => 1;

    /// <summary>2^256 - 1.</summary>
    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    public bool IsZero => (d0 | d1 | d2 | d3) == 0;

    private UInt128 High => new(d3, d2);

    private UInt128 Low => new(d1, d0);

    // Whether it is below 2^128.
    private bool IsHalf => (d2 | d3) == 0;

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
        if (a.IsHalf && b.IsHalf && c.IsHalf)
        {
            var product = Product(a, b);
            if (product.IsHalf)
                return new UInt256(0, product.Low / c.Low);
            if (product.High < c.Low)
                return new UInt256(0, LongDivision.Quotient(product.High, product.Low, c.Low));
        }

        return new UInt256(a.ToBigInteger() * b.ToBigInteger() / c.ToBigInteger());
    }

    public static UInt256 Min(UInt256 a, UInt256 b) => a <= b ? a : b;

    public static UInt256 Max(UInt256 a, UInt256 b) => a >= b ? a : b;

    /// <summary>a - b, or zero where b is larger.</summary>
    public static UInt256 SubtractToZero(UInt256 a, UInt256 b) => a <= b ? Zero : a - b;

    public BigInteger ToBigInteger() => IsHalf ? Low : ((BigInteger)High << 128) | Low;

    /// <summary>Writes 32 bytes, most significant first.</summary>
    public void CopyTo(Span<byte> destination)
    {
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination, High);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt128BigEndian(destination[16..], Low);
    }

    /// <summary>32 bytes, most significant first.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[32];
        CopyTo(bytes);
        return bytes;
    }

    public bool Equals(UInt256 other) => d0 == other.d0 && d1 == other.d1 && d2 == other.d2 && d3 == other.d3;

    public override bool Equals(object? obj) => obj is UInt256 other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(d0, d1, d2, d3);

    public int CompareTo(UInt256 other) => this < other ? -1 : Equals(other) ? 0 : 1;

    /// <summary>Decimal digits.</summary>
    public override string ToString() => IsHalf
        ? Low.ToString(CultureInfo.InvariantCulture)
        : ToBigInteger().ToString(CultureInfo.InvariantCulture);

    public static implicit operator UInt256(ulong number) => new(number, 0, 0, 0);

    public static explicit operator UInt256(long number) => number < 0 ? throw OutOfRange() : (ulong)number;

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator ulong(UInt256 number) =>
        (number.d1 | number.d2 | number.d3) == 0 ? number.d0 : throw OutOfRange();

    /// <summary>Throws where the value does not fit.</summary>
    public static explicit operator long(UInt256 number) => checked((long)(ulong)number);

    public static UInt256 operator +(UInt256 a, UInt256 b)
    {
        var carry = 0UL;
        var sum = new UInt256(
            Add(a.d0, b.d0, ref carry), Add(a.d1, b.d1, ref carry), Add(a.d2, b.d2, ref carry), Add(a.d3, b.d3, ref carry));
        return carry == 0 ? sum : throw OutOfRange();
    }

    public static UInt256 operator -(UInt256 a, UInt256 b)
    {
        var borrow = 0UL;
        var difference = new UInt256(
            Subtract(a.d0, b.d0, ref borrow),
            Subtract(a.d1, b.d1, ref borrow),
            Subtract(a.d2, b.d2, ref borrow),
            Subtract(a.d3, b.d3, ref borrow));
        return borrow == 0 ? difference : throw OutOfRange();
    }

    public static UInt256 operator *(UInt256 a, UInt256 b) => a.IsHalf && b.IsHalf
        ? Product(a, b)
        : new UInt256(a.ToBigInteger() * b.ToBigInteger());

    public static UInt256 operator /(UInt256 a, UInt256 b) => a.IsHalf && b.IsHalf
        ? new UInt256(0, a.Low / b.Low)
        : new UInt256(a.ToBigInteger() / b.ToBigInteger());

    public static UInt256 operator %(UInt256 a, UInt256 b) => a.IsHalf && b.IsHalf
        ? new UInt256(0, a.Low % b.Low)
        : new UInt256(a.ToBigInteger() % b.ToBigInteger());

    public static bool operator ==(UInt256 a, UInt256 b) => a.Equals(b);

    public static bool operator !=(UInt256 a, UInt256 b) => !a.Equals(b);

    public static bool operator <(UInt256 a, UInt256 b)
    {
        if (a.d3 != b.d3)
            return a.d3 < b.d3;
        if (a.d2 != b.d2)
            return a.d2 < b.d2;
        return a.d1 == b.d1 ? a.d0 < b.d0 : a.d1 < b.d1;
    }

    public static bool operator >(UInt256 a, UInt256 b) => b < a;

    public static bool operator <=(UInt256 a, UInt256 b) => !(b < a);

    public static bool operator >=(UInt256 a, UInt256 b) => !(a < b);

    private static OverflowException OutOfRange() => new("The result is outside the range of a 256-bit unsigned integer.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Add(ulong a, ulong b, ref ulong carry)
    {
        unchecked
        {
            var sum = a + b;
            var all = sum + carry;
            carry = (sum < a ? 1UL : 0UL) | (all < sum ? 1UL : 0UL);
            return all;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Subtract(ulong a, ulong b, ref ulong borrow)
    {
        unchecked
        {
            var difference = a - b;
            var all = difference - borrow;
            borrow = (a < b ? 1UL : 0UL) | (difference < borrow ? 1UL : 0UL);
            return all;
        }
    }

    // (a1·2^64 + a0)(b1·2^64 + b0) of numbers below 2^128: four products of 64 bits, added where they overlap.
    private static UInt256 Product(UInt256 a, UInt256 b)
    {
        var upper = Math.BigMul(a.d0, b.d0, out var d0);
        if ((a.d1 | b.d1) == 0)
            return new UInt256(d0, upper, 0, 0);
        var left = Math.BigMul(a.d1, b.d0, out var leftLow);
        var carry = 0UL;
        var d1 = Add(upper, leftLow, ref carry);
        if (b.d1 == 0)
            return new UInt256(d0, d1, left + carry, 0);
        var right = Math.BigMul(a.d0, b.d1, out var rightLow);
        var top = Math.BigMul(a.d1, b.d1, out var topLow);
        var more = 0UL;
        d1 = Add(d1, rightLow, ref more);
        var d2 = Add(left, right, ref carry);
        d2 = Add(d2, topLow, ref more);
        return new UInt256(d0, d1, d2, top + carry + more);
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

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Primitives;

/// <summary>An exact fraction of two integers in lowest terms, the denominator above zero. Written as <c>n</c> or <c>n/d</c>.</summary>
[JsonConverter(typeof(RationalJsonConverter))]
public readonly record struct Rational : IComparable<Rational>
{
    private readonly BigInteger denominatorLessOne; // so that default is zero

    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException("A fraction has no denominator of zero.");
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        denominatorLessOne = (denominator / divisor) - 1;
    }

    public static Rational Zero => default;

    public BigInteger Numerator { get; }

    public BigInteger Denominator => denominatorLessOne + 1;

    public bool IsZero => Numerator.IsZero;

    /// <summary>Reads what <see cref="ToString"/> writes: <c>n</c> or <c>n/d</c> in lowest terms.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Rational parsed)
    {
        parsed = default;
        if (text is not { Length: > 0 and <= 1_000 })
            return false;
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var (top, bottom) = slash < 0 ? (text, "1") : (text[..slash], text[(slash + 1)..]);
        if (!BigInteger.TryParse(top, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var numerator)
            || !BigInteger.TryParse(bottom, NumberStyles.None, CultureInfo.InvariantCulture, out var denominator)
            || denominator.IsZero)
            return false;
        parsed = new Rational(numerator, denominator);
        return parsed.ToString() == text;
    }

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    public override string ToString() => Denominator.IsOne
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    public static implicit operator Rational(UInt256 number) => new(number.ToBigInteger(), 1);

    public static implicit operator Rational(BigInteger number) => new(number, 1);

    public static Rational operator +(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) =>
        new((a.Numerator * b.Denominator) - (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <exception cref="DivideByZeroException">The divisor is zero.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational left, Rational right) => left.CompareTo(right) < 0;

    public static bool operator >(Rational left, Rational right) => left.CompareTo(right) > 0;

    public static bool operator <=(Rational left, Rational right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Rational left, Rational right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes a <see cref="Rational"/> as a string, so that no reader can round it.</summary>
public sealed class RationalJsonConverter : JsonConverter<Rational>
{
    public override Rational Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Rational.TryParse(reader.GetString(), out var value) ? value : throw new JsonException("Expected n or n/d in lowest terms.");

    public override void Write(Utf8JsonWriter writer, Rational value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}

using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Primitives;

/// <summary>A share in hundredths of a percent, 0 to 10,000.</summary>
[JsonConverter(typeof(BasisPointsJsonConverter))]
public readonly record struct BasisPoints : IComparable<BasisPoints>
{
    /// <summary>The whole.</summary>
    public const int Whole = 10_000;

    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 10,000.</exception>
    public BasisPoints(int value)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(value);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Whole);
        Value = value;
    }

    public int Value { get; }

    /// <summary>⌊part·10,000/whole⌋, at most 10,000; zero of zero is zero.</summary>
    public static BasisPoints Of(UInt256 part, UInt256 whole)
    {
        if (whole.IsZero)
            return default;
        var share = UInt256.MulDiv(part, Whole, whole);
        return new BasisPoints(share >= Whole ? Whole : (int)(ulong)share);
    }

    /// <summary>⌊amount·value/10,000⌋.</summary>
    public UInt256 OfAmount(UInt256 amount) => Value == Whole ? amount : UInt256.MulDiv(amount, (ulong)Value, Whole);

    public int CompareTo(BasisPoints other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value} bps";

    public static bool operator <(BasisPoints left, BasisPoints right) => left.Value < right.Value;

    public static bool operator >(BasisPoints left, BasisPoints right) => left.Value > right.Value;

    public static bool operator <=(BasisPoints left, BasisPoints right) => left.Value <= right.Value;

    public static bool operator >=(BasisPoints left, BasisPoints right) => left.Value >= right.Value;
}

/// <summary>Writes <see cref="BasisPoints"/> as a plain number.</summary>
public sealed class BasisPointsJsonConverter : JsonConverter<BasisPoints>
{
    public override BasisPoints Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TryGetInt32(out var value) && value is >= 0 and <= BasisPoints.Whole
            ? new BasisPoints(value)
            : throw new JsonException("Expected basis points, 0 to 10000.");

    public override void Write(Utf8JsonWriter writer, BasisPoints value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value.Value);
}

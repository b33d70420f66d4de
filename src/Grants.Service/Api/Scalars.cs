using System.Globalization;
using Grants.Primitives;
using GraphQL.Types;
using GraphQLParser.AST;

namespace Grants.Service.Api;

/// <summary>A scalar that is text in GraphQL and a value of ours in C#. What does not parse is refused with the reason.</summary>
public abstract class TextScalar<T> : ScalarGraphType
    where T : struct
{
    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLStringValue text => Read(text.Value.ToString()),
        _ => throw new FormatException($"{Name} is written as a string."),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        T parsed => parsed,
        string text => Read(text),
        _ => throw new FormatException($"{Name} is written as a string."),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        T typed => Write(typed),
        _ => ThrowSerializationError(value),
    };

    /// <exception cref="FormatException">The text is no such value; the message says why.</exception>
    protected abstract T Read(string text);

    protected virtual string Write(T value) => value.ToString()!;
}

public sealed class AddressScalar : TextScalar<Address>
{
    public AddressScalar()
    {
        Name = "Address";
        Description = "An account: 0x and 40 hexadecimal digits. Checksummed (EIP-55) in answers; in input all lower case or with a "
            + "right checksum.";
    }

    protected override Address Read(string text) => Address.Parse(text);
}

public sealed class Bytes32Scalar : TextScalar<Hash32>
{
    public Bytes32Scalar()
    {
        Name = "Bytes32";
        Description = "32 bytes: 0x and 64 hexadecimal digits.";
    }

    protected override Hash32 Read(string text) => Hash32.Parse(text);
}

public sealed class UInt256Scalar : TextScalar<UInt256>
{
    public UInt256Scalar()
    {
        Name = "UInt256";
        Description = "A whole number from 0 to 2^256 - 1, as a decimal string. Amounts are in base units of their token.";
    }

    protected override UInt256 Read(string text) => UInt256.Parse(text);
}

public sealed class DateTimeScalar : TextScalar<DateTimeOffset>
{
    public DateTimeScalar()
    {
        Name = "DateTime";
        Description = "An instant in UTC, as in 2026-01-31T12:00:00.000Z (RFC 3339).";
    }

    protected override DateTimeOffset Read(string text) => DateTimeOffset.TryParse(
        text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var parsed)
            ? parsed
            : throw new FormatException("Expected an instant as in 2026-01-31T12:00:00Z.");

    protected override string Write(DateTimeOffset value) => TextOf(value);

    /// <summary>An instant as the API writes it, to the millisecond.</summary>
    public static string TextOf(DateTimeOffset value) =>
        value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

public sealed class BasisPointsScalar : ScalarGraphType
{
    public BasisPointsScalar()
    {
        Name = "BasisPoints";
        Description = "A share in hundredths of a percent, 0 to 10000.";
    }

    public override object? ParseLiteral(GraphQLValue value) => value switch
    {
        GraphQLNullValue => null,
        GraphQLIntValue number when int.TryParse(number.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed) =>
            Read(parsed),
        _ => throw new FormatException("Expected basis points: a whole number from 0 to 10000."),
    };

    public override object? ParseValue(object? value) => value switch
    {
        null => null,
        BasisPoints parsed => parsed,
        int number => Read(number),
        _ => throw new FormatException("Expected basis points: a whole number from 0 to 10000."),
    };

    public override object? Serialize(object? value) => value switch
    {
        null => null,
        BasisPoints typed => typed.Value,
        _ => ThrowSerializationError(value),
    };

    private static BasisPoints Read(int number) => number is >= 0 and <= BasisPoints.Whole
        ? new BasisPoints(number)
        : throw new FormatException("Expected basis points: a whole number from 0 to 10000.");
}

using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Primitives;

/// <summary>A 20-byte account address, written with the checksum of EIP-55. The default value is the zero address.</summary>
[JsonConverter(typeof(AddressJsonConverter))]
public readonly struct Address : IEquatable<Address>, IComparable<Address>
{
    /// <summary>The number of bytes.</summary>
    public const int Length = 20;

    private readonly UInt128 high;
    private readonly uint low;

    /// <summary>Takes 20 bytes.</summary>
    /// <exception cref="ArgumentException">Not 20 bytes.</exception>
    public Address(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
            throw new ArgumentException($"Expected {Length} bytes, found {bytes.Length}.", nameof(bytes));
        high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        low = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>The zero address: nobody. Refused wherever somebody is meant.</summary>
    public static Address Zero => default;

    /// <summary>Whether this is the zero address.</summary>
    public bool IsZero => this == default;

    /// <summary>
    /// Strict reading: <c>0x</c> and 40 digits, either all lower case or with the checksum of EIP-55.
    /// </summary>
    /// <exception cref="FormatException">Another shape, or mixed case whose checksum is wrong.</exception>
    public static Address Parse(string text)
    {
        if (TryParse(text, out var address))
            return address;
        throw new FormatException(TryParseLenient(text, out var other)
            ? $"The checksum of the address is wrong; if it is really this account, write {other}."
            : "An address is 0x and 40 hexadecimal digits.");
    }

    /// <summary>Reads as <see cref="Parse"/> does, without throwing.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address) =>
        TryParseLenient(text, out address)
        && (text!.AsSpan(2).IndexOfAnyInRange('A', 'F') < 0 || text == address.ToString());

    /// <summary>Lenient reading: <c>0x</c> and 40 digits of any case. For the answers of nodes, never for people's input.</summary>
    public static bool TryParseLenient([NotNullWhen(true)] string? text, out Address address)
    {
        var ok = Hex.TryParse(text, out var bytes) && bytes.Length == Length;
        address = ok ? new Address(bytes) : default;
        return ok;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, high);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], low);
    }

    /// <summary>The 20 bytes.</summary>
    public byte[] ToBytes()
    {
        var bytes = new byte[Length];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Address other) => high == other.high && low == other.low;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Address other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(high, low);

    /// <summary>Orders as the bytes do.</summary>
    public int CompareTo(Address other) => high == other.high ? low.CompareTo(other.low) : high.CompareTo(other.high);

    /// <summary>The checksummed text of EIP-55.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        CopyTo(bytes);
        Span<char> text = stackalloc char[2 + (Length * 2)];
        text[0] = '0';
        text[1] = 'x';
        Convert.TryToHexStringLower(bytes, text[2..], out _);
        Span<byte> ascii = stackalloc byte[Length * 2];
        for (var i = 0; i < ascii.Length; i++)
            ascii[i] = (byte)text[i + 2];
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(ascii, hash);
        for (var i = 0; i < ascii.Length; i++)
        {
            var nibble = i % 2 == 0 ? hash[i / 2] >> 4 : hash[i / 2] & 0xf;
            if (nibble >= 8)
                text[i + 2] = char.ToUpperInvariant(text[i + 2]);
        }

        return new string(text);
    }

    public static bool operator ==(Address left, Address right) => left.Equals(right);

    public static bool operator !=(Address left, Address right) => !left.Equals(right);

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}

/// <summary>Writes an <see cref="Address"/> as its checksummed text and reads it strictly.</summary>
public sealed class AddressJsonConverter : JsonConverter<Address>
{
    public override Address Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Address.TryParse(reader.GetString(), out var value)
            ? value
            : throw new JsonException("Expected an address: 0x and 40 hexadecimal digits with a right checksum.");

    public override void Write(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());

    public override Address ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, typeToConvert, options);

    public override void WriteAsPropertyName(Utf8JsonWriter writer, Address value, JsonSerializerOptions options) =>
        writer.WritePropertyName(value.ToString());
}

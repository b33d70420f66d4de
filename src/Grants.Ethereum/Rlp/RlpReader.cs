using System.Buffers.Binary;
using Grants.Primitives;

namespace Grants.Ethereum.Rlp;

/// <summary>
/// Reads the items of a list in recursive length prefix encoding (Yellow Paper, appendix B). Only the canonical encoding is
/// accepted, so that equal content has equal bytes; nothing is allocated on the word of a length.
/// </summary>
public ref struct RlpReader
{
    private const byte ShortText = 0x80;
    private const byte LongText = 0xb7;
    private const byte ShortList = 0xc0;
    private const byte LongList = 0xf7;
    private const int LongestShort = 55;

    private ReadOnlySpan<byte> rest;

    private RlpReader(ReadOnlySpan<byte> rest) => this.rest = rest;

    /// <summary>Whether every item of the list has been read.</summary>
    public readonly bool AtEnd => rest.IsEmpty;

    /// <summary>Opens a list that takes all of the bytes.</summary>
    /// <exception cref="RlpException">Not exactly one list.</exception>
    public static RlpReader List(ReadOnlySpan<byte> bytes)
    {
        var outer = new RlpReader(bytes);
        var list = outer.ReadList();
        outer.ExpectEnd();
        return list;
    }

    /// <summary>Opens items that no list contains.</summary>
    public static RlpReader Items(ReadOnlySpan<byte> bytes) => new(bytes);

    /// <summary>The next item, whatever it is, with its prefix. What is inside a list is not looked at.</summary>
    /// <exception cref="RlpException">The next item is not canonical or is missing.</exception>
    public ReadOnlySpan<byte> ReadEncoded(out bool isList)
    {
        var start = rest;
        Take(out isList);
        return start[..(start.Length - rest.Length)];
    }

    /// <summary>The bytes of the next item.</summary>
    /// <exception cref="RlpException">The next item is a list, is not canonical or is missing.</exception>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var bytes = Take(out var isList);
        return isList ? throw new RlpException("Expected bytes, found a list.") : bytes;
    }

    /// <summary>The items of the next item, a list.</summary>
    /// <exception cref="RlpException">The next item is not a list, is not canonical or is missing.</exception>
    public RlpReader ReadList()
    {
        var items = Take(out var isList);
        return isList ? new RlpReader(items) : throw new RlpException("Expected a list, found bytes.");
    }

    /// <summary>The next item as an integer without leading zeros; zero is empty.</summary>
    /// <exception cref="RlpException">Leading zeros, or above 2^256 - 1.</exception>
    public UInt256 ReadUInt256() => UInt256.FromBytes(Digits(32));

    /// <summary>The next item as an integer without leading zeros; zero is empty.</summary>
    /// <exception cref="RlpException">Leading zeros, or above 2^63 - 1.</exception>
    public long ReadLong()
    {
        Span<byte> number = stackalloc byte[8];
        number.Clear();
        var digits = Digits(8);
        digits.CopyTo(number[(8 - digits.Length)..]);
        return number[0] <= 0x7f ? BinaryPrimitives.ReadInt64BigEndian(number) : throw new RlpException("An integer is too large.");
    }

    /// <summary>The next item as 20 bytes.</summary>
    /// <exception cref="RlpException">Not 20 bytes.</exception>
    public Address ReadAddress() => ReadOptionalAddress() ?? throw new RlpException("An address is missing.");

    /// <summary>Nothing, or 20 bytes.</summary>
    /// <exception cref="RlpException">Another length.</exception>
    public Address? ReadOptionalAddress()
    {
        var bytes = ReadBytes();
        return bytes.Length switch
        {
            0 => null,
            Address.Length => new Address(bytes),
            _ => throw new RlpException($"An address has {Address.Length} bytes, not {bytes.Length}."),
        };
    }

    /// <summary>The next item as 32 bytes.</summary>
    /// <exception cref="RlpException">Not 32 bytes.</exception>
    public Hash32 ReadHash()
    {
        var bytes = ReadBytes();
        return bytes.Length == Hash32.Length
            ? new Hash32(bytes)
            : throw new RlpException($"A hash has {Hash32.Length} bytes, not {bytes.Length}.");
    }

    /// <summary>Checks that every item has been read.</summary>
    /// <exception cref="RlpException">Something follows.</exception>
    public readonly void ExpectEnd()
    {
        if (!AtEnd)
            throw new RlpException($"{rest.Length} bytes follow where the end is expected.");
    }

    private ReadOnlySpan<byte> Digits(int most)
    {
        var digits = ReadBytes();
        if (digits.Length > 0 && digits[0] == 0)
            throw new RlpException("An integer has a leading zero.");
        return digits.Length <= most ? digits : throw new RlpException("An integer is too large.");
    }

    private ReadOnlySpan<byte> Take(out bool isList)
    {
        if (rest.IsEmpty)
            throw new RlpException("An item is missing.");
        var prefix = rest[0];
        isList = prefix >= ShortList;
        if (prefix < ShortText)
            return Cut(0, 1);
        var (shortPrefix, longPrefix) = isList ? (ShortList, LongList) : (ShortText, LongText);
        var content = prefix <= longPrefix ? Cut(1, prefix - shortPrefix) : Long(prefix - longPrefix);
        return isList || content.Length != 1 || content[0] >= ShortText
            ? content
            : throw new RlpException("A single byte has a needless prefix.");
    }

    private ReadOnlySpan<byte> Long(int lengthDigits)
    {
        if (lengthDigits >= rest.Length)
            throw new RlpException("An item is cut off.");
        if (rest[1] == 0)
            throw new RlpException("A length has a leading zero.");
        var length = 0L;
        foreach (var digit in rest[1..(1 + lengthDigits)])
        {
            length = (length << 8) | digit;
            if (length > rest.Length)
                throw new RlpException("An item is cut off.");
        }

        return length > LongestShort ? Cut(1 + lengthDigits, length) : throw new RlpException("A short item has a long prefix.");
    }

    private ReadOnlySpan<byte> Cut(int start, long length)
    {
        if (length > rest.Length - start)
            throw new RlpException("An item is cut off.");
        var item = rest.Slice(start, (int)length);
        rest = rest[(start + (int)length)..];
        return item;
    }
}

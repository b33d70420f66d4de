using System.Buffers;
using System.Buffers.Binary;
using Grants.Primitives;

namespace Grants.Ethereum.Rlp;

/// <summary>Writes the items of a list in recursive length prefix encoding, as the Ethereum Yellow Paper has it in appendix B.</summary>
public sealed class RlpWriter
{
    private const byte ShortText = 0x80;
    private const byte ShortList = 0xc0;
    private const int LongestShort = 55;

    private readonly ArrayBufferWriter<byte> items = new();

    /// <summary>Bytes, in the shortest of their forms.</summary>
    public RlpWriter Write(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != 1 || bytes[0] >= ShortText)
            WritePrefix(items, ShortText, bytes.Length);
        items.Write(bytes);
        return this;
    }

    /// <summary>Integers have no leading zeros; zero is empty.</summary>
    public RlpWriter Write(UInt256 number)
    {
        Span<byte> bytes = stackalloc byte[32];
        number.CopyTo(bytes);
        return Write(bytes.TrimStart((byte)0));
    }

    /// <summary>Integers have no leading zeros; zero is empty.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A negative number.</exception>
    public RlpWriter Write(long number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        return Write(bytes.TrimStart((byte)0));
    }

    /// <summary>The 20 bytes of an address; nothing where there is none.</summary>
    public RlpWriter Write(Address? address)
    {
        Span<byte> bytes = stackalloc byte[Address.Length];
        address?.CopyTo(bytes);
        return Write(address is null ? [] : bytes);
    }

    /// <summary>The 32 bytes, leading zeros included.</summary>
    public RlpWriter Write(Hash32 hash)
    {
        Span<byte> bytes = stackalloc byte[Hash32.Length];
        hash.CopyTo(bytes);
        return Write(bytes);
    }

    /// <summary>Writes the other's items as a list inside this one.</summary>
    public RlpWriter Write(RlpWriter list)
    {
        WritePrefix(items, ShortList, list.items.WrittenCount);
        items.Write(list.items.WrittenSpan);
        return this;
    }

    /// <summary>Takes one item that is encoded already.</summary>
    public RlpWriter WriteEncoded(ReadOnlySpan<byte> item)
    {
        items.Write(item);
        return this;
    }

    /// <summary>Forgets the items, so that the writer can be used for others.</summary>
    public void Clear() => items.ResetWrittenCount();

    /// <summary>The items, not in a list.</summary>
    public byte[] ToItems() => items.WrittenSpan.ToArray();

    /// <summary>The items as a list, after <paramref name="envelope"/>: nothing, or the type of an EIP-2718 transaction.</summary>
    public byte[] ToList(params ReadOnlySpan<byte> envelope)
    {
        var list = new ArrayBufferWriter<byte>(envelope.Length + 9 + items.WrittenCount);
        list.Write(envelope);
        WritePrefix(list, ShortList, items.WrittenCount);
        list.Write(items.WrittenSpan);
        return list.WrittenSpan.ToArray();
    }

    private static void WritePrefix(ArrayBufferWriter<byte> output, byte shortPrefix, int length)
    {
        Span<byte> prefix = stackalloc byte[5];
        if (length <= LongestShort)
        {
            output.Write([(byte)(shortPrefix + length)]);
            return;
        }

        BinaryPrimitives.WriteInt32BigEndian(prefix[1..], length);
        var digits = prefix[1..].TrimStart((byte)0);
        output.Write([(byte)(shortPrefix + LongestShort + digits.Length)]);
        output.Write(digits);
    }
}

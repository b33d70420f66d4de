using System.Collections;
using System.Numerics;
using Grants.Primitives;

namespace Grants.Ethereum.Abi;

/// <summary>Values that take one word: 32 bytes, numbers to the right, bytes to the left.</summary>
internal static class AbiWord
{
    public const int Length = 32;

    public static void Write(AbiType type, object value, Span<byte> word)
    {
        word.Clear();
        switch (type.Kind)
        {
            case AbiKind.UInt:
                Unsigned(type, value).CopyTo(word);
                break;
            case AbiKind.Int:
                WriteSigned(Signed(type, value), word);
                break;
            case AbiKind.Address when value is Address address:
                address.CopyTo(word[12..]);
                break;
            case AbiKind.Bool when value is bool flag:
                word[31] = flag ? (byte)1 : (byte)0;
                break;
            case AbiKind.FixedBytes when value is Hash32 hash && type.Size == Hash32.Length:
                hash.CopyTo(word);
                break;
            case AbiKind.FixedBytes when value is byte[] bytes && bytes.Length == type.Size:
                bytes.CopyTo(word);
                break;
            default:
                throw Unfit(type, value);
        }
    }

    /// <summary>False where bits that the type does not have are set.</summary>
    public static bool TryRead(AbiType type, ReadOnlySpan<byte> word, out object value)
    {
        value = type.Kind switch
        {
            AbiKind.UInt => UInt256.FromBytes(word),
            AbiKind.Int => new BigInteger(word, isUnsigned: false, isBigEndian: true),
            AbiKind.Address => new Address(word[12..]),
            AbiKind.Bool => word[31] == 1,
            _ when type.Size == Hash32.Length => new Hash32(word),
            _ => word[..type.Size].ToArray(),
        };
        return type.Kind switch
        {
            AbiKind.UInt => IsZero(word[..(Length - (type.Size / 8))]),
            AbiKind.Int => ((BigInteger)value).GetBitLength() < type.Size,
            AbiKind.Address => IsZero(word[..12]),
            AbiKind.Bool => IsZero(word[..31]) && word[31] <= 1,
            _ => IsZero(word[type.Size..]),
        };
    }

    /// <summary>Reads a length or an offset. False where it is above <paramref name="most"/>.</summary>
    public static bool TryReadSize(ReadOnlySpan<byte> word, int most, out int size)
    {
        size = System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(word[28..]);
        return IsZero(word[..28]) && size >= 0 && size <= most;
    }

    public static AbiException Unfit(AbiType type, object? value) => new(value switch
    {
        null => $"A value of type {type.Name} is missing.",
        byte[] bytes => $"{bytes.Length} bytes are not a value of type {type.Name}.",
        ICollection items => $"{items.Count} items are not a value of type {type.Name}.",
        _ => $"{value} ({value.GetType().Name}) is not a value of type {type.Name}.",
    });

    private static bool IsZero(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    private static UInt256 Unsigned(AbiType type, object value)
    {
        var number = value switch
        {
            UInt256 amount => amount.ToBigInteger(),
            _ => Integer(type, value),
        };
        return number.Sign >= 0 && number.GetBitLength() <= type.Size ? new UInt256(number) : throw Unfit(type, value);
    }

    private static BigInteger Signed(AbiType type, object value)
    {
        var number = Integer(type, value);
        return number.GetBitLength() < type.Size ? number : throw Unfit(type, value);
    }

    private static BigInteger Integer(AbiType type, object value) => value switch
    {
        BigInteger number => number,
        int number => number,
        uint number => number,
        long number => number,
        ulong number => number,
        _ => throw Unfit(type, value),
    };

    private static void WriteSigned(BigInteger number, Span<byte> word)
    {
        if (number.Sign < 0)
            word.Fill(0xff);
        number.TryWriteBytes(word[(Length - number.GetByteCount())..], out _, isUnsigned: false, isBigEndian: true);
    }
}

using System.Collections;
using System.Text;

namespace Grants.Ethereum.Abi;

/// <summary>Writes sequences of values: first the heads, then the tails that dynamic values have.</summary>
internal sealed class AbiWriter(int prefix)
{
    internal static readonly UTF8Encoding StrictText = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private byte[] buffer = new byte[Math.Max(prefix, 256)];
    private int length = prefix;

    /// <summary>The values of a tuple after <paramref name="selector"/>.</summary>
    public static byte[] Write(ReadOnlySpan<byte> selector, AbiType tuple, IList values)
    {
        var writer = new AbiWriter(selector.Length);
        selector.CopyTo(writer.buffer);
        writer.Sequence(tuple, values);
        return writer.buffer[..writer.length];
    }

    private void Sequence(AbiType shape, IList values)
    {
        var start = Reserve(shape.SequenceSize(values.Count));
        var at = start;
        for (var i = 0; i < values.Count; i++)
        {
            var (type, value) = (shape.At(i), values[i] ?? throw AbiWord.Unfit(shape.At(i), null));
            if (type.IsDynamic)
            {
                Number(at, length - start);
                Tail(type, value);
            }
            else
            {
                Static(type, value, at);
            }

            at += type.HeadSize;
        }
    }

    private void Static(AbiType type, object value, int at)
    {
        if (type.IsWord)
        {
            AbiWord.Write(type, value, buffer.AsSpan(at, AbiWord.Length));
            return;
        }

        var items = Items(type, value);
        for (var i = 0; i < items.Count; i++)
        {
            var element = type.At(i);
            Static(element, items[i] ?? throw AbiWord.Unfit(element, null), at);
            at += element.HeadSize;
        }
    }

    private void Tail(AbiType type, object value)
    {
        switch (type.Kind)
        {
            case AbiKind.Bytes:
                Bytes(value as byte[] ?? throw AbiWord.Unfit(type, value));
                break;
            case AbiKind.String:
                Bytes(Utf8(value as string ?? throw AbiWord.Unfit(type, value)));
                break;
            default:
                var items = Items(type, value);
                if (type.Kind == AbiKind.Array && type.Size == AbiType.AnyLength)
                    Number(Reserve(AbiWord.Length), items.Count);
                Sequence(type, items);
                break;
        }
    }

    internal static byte[] Utf8(string text)
    {
        try
        {
            return StrictText.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw new AbiException("The text has half of a surrogate pair.");
        }
    }

    private static IList Items(AbiType type, object value) =>
        value is IList items && (type.Size == AbiType.AnyLength || items.Count == type.Size)
            ? items
            : throw AbiWord.Unfit(type, value);

    private void Bytes(byte[] bytes)
    {
        Number(Reserve(AbiWord.Length), bytes.Length);
        var at = Reserve((bytes.Length + 31) / 32 * 32);
        bytes.CopyTo(buffer, at);
    }

    private void Number(int at, int number) =>
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(at + 28), number);

    private int Reserve(int size)
    {
        var at = length;
        length += size;
        if (length > buffer.Length)
            Array.Resize(ref buffer, Math.Max(length, buffer.Length * 2));
        return at;
    }
}

using System.Text;

namespace Grants.Ethereum.Abi;

/// <summary>
/// Reads values out of data that may be hostile. A length or an offset is believed only as far as the data reaches, and
/// each byte is paid for once: offsets that point to the same place again and again run out of budget.
/// </summary>
internal ref struct AbiReader
{
    private readonly ReadOnlySpan<byte> data;
    private int budget;

    private AbiReader(ReadOnlySpan<byte> data)
    {
        this.data = data;
        budget = data.Length;
    }

    /// <summary>
    /// Reads the values of a tuple. False where the data does not hold them, or, if <paramref name="exact"/>, holds more.
    /// </summary>
    public static bool TryRead(AbiType tuple, ReadOnlySpan<byte> data, bool exact, out object[] values)
    {
        var reader = new AbiReader(data);
        return reader.TrySequence(tuple, tuple.Size, 0, out values)
            && data.Length % AbiWord.Length == 0
            && (!exact || reader.budget == 0);
    }

    private bool TrySequence(AbiType shape, int count, int start, out object[] values)
    {
        values = [];
        var heads = shape.SequenceSize(count);
        if (!TrySpend(start, heads))
            return false;
        values = new object[count];
        var at = start;
        for (var i = 0; i < count; i++)
        {
            var type = shape.At(i);
            if (!(type.IsDynamic ? TryDynamic(type, start, heads, at, out values[i]) : TryStatic(type, at, out values[i])))
                return false;
            at += type.HeadSize;
        }

        return true;
    }

    private readonly bool TryStatic(AbiType type, int at, out object value)
    {
        if (type.IsWord)
            return AbiWord.TryRead(type, data.Slice(at, AbiWord.Length), out value);
        var items = new object[type.Size];
        value = items;
        for (var i = 0; i < items.Length; i++)
        {
            if (!TryStatic(type.At(i), at, out items[i]))
                return false;
            at += type.At(i).HeadSize;
        }

        return true;
    }

    private bool TryDynamic(AbiType type, int start, int heads, int at, out object value)
    {
        value = Array.Empty<object>();
        if (!AbiWord.TryReadSize(data.Slice(at, AbiWord.Length), data.Length - start, out var offset) || offset < heads)
            return false;
        var tail = start + offset;
        if (type.Kind is AbiKind.Bytes or AbiKind.String)
            return TryBytes(type, tail, out value);
        var count = type.Size;
        if (count == AbiType.AnyLength)
        {
            if (!TryLength(tail, type.Element!.HeadSize, out count))
                return false;
            tail += AbiWord.Length;
        }

        var read = TrySequence(type, count, tail, out var items);
        value = items;
        return read;
    }

    private bool TryBytes(AbiType type, int at, out object value)
    {
        value = Array.Empty<object>();
        if (!TryLength(at, 1, out var length) || !TrySpend(at + AbiWord.Length, (length + 31) / 32 * 32))
            return false;
        var bytes = data.Slice(at + AbiWord.Length, length);
        // Contracts do not check text, so bytes that are not UTF-8 become U+FFFD rather than hide the log.
        value = type.Kind == AbiKind.Bytes ? bytes.ToArray() : Encoding.UTF8.GetString(bytes);
        return true;
    }

    private bool TryLength(int at, int elementSize, out int length)
    {
        length = 0;
        return TrySpend(at, AbiWord.Length)
            && AbiWord.TryReadSize(data.Slice(at, AbiWord.Length), (data.Length - at - AbiWord.Length) / elementSize, out length);
    }

    private bool TrySpend(int at, int size)
    {
        if (size > budget || at > data.Length - size)
            return false;
        budget -= size;
        return true;
    }
}

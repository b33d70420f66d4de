using System.Buffers;
using System.Text.Json;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>Reads an item from its start to its end; false where the end is not there yet.</summary>
internal delegate bool ItemReader<T>(ref Utf8JsonReader reader, out T item);

/// <summary>
/// An answer that is a list of objects, read while it arrives: no more of it is held than the part that is not read yet. As strict as
/// the reading of a whole answer: members in any order, none of those that count given twice, nothing after the end.
/// </summary>
internal sealed class ListAnswer<T>(long id, ItemReader<T> tryRead, Func<T, bool> asked)
{
    private const int FirstBuffer = 64 * 1024;

    private readonly List<T> items = [];
    private JsonReaderState state = new(new JsonReaderOptions { MaxDepth = RpcAnswer.DeepestNesting });
    private Place place = Place.Start;
    private Members seen;
    private bool hasItems;
    private RpcErrorException? error;

    private enum Place
    {
        Start,
        Members,
        Items,
        End,
    }

    [Flags]
    private enum Members
    {
        None = 0,
        Version = 1,
        Id = 2,
        Result = 4,
        Error = 8,
    }

    /// <exception cref="RpcErrorException">The node refuses.</exception>
    /// <exception cref="RpcTransportException">The answer is too large.</exception>
    public async Task<IReadOnlyList<T>> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        RpcHttp.RefuseLarge(content.Headers.ContentLength);
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        try
        {
            var (length, total) = (0, 0L);
            while (true)
            {
                var read = await stream.ReadAtLeastAsync(
                    buffer.AsMemory(length), buffer.Length - length, throwOnEndOfStream: false, cancellation);
                length += read;
                total += read;
                RpcHttp.RefuseLarge(total);
                var last = length < buffer.Length;
                var consumed = Feed(buffer.AsSpan(0, length), last);
                if (last)
                    return Finish();
                buffer.AsSpan(consumed..length).CopyTo(buffer);
                length -= consumed;
                // What does not fit is read anew with twice the room, so that the work stays linear.
                if (length > buffer.Length / 2)
                    buffer = Grow(buffer, length);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>Reads as many whole parts as there are and returns their length.</summary>
    private int Feed(ReadOnlySpan<byte> bytes, bool last)
    {
        var reader = new Utf8JsonReader(bytes, last, state);
        var consumed = 0L;
        while (TryStep(ref reader, bytes))
            (consumed, state) = (reader.BytesConsumed, reader.CurrentState);
        return (int)consumed;
    }

    private List<T> Finish()
    {
        if (place != Place.End)
            throw new FormatException("It is cut off.");
        if ((seen & (Members.Version | Members.Id)) != (Members.Version | Members.Id))
            throw new FormatException("It has no version or no id.");
        if (error is not null)
            throw hasItems ? new FormatException("It has both result and error.") : error;
        return hasItems ? items : throw new FormatException("It has no result.");
    }

    /// <summary>One part of the answer; false where it is not all there yet.</summary>
    private bool TryStep(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        if (!reader.Read())
            return false;
        switch (place)
        {
            case Place.Start:
                Expect(ref reader, JsonTokenType.StartObject);
                place = Place.Members;
                return true;
            case Place.Members when reader.TokenType == JsonTokenType.EndObject:
                place = Place.End;
                return true;
            case Place.Members:
                return TryMember(ref reader, bytes);
            case Place.Items when reader.TokenType == JsonTokenType.EndArray:
                place = Place.Members;
                return true;
            default:
                Expect(ref reader, JsonTokenType.StartObject);
                if (!tryRead(ref reader, out var item))
                    return false;
                items.Add(asked(item) ? item : throw new FormatException("It holds something that was not asked for."));
                return true;
        }
    }

    private bool TryMember(ref Utf8JsonReader reader, ReadOnlySpan<byte> bytes)
    {
        var member = reader.ValueTextEquals("jsonrpc"u8) ? Members.Version
            : reader.ValueTextEquals("id"u8) ? Members.Id
            : reader.ValueTextEquals("result"u8) ? Members.Result
            : reader.ValueTextEquals("error"u8) ? Members.Error
            : Members.None;
        if (!reader.Read())
            return false;
        var start = (int)reader.TokenStartIndex;
        // The items are the only value that is read in parts.
        if (member == Members.Result && reader.TokenType == JsonTokenType.StartArray)
            (hasItems, place) = (true, Place.Items);
        else if (!reader.TrySkip())
            return false;
        if ((seen & member) != 0)
            throw new FormatException($"It has two members {member}.");
        seen |= member;
        Check(member, ref reader, bytes[start..(int)reader.BytesConsumed]);
        return true;
    }

    private void Check(Members member, ref Utf8JsonReader reader, ReadOnlySpan<byte> value)
    {
        switch (member)
        {
            case Members.Version when reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("2.0"u8):
                throw new FormatException("It is not of JSON-RPC 2.0.");
            case Members.Id when reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var answered) || answered != id:
                throw new FormatException("It answers another request.");
            case Members.Result when !hasItems && reader.TokenType != JsonTokenType.Null:
                throw new FormatException("Its result is no list.");
            case Members.Error when reader.TokenType != JsonTokenType.Null:
                using (var document = JsonDocument.Parse(value.ToArray(), RpcAnswer.Options))
                    error = RpcAnswer.Error(document.RootElement);
                break;
            default:
                break;
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (reader.TokenType != type)
            throw new FormatException($"It has {reader.TokenType} in place of {type}.");
    }
}

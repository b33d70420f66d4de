using System.Buffers;
using System.Data.Common;
using Weasel.Core;
using Weasel.Storage;
using SystemTextJsonSerializer = Marten.Services.SystemTextJsonSerializer;

namespace Grants.Service.Hosting.States;

/// <summary>The store's serializer, which makes no state a second time from bytes that it has read before.</summary>
public sealed class StateSerializer : SystemTextJsonSerializer, Marten.ISerializer, IStorageSerializer
{
    private readonly KnownStates known = new();

    public StateSerializer() => (EnumStorage, Casing) = (EnumStorage.AsString, Casing.CamelCase);

    T IStorageSerializer.FromJson<T>(DbDataReader reader, int index) => Read<T>(reader, index);

    ValueTask<T> IStorageSerializer.FromJsonAsync<T>(DbDataReader reader, int index, CancellationToken cancellationToken) =>
        KnownStates.Keeps(typeof(T)) ? ValueTask.FromResult(Read<T>(reader, index)) : FromJsonAsync<T>(reader, index, cancellationToken);

    private T Read<T>(DbDataReader reader, int index)
    {
        if (!KnownStates.Keeps(typeof(T)))
            return FromJson<T>(reader, index);
        using var stream = reader.GetStream(index);
        if (!stream.CanSeek || stream.Length > KnownStates.StateBytesMax)
            return FromJson<T>(stream);
        var rented = ArrayPool<byte>.Shared.Rent((int)stream.Length);
        try
        {
            var json = rented.AsMemory(0, (int)stream.Length);
            stream.ReadExactly(json.Span);
            return (T)(object)Find(json, rented, typeof(T));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private object Find(ReadOnlyMemory<byte> json, byte[] rented, Type type)
    {
        if (known.Find(type, json.Span) is { } state)
            return state;
        using var stream = new MemoryStream(rented, 0, json.Length, writable: false);
        var read = FromJson(type, stream);
        known.Add(type, json.Span, read);
        return read;
    }
}

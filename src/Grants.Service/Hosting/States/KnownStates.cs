using System.Collections.Concurrent;
using System.Collections.Frozen;
using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Governors;
using Grants.Domain.Programs;
using Grants.Domain.Proposals;

namespace Grants.Service.Hosting.States;

/// <summary>
/// States that were read before, by their stored JSON: reading a page's documents costs more than everything else about it, and most are
/// what they were. A state is found again by exactly the bytes that the database gives now, so it is never one of before, of another space
/// or of somebody else's sight. Only for types that nothing can change once they are made.
/// </summary>
public sealed class KnownStates(int bytesMax = KnownStates.BytesMax)
{
    /// <summary>All JSON together. Beyond it everything is forgotten, and what is in use comes back by itself.</summary>
    public const int BytesMax = 32 * 1024 * 1024;

    /// <summary>Of one state; larger ones are not kept.</summary>
    public const int StateBytesMax = 64 * 1024;

    private const int SampleBytes = 256;

    private static readonly FrozenSet<Type> Immutable = FrozenSet.ToFrozenSet(
    [
        typeof(Award), typeof(Disbursement), typeof(FundingProgram), typeof(Governor), typeof(GovernorProposal), typeof(Proposal),
    ]);

    private readonly ConcurrentDictionary<(Type, int), Known> known = new();
    private long bytes;

    /// <summary>Whether states of a type are kept at all.</summary>
    public static bool Keeps(Type type) => Immutable.Contains(type);

    /// <summary>The state that was read from these very bytes; null where none is known.</summary>
    public object? Find(Type type, ReadOnlySpan<byte> json) =>
        known.TryGetValue(KeyOf(type, json), out var found) && json.SequenceEqual(found.Json) ? found.State : null;

    public void Add(Type type, ReadOnlySpan<byte> json, object state)
    {
        if (json.Length > StateBytesMax)
            return;
        if (Interlocked.Add(ref bytes, json.Length) > bytesMax)
        {
            known.Clear();
            Interlocked.Exchange(ref bytes, json.Length);
        }

        known[KeyOf(type, json)] = new Known(json.ToArray(), state);
    }

    // A document's id stands near its begin. Where two have the same key, the last one read is kept: the bytes decide.
    private static (Type Type, int Hash) KeyOf(Type type, ReadOnlySpan<byte> json)
    {
        var hash = default(HashCode);
        hash.Add(json.Length);
        hash.AddBytes(json[..Math.Min(json.Length, SampleBytes)]);
        hash.AddBytes(json[^Math.Min(json.Length, SampleBytes)..]);
        return (type, hash.ToHashCode());
    }

    private sealed record Known(byte[] Json, object State);
}

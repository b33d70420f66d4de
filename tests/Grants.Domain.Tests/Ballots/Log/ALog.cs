using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grants.Primitives;

namespace Grants.Domain.Tests.Ballots.Log;

/// <summary>Leaves to make logs of, and the tree as RFC 6962 section 2.1 defines it, by recursion.</summary>
internal static class ALog
{
    public static readonly Hash32[] Leaves = [.. Enumerable.Range(0, 1_000).Select(Leaf)];

    /// <summary>The eight leaves of the reference tests of Certificate Transparency.</summary>
    public static readonly Hash32[] Reference =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }
            .Select(data => new Hash32(SHA256.HashData([0, .. Convert.FromHexString(data)]))),
    ];

    private static readonly ConcurrentDictionary<(int, int), Hash32> Known = [];

    /// <summary>MTH(D[first:end]).</summary>
    public static Hash32 Root(int first, int end)
    {
        if (Known.TryGetValue((first, end), out var known))
            return known;
        var cut = 1;
        while (cut * 2 < end - first)
            cut *= 2;
        return Known[(first, end)] = (end - first) switch
        {
            0 => new Hash32(SHA256.HashData([])),
            1 => Leaves[first],
            _ => new Hash32(SHA256.HashData([1, .. Root(first, first + cut).ToBytes(), .. Root(first + cut, end).ToBytes()])),
        };
    }

    public static Hash32 Root(int size) => Root(0, size);

    public static Hash32[] Hashes(IEnumerable<string> hex) => [.. hex.Select(hash => Hash32.Parse("0x" + hash))];

    public static Hash32 Flipped(Hash32 hash)
    {
        var bytes = hash.ToBytes();
        bytes[17] ^= 1;
        return new Hash32(bytes);
    }

    private static Hash32 Leaf(int index) => new(SHA256.HashData([0, .. BitConverter.GetBytes(index)]));
}

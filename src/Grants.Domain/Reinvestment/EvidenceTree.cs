using System.Collections.Immutable;
using System.Text;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment;

/// <summary>
/// The Merkle tree of RFC 6962 over keccak256 of the ids of flows, in their order: a leaf is keccak256(0x00, UTF-8 of the id),
/// a node keccak256(0x01, left, right), the root of nothing keccak256 of nothing. It keeps only the full subtrees, largest first.
/// </summary>
public sealed record EvidenceTree(long Count, ValueList<Hash32> Peaks)
{
    public static EvidenceTree Empty { get; } = new(0, []);

    public EvidenceTree Add(string flowId)
    {
        var (hash, peaks) = (Keccak256.Hash([0, .. Encoding.UTF8.GetBytes(flowId)]), Peaks.ToImmutableList());
        for (var size = Count; (size & 1) == 1; size >>= 1)
        {
            hash = Node(peaks[^1], hash);
            peaks = peaks.RemoveAt(peaks.Count - 1);
        }

        return new EvidenceTree(Count + 1, [.. peaks, hash]);
    }

    public Hash32 Root() => Count == 0
        ? Keccak256.Hash([])
        : Peaks.Reverse().Aggregate((right, left) => Node(left, right));

    public static Hash32 RootOf(IEnumerable<string> flowIds) => flowIds.Aggregate(Empty, (tree, id) => tree.Add(id)).Root();

    private static Hash32 Node(Hash32 left, Hash32 right) => Keccak256.Hash([1, .. left.ToBytes(), .. right.ToBytes()]);
}

using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Log;

/// <summary>A complete subtree of a log.</summary>
/// <param name="Level">It has 2^level leaves.</param>
/// <param name="Position">Its place among the subtrees of its level, from 0.</param>
public readonly record struct LogNode(int Level, long Position, Hash32 Hash);

/// <summary>Neighbouring nodes of one level.</summary>
public readonly record struct NodeRange(int Level, long First, int Count);

/// <summary>
/// What is stored of a log: the complete subtrees of the levels 0, 8, 16 and 24. Any subtree follows from at most 255 nodes of
/// each, so that a proof for any size that the log ever had takes a few short ranges, whatever the size.
/// </summary>
public static class StoredNodes
{
    private const int Stride = 8;

    private const int LevelMax = 24;

    public static bool IsStored(int level) => level % Stride == 0 && level <= LevelMax;

    /// <summary>The stored nodes from which the roots of these subtrees follow; no node twice.</summary>
    public static IReadOnlyList<NodeRange> Needed(IEnumerable<LeafSpan> spans)
    {
        var ranges = new List<NodeRange>();
        foreach (var range in spans.SelectMany(Complete).Select(StoredBelow).OrderBy(range => range.Level).ThenBy(range => range.First))
        {
            if (ranges.Count > 0 && ranges[^1] is var last && last.Level == range.Level && last.First + last.Count >= range.First)
                ranges[^1] = last with { Count = (int)Math.Max(last.Count, range.First + range.Count - last.First) };
            else
                ranges.Add(range);
        }

        return ranges;
    }

    /// <summary>The root of a subtree, which begins where RFC 6962 lets one begin.</summary>
    /// <param name="span">Its leaves.</param>
    /// <param name="stored">The hash of a stored node by level and position: one of <see cref="Needed"/>.</param>
    public static Hash32 Root(LeafSpan span, Func<int, long, Hash32> stored)
    {
        // The complete subtrees, the largest first, are joined from the right.
        Hash32? root = null;
        foreach (var (level, position) in Complete(span).Reverse())
        {
            var hash = Root(level, position, stored);
            root = root is { } right ? BallotLog.Node(hash, right) : hash;
        }

        return root ?? BallotLog.EmptyRoot;
    }

    private static Hash32 Root(int level, long position, Func<int, long, Hash32> stored) => IsStored(level)
        ? stored(level, position)
        : BallotLog.Node(Root(level - 1, 2 * position, stored), Root(level - 1, (2 * position) + 1, stored));

    private static IEnumerable<(int Level, long Position)> Complete(LeafSpan span)
    {
        for (var first = span.First; first < span.End;)
        {
            var level = BitOperations.Log2((ulong)(span.End - first));
            yield return (level, first >> level);
            first += 1L << level;
        }
    }

    private static NodeRange StoredBelow((int Level, long Position) node)
    {
        var level = Math.Min(node.Level / Stride * Stride, LevelMax);
        return new NodeRange(level, node.Position << (node.Level - level), 1 << (node.Level - level));
    }
}

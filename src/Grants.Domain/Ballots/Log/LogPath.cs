using System.Numerics;

namespace Grants.Domain.Ballots.Log;

/// <summary>The leaves of a log from the first until before the end: a subtree of it.</summary>
public readonly record struct LeafSpan(long First, long End)
{
    public long Count => End - First;

    /// <summary>Of a complete subtree: it has 2^level leaves.</summary>
    public int Level => BitOperations.Log2((ulong)Count);
}

/// <summary>Which subtrees a proof is made of. A proof is the list of their roots.</summary>
public static class LogPath
{
    /// <summary>The audit path of a leaf in a log of a size, from its sibling up (RFC 6962 section 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<LeafSpan> Inclusion(long index, long size)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        var path = new List<LeafSpan>();
        for (var tree = new LeafSpan(0, size); tree.Count > 1;)
        {
            var (left, right) = Halves(tree);
            (tree, var sibling) = index < left.End ? (left, right) : (right, left);
            path.Add(sibling);
        }

        path.Reverse();
        return path;
    }

    /// <summary>
    /// The subtrees that show a log to be the beginning of a later one (RFC 6962 section 2.1.2). None where the older is empty
    /// or of the same size.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The older log is larger, or a size is negative.</exception>
    public static IReadOnlyList<LeafSpan> Consistency(long from, long to)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(from);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        var path = new List<LeafSpan>();
        if (from == 0 || from == to)
            return path;
        var tree = new LeafSpan(0, to);
        while (tree.End != from)
        {
            var (left, right) = Halves(tree);
            (tree, var sibling) = from <= left.End ? (left, right) : (right, left);
            path.Add(sibling);
        }

        // The older log itself, where it is one complete subtree, is known to whoever asks.
        if (tree.First > 0)
            path.Add(tree);
        path.Reverse();
        return path;
    }

    /// <summary>The complete subtrees that leaves between others are made of, from left to right.</summary>
    public static IEnumerable<LeafSpan> Cover(LeafSpan span)
    {
        for (var first = span.First; first < span.End;)
        {
            var fits = BitOperations.Log2((ulong)(span.End - first));
            var level = first == 0 ? fits : Math.Min(fits, BitOperations.TrailingZeroCount(first));
            yield return new LeafSpan(first, first + (1L << level));
            first += 1L << level;
        }
    }

    /// <summary>Where RFC 6962 cuts a tree of two leaves or more: the largest power of two below its size.</summary>
    internal static long Split(long size) => 1L << BitOperations.Log2((ulong)(size - 1));

    private static (LeafSpan Left, LeafSpan Right) Halves(LeafSpan tree)
    {
        var cut = tree.First + Split(tree.Count);
        return (tree with { End = cut }, tree with { First = cut });
    }
}

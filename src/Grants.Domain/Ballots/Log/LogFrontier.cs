using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Log;

/// <summary>
/// The right edge of a log: the roots of the complete subtrees that it is made of, one a binary digit of its size. All that is
/// needed to append leaves, in constant time on average, and to tell the root, without any of the older leaves.
/// </summary>
public sealed class LogFrontier
{
    private readonly List<Hash32> subtrees;

    /// <param name="size">Leaves.</param>
    /// <param name="subtrees">The largest first.</param>
    /// <exception cref="ArgumentException">A log of that size is made of another number of subtrees.</exception>
    public LogFrontier(long size, IEnumerable<Hash32> subtrees)
    {
        (Size, this.subtrees) = (size, [.. subtrees]);
        if (size < 0 || BitOperations.PopCount((ulong)size) != this.subtrees.Count)
            throw new ArgumentException($"A log of {size} leaves is not made of {this.subtrees.Count} subtrees.", nameof(subtrees));
    }

    /// <summary>An empty log.</summary>
    public LogFrontier()
        : this(0, [])
    {
    }

    public long Size { get; private set; }

    /// <summary>The largest first.</summary>
    public IReadOnlyList<Hash32> Subtrees => subtrees;

    /// <summary>The Merkle tree hash (RFC 6962 section 2.1) at the present size.</summary>
    public Hash32 Root => subtrees.Count == 0
        ? BallotLog.EmptyRoot
        : Enumerable.Reverse(subtrees).Aggregate((right, left) => BallotLog.Node(left, right));

    /// <summary>Appends a leaf.</summary>
    /// <param name="stored">Takes the nodes that this completes, of the levels that are stored.</param>
    public void Append(Hash32 leaf, ICollection<LogNode>? stored = null) => AppendSubtree(0, leaf, stored);

    /// <summary>Appends 2^level leaves of which only the root of their subtree is known.</summary>
    /// <exception cref="ArgumentException">No subtree of that level begins here.</exception>
    public void AppendSubtree(int level, Hash32 root, ICollection<LogNode>? stored = null)
    {
        if (level is < 0 or > 62 || (Size & ((1L << level) - 1)) != 0)
            throw new ArgumentException($"No subtree of level {level} begins at leaf {Size}.", nameof(level));
        var position = Size >> level;
        Size = checked(Size + (1L << level));
        subtrees.Add(root);
        Keep(new LogNode(level, position, root), stored);
        for (; (position & 1) == 1; position >>= 1)
        {
            var joined = BallotLog.Node(subtrees[^2], subtrees[^1]);
            subtrees.RemoveRange(subtrees.Count - 2, 2);
            subtrees.Add(joined);
            level++;
            Keep(new LogNode(level, position >> 1, joined), stored);
        }
    }

    private static void Keep(LogNode node, ICollection<LogNode>? stored)
    {
        if (stored is not null && StoredNodes.IsStored(node.Level))
            stored.Add(node);
    }
}

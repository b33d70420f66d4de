using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>
/// The Merkle tree of a power snapshot, which is the standard one of OpenZeppelin (merkle-tree 1.0, StandardMerkleTree): the leaf
/// is keccak256(keccak256(abi.encode(account, power))), leaves sorted, inner nodes keccak256 of the sorted pair.
/// </summary>
public sealed class PowerTree
{
    // A complete binary tree in an array: the root first, the sorted leaves from the end backwards.
    private readonly Hash32[] nodes;

    private PowerTree(Hash32[] nodes) => this.nodes = nodes;

    /// <summary>Zero where there are no leaves.</summary>
    public Hash32 Root => nodes.Length == 0 ? Hash32.Zero : nodes[0];

    /// <param name="leaves">In any order; no two are equal.</param>
    public static PowerTree Of(IEnumerable<Hash32> leaves)
    {
        var sorted = leaves.ToArray();
        if (sorted.Length == 0)
            return new PowerTree([]);
        Array.Sort(sorted);
        var nodes = new Hash32[(2 * sorted.Length) - 1];
        for (var i = 0; i < sorted.Length; i++)
            nodes[nodes.Length - 1 - i] = sorted[i];
        for (var i = nodes.Length - 1 - sorted.Length; i >= 0; i--)
            nodes[i] = Node(nodes[(2 * i) + 1], nodes[(2 * i) + 2]);
        return new PowerTree(nodes);
    }

    /// <summary>The siblings from the account's leaf to the root; null where it is not in the tree with this power.</summary>
    public IReadOnlyList<Hash32>? Proof(AccountPower account)
    {
        var inner = nodes.Length / 2;
        var place = nodes.AsSpan(inner).BinarySearch(new FromTheEnd(Leaf(account)));
        if (place < 0)
            return null;
        var proof = new List<Hash32>();
        for (var index = inner + place; index > 0; index = (index - 1) / 2)
            proof.Add(nodes[index % 2 == 0 ? index - 1 : index + 1]);
        return proof;
    }

    /// <summary>Whether the proof leads from the account's leaf to the root.</summary>
    public static bool Verify(AccountPower account, IEnumerable<Hash32> proof, Hash32 root) =>
        proof.Aggregate(Leaf(account), Node) == root;

    public static Hash32 Leaf(AccountPower account)
    {
        Span<byte> encoded = stackalloc byte[64];
        encoded.Clear();
        account.Account.CopyTo(encoded[12..]);
        account.Power.CopyTo(encoded[32..]);
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(encoded, hash);
        return Keccak256.Hash(hash);
    }

    private static Hash32 Node(Hash32 left, Hash32 right)
    {
        var (low, high) = left <= right ? (left, right) : (right, left);
        Span<byte> pair = stackalloc byte[64];
        low.CopyTo(pair);
        high.CopyTo(pair[32..]);
        return Keccak256.Hash(pair);
    }

    private readonly struct FromTheEnd(Hash32 leaf) : IComparable<Hash32>
    {
        private readonly Hash32 leaf = leaf;

        public int CompareTo(Hash32 other) => other.CompareTo(leaf);
    }
}

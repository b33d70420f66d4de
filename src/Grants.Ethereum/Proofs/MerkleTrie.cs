using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>The Merkle-Patricia trie of the Yellow Paper, appendix D: computes the root of its content.</summary>
public static class MerkleTrie
{
    private const int Branches = 16;

    /// <summary>The root of a trie without content: the hash of RLP's empty text.</summary>
    public static Hash32 EmptyRoot { get; } = Keccak256.Hash([0x80]);

    /// <summary>The root of values at their keys. In the tries of state and storage a key is the hash of what it stands for.</summary>
    /// <exception cref="ArgumentException">A key is there twice, or a value is empty.</exception>
    public static Hash32 Root(IEnumerable<KeyValuePair<byte[], byte[]>> content)
    {
        var items = content.Select(item => new Item(TriePath.Of(item.Key), item.Value)).ToArray();
        Array.Sort(items, (one, other) => one.Path.AsSpan().SequenceCompareTo(other.Path));
        for (var i = 0; i < items.Length; i++)
        {
            if (items[i].Value.Length == 0)
                throw new ArgumentException("A trie holds no empty value.", nameof(content));
            if (i > 0 && items[i].Path.AsSpan().SequenceEqual(items[i - 1].Path))
                throw new ArgumentException("A key is there twice.", nameof(content));
        }

        return items.Length == 0 ? EmptyRoot : Keccak256.Hash(Node(items, 0));
    }

    /// <summary>The root of a list, as a header has it of transactions and receipts: the key is the index in RLP.</summary>
    public static Hash32 OrderedRoot(IEnumerable<byte[]> values) => Root(
        values.Select((value, index) => KeyValuePair.Create(new RlpWriter().Write((long)index).ToItems(), value)));

    /// <summary>The node for sorted items whose paths are equal up to the depth.</summary>
    private static byte[] Node(ReadOnlySpan<Item> items, int depth)
    {
        var first = items[0].Path.AsSpan(depth);
        if (items.Length == 1)
            return new RlpWriter().Write(TriePath.Compact(first, isLeaf: true)).Write(items[0].Value).ToList();
        var common = first.CommonPrefixLength(items[^1].Path.AsSpan(depth));
        if (common > 0)
        {
            var extension = new RlpWriter().Write(TriePath.Compact(first[..common], isLeaf: false));
            return Refer(extension, Branch(items, depth + common)).ToList();
        }

        return Branch(items, depth);
    }

    private static byte[] Branch(ReadOnlySpan<Item> items, int depth)
    {
        var endsHere = items[0].Path.Length == depth;
        var rest = endsHere ? items[1..] : items;
        var node = new RlpWriter();
        for (byte half = 0; half < Branches; half++)
        {
            var count = 0;
            while (count < rest.Length && rest[count].Path[depth] == half)
                count++;
            if (count == 0)
                node.Write([]);
            else
                Refer(node, Node(rest[..count], depth + 1));
            rest = rest[count..];
        }

        return node.Write(endsHere ? items[0].Value : []).ToList();
    }

    /// <summary>A node below 32 bytes is written into its parent; another is named by its hash.</summary>
    private static RlpWriter Refer(RlpWriter parent, byte[] node) =>
        node.Length < Hash32.Length ? parent.WriteEncoded(node) : parent.Write(Keccak256.Hash(node));

    private readonly record struct Item(byte[] Path, byte[] Value);
}

using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>
/// Reads what a trie with a known root holds, from the nodes between the root and the place (EIP-1186). Nothing is believed
/// but hashes.
/// </summary>
public static class MerkleProof
{
    private const int BranchItems = 17;
    private const int ShortItems = 2;

    /// <summary>The value at the key; null where the nodes prove that there is none.</summary>
    /// <param name="root">The root of the trie.</param>
    /// <param name="key">The key, hashed already where the trie hashes its keys.</param>
    /// <param name="nodes">The nodes from the root on, and no others.</param>
    /// <exception cref="ProofException">The nodes prove neither.</exception>
    public static byte[]? Read(Hash32 root, ReadOnlySpan<byte> key, IReadOnlyList<byte[]> nodes)
    {
        // Some nodes show an empty trie by nothing, others by its one empty text.
        if (root == MerkleTrie.EmptyRoot && (nodes.Count == 0 || (nodes.Count == 1 && nodes[0].AsSpan().SequenceEqual([(byte)0x80]))))
            return null;
        try
        {
            return Walk(root, TriePath.Of(key), nodes);
        }
        catch (RlpException malformed)
        {
            throw new ProofException($"A node is malformed: {malformed.Message}", malformed);
        }
    }

    private static byte[]? Walk(Hash32 root, ReadOnlySpan<byte> path, IReadOnlyList<byte[]> nodes)
    {
        var next = new Step(Hash: root);
        var used = 0;
        while (next.Hash is not null || next.Inside is not null)
        {
            if (next.Inside is not { } node)
            {
                if (used == nodes.Count)
                    throw new ProofException("The proof is cut off.");
                node = nodes[used++];
                if (Keccak256.Hash(node) != next.Hash)
                    throw new ProofException("A node has not the hash that its parent names.");
            }

            next = Follow(node, ref path);
        }

        return used == nodes.Count ? next.Value : throw new ProofException("The proof has nodes that lead nowhere.");
    }

    /// <summary>Goes from a node one step towards the end of the path, and shortens the path by it.</summary>
    private static Step Follow(byte[] node, ref ReadOnlySpan<byte> path)
    {
        var items = RlpReader.List(node);
        var count = 0;
        for (var rest = items; !rest.AtEnd; count++)
            rest.ReadEncoded(out _);
        return count switch
        {
            BranchItems => FollowBranch(items, ref path),
            ShortItems => FollowShort(items, ref path),
            _ => throw new ProofException($"A node has {count} items."),
        };
    }

    private static Step FollowBranch(RlpReader items, ref ReadOnlySpan<byte> path)
    {
        var index = path.IsEmpty ? BranchItems - 1 : path[0];
        for (var i = 0; i < index; i++)
            items.ReadEncoded(out _);
        if (!path.IsEmpty)
        {
            path = path[1..];
            return Child(items);
        }

        var value = items.ReadBytes();
        return value.IsEmpty ? default : new Step(Value: value.ToArray());
    }

    private static Step FollowShort(RlpReader items, ref ReadOnlySpan<byte> path)
    {
        var part = TriePath.Expand(items.ReadBytes(), out var isLeaf);
        if (isLeaf)
        {
            var value = items.ReadBytes();
            if (value.IsEmpty)
                throw new ProofException("A leaf is empty.");
            return path.SequenceEqual(part) ? new Step(Value: value.ToArray()) : default;
        }

        if (part.Length == 0)
            throw new ProofException("An extension has no path.");
        if (!path.StartsWith(part))
            return default;
        path = path[part.Length..];
        return Child(items) is { IsNothing: false } child ? child : throw new ProofException("An extension leads nowhere.");
    }

    private static Step Child(RlpReader items)
    {
        var item = items.ReadEncoded(out var isList);
        if (isList)
        {
            return item.Length < Hash32.Length
                ? new Step(Inside: item.ToArray())
                : throw new ProofException("A node inside another is too long.");
        }

        var reference = RlpReader.Items(item).ReadBytes();
        return reference.Length switch
        {
            0 => default,
            Hash32.Length => new Step(Hash: new Hash32(reference)),
            _ => throw new ProofException($"A node names another by {reference.Length} bytes."),
        };
    }

    /// <summary>The next node by its hash or by itself, or the end of the way: the value, or nothing.</summary>
    private readonly record struct Step(Hash32? Hash = null, byte[]? Inside = null, byte[]? Value = null)
    {
        public bool IsNothing => Hash is null && Inside is null && Value is null;
    }
}

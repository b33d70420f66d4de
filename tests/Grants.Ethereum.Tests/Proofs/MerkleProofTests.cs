using Grants.Ethereum.Proofs;
using Grants.Ethereum.Rlp;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>A trie small enough to write by hand: a branch, in it a leaf that is short enough, and below it one that is not.</summary>
public sealed class MerkleProofTests
{
    private static readonly byte[] LongValue = [.. Enumerable.Repeat((byte)7, 40)];
    private static readonly byte[] Leaf = new RlpWriter().Write(TriePath.Compact([5], isLeaf: true)).Write(LongValue).ToList();
    private static readonly byte[] Root = Branch(
        (1, new RlpWriter().Write(TriePath.Compact([2], isLeaf: true)).Write("short"u8).ToList()),
        (4, new RlpWriter().Write(Keccak256.Hash(Leaf)).ToItems()));

    private static readonly Hash32 RootHash = Keccak256.Hash(Root);

    [Fact]
    public void the_hand_written_trie_is_the_computed_one()
    {
        var content = new Dictionary<byte[], byte[]> { [[0x12]] = "short"u8.ToArray(), [[0x45]] = LongValue };
        Assert.Equal(RootHash, MerkleTrie.Root(content));
    }

    [Fact]
    public void what_is_there_and_what_is_not_is_read()
    {
        Assert.Equal("short"u8.ToArray(), MerkleProof.Read(RootHash, [0x12], [Root]));
        Assert.Equal(LongValue, MerkleProof.Read(RootHash, [0x45], [Root, Leaf]));
        Assert.Null(MerkleProof.Read(RootHash, [0x13], [Root]));
        Assert.Null(MerkleProof.Read(RootHash, [0x46], [Root, Leaf]));
        Assert.Null(MerkleProof.Read(RootHash, [0x20], [Root]));
        Assert.Null(MerkleProof.Read(RootHash, [], [Root]));
        Assert.Null(MerkleProof.Read(RootHash, [0x12, 0x34], [Root]));
    }

    [Fact]
    public void nothing_is_in_an_empty_trie()
    {
        Assert.Null(MerkleProof.Read(MerkleTrie.EmptyRoot, [1], []));
        Assert.Null(MerkleProof.Read(MerkleTrie.EmptyRoot, [1], [[0x80]]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(MerkleTrie.EmptyRoot, [1], [Root]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(MerkleTrie.EmptyRoot, [1], [[0x80], [0x80]]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [1], []));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [1], [[0x80]]));
    }

    [Fact]
    public void nodes_that_are_missing_left_over_or_in_another_order_are_refused()
    {
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x45], [Root]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x45], [Leaf]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x45], [Leaf, Root]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x45], [Root, Leaf, Leaf]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x12], [Root, Leaf]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(RootHash, [0x13], [Root, Leaf]));
        Assert.Throws<ProofException>(() => MerkleProof.Read(Hash32.Zero, [0x12], [Root]));
    }

    public static TheoryData<string> Malformed() =>
    [
        "",
        "c0",
        "c180",
        "c3808080",
        "c28020",
        // A leaf without a value, and paths with unknown flags.
        "c23080",
        "c24101",
        "c25001",
        // Extensions: without a path, to nothing, and to a child named by one byte.
        "c20001",
        "c21180",
        "c21105",
        // An extension to a node inside it that is 32 bytes long, and one to an empty list.
        "e211e0" + "9f" + "00000000000000000000000000000000000000000000000000000000000000",
        "c211c0",
        // A list in the place of a path, and of a value.
        "c2c001",
        "c231c0",
        // Bytes after the list, and a list that is cut off.
        "c2310100",
        "c331",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void malformed_nodes_are_refused(string digits)
    {
        var node = Convert.FromHexString(digits);
        Assert.Throws<ProofException>(() => MerkleProof.Read(Keccak256.Hash(node), [0x11], [node]));
    }

    [Fact]
    public void a_path_longer_than_the_key_ends_in_nothing()
    {
        var node = new RlpWriter().Write(TriePath.Compact([1, 1, 1], isLeaf: false)).Write(Hash32.Zero).ToList();
        Assert.Null(MerkleProof.Read(Keccak256.Hash(node), [0x11], [node]));
    }

    private static byte[] Branch(params (int At, byte[] Item)[] children)
    {
        var items = Enumerable.Repeat((byte[])[0x80], 17).ToArray();
        foreach (var (at, item) in children)
            items[at] = item;
        var node = new RlpWriter();
        foreach (var item in items)
            node.WriteEncoded(item);
        return node.ToList();
    }
}

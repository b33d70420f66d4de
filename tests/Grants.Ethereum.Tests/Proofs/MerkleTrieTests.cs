using System.Text;
using CsCheck;
using Grants.Ethereum.Proofs;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class MerkleTrieTests
{
    // From github.com/ethereum/tests, TrieTests/trieanyorder.json.
    [Theory]
    [InlineData("doe=reindeer,dog=puppy,dogglesworth=cat", "0x8aad789dff2f538bca5d8ea56e8abe10f4c7ba3a5dea95fea4cd6e7c3a1168d3")]
    [InlineData("do=verb,horse=stallion,doge=coin,dog=puppy", "0x5991bb8c6514148a29db676a14ac506cd2cd5775ace63c30a4fe457715e9ac84")]
    [InlineData("foo=bar,food=bass", "0x17beaa1648bafa633cda809c90c04af50fc8aed3cb40d16efbddee6fdf63c4c3")]
    [InlineData("be=e,dog=puppy,bed=d", "0x3f67c7a47520f79faa29255d2d3c084a7a6df0453116ed7232ff10277a8be68b")]
    public void the_roots_of_the_official_tests_are_computed(string content, string root)
    {
        var items = content.Split(',').Select(item => item.Split('='))
            .Select(item => KeyValuePair.Create(Encoding.ASCII.GetBytes(item[0]), Encoding.ASCII.GetBytes(item[1])))
            .ToArray();
        Assert.Equal(root, MerkleTrie.Root(items).ToString());
        Assert.Equal(root, MerkleTrie.Root(items.Reverse()).ToString());
    }

    [Fact]
    public void nothing_has_the_known_root()
    {
        Assert.Equal("0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421", MerkleTrie.Root([]).ToString());
        Assert.Equal(MerkleTrie.EmptyRoot, MerkleTrie.OrderedRoot([]));
    }

    [Fact]
    public void the_order_does_not_matter_and_every_change_does() =>
        Gen.Select(Gen.Byte.Array[1, 3].HashSet[2, 40], Gen.Byte.Array[1, 40]).ForAll(
            (keys, value) =>
            {
                var items = keys.DistinctBy(Convert.ToHexString).Select(key => KeyValuePair.Create(key, value)).ToArray();
                var root = MerkleTrie.Root(items);
                Assert.Equal(root, MerkleTrie.Root(items.OrderByDescending(item => item.Key.Length)));
                Assert.NotEqual(root, MerkleTrie.Root(items.Skip(1)));
                items[0] = KeyValuePair.Create(items[0].Key, value.Append((byte)1).ToArray());
                Assert.NotEqual(root, MerkleTrie.Root(items));
            },
            count: 200);

    [Fact]
    public void a_key_twice_and_an_empty_value_are_refused()
    {
        var item = KeyValuePair.Create<byte[], byte[]>([1], [1]);
        Assert.Throws<ArgumentException>(() => MerkleTrie.Root([item, item]));
        Assert.Throws<ArgumentException>(() => MerkleTrie.Root([KeyValuePair.Create<byte[], byte[]>([1], [])]));
        Assert.Throws<ArgumentException>(() => MerkleTrie.OrderedRoot([[]]));
    }

    [Theory]
    [InlineData("00", "", false)]
    [InlineData("20", "", true)]
    [InlineData("11", "01", false)]
    [InlineData("3f", "0f", true)]
    [InlineData("001234", "01020304", false)]
    [InlineData("1f1c", "0f010c", false)]
    public void paths_have_one_compact_form(string compact, string path, bool isLeaf)
    {
        Assert.Equal(compact, Convert.ToHexStringLower(TriePath.Compact(Convert.FromHexString(path), isLeaf)));
        Assert.Equal(path, Convert.ToHexStringLower(TriePath.Expand(Convert.FromHexString(compact), out var readsLeaf)));
        Assert.Equal(isLeaf, readsLeaf);
    }

    [Theory]
    [InlineData("")]
    [InlineData("40")]
    [InlineData("80")]
    [InlineData("01")]
    [InlineData("2112")]
    public void other_forms_of_paths_are_refused(string compact) =>
        Assert.Throws<ProofException>(() => TriePath.Expand(Convert.FromHexString(compact), out _));
}

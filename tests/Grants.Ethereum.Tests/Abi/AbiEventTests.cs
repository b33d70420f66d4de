using System.Numerics;
using CsCheck;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class AbiEventTests
{
    private static readonly AbiEvent Transfer =
        AbiEvent.Parse("event Transfer(address indexed from, address indexed to, uint256 value)");
    private static readonly Address From = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Address To = Address.Parse("0x00000000000000000000000000000000000000b2");

    [Fact]
    public void values_come_in_declared_order()
    {
        var swap = AbiEvent.Parse("event Swap(uint112 a, address indexed b, string c, int24 indexed d, bytes32 e)");
        var log = Log(
            [swap.Topic0, Topic(From), Hash32.Parse("0x" + new string('f', 64))],
            AbiCodec.Encode([.. "uint112,string,bytes32".Split(',').Select(AbiType.Parse)], 5, "text", Hash32.Zero));
        Assert.True(swap.TryDecode(log, out var values));
        Assert.Equal([(UInt256)5UL, From, "text", BigInteger.MinusOne, Hash32.Zero], values);
        Assert.Equal(3, swap.TopicCount);
    }

    [Theory]
    [InlineData("string")]
    [InlineData("bytes")]
    [InlineData("uint256[]")]
    [InlineData("uint256[2]")]
    [InlineData("(address,bool)")]
    public void an_indexed_value_longer_than_a_word_is_its_hash(string type)
    {
        var named = AbiEvent.Parse($"event Named({type} indexed name)");
        var hash = Keccak256.Hash("hashed by the contract");
        Assert.True(named.TryDecode(Log([named.Topic0, hash], []), out var values));
        Assert.Equal([hash], values);
    }

    [Fact]
    public void the_same_signature_with_other_indexed_parameters_is_another_event()
    {
        var erc721 = Log([Transfer.Topic0, Topic(From), Topic(To), Topic(To)], []);
        Assert.False(Transfer.TryDecode(erc721, out _));
        var unindexed = Log([Transfer.Topic0, Topic(From)], AbiValue.Words("b2", "1"));
        Assert.False(Transfer.TryDecode(unindexed, out _));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(31, false)]
    [InlineData(32, true)]
    [InlineData(33, false)]
    [InlineData(64, false)]
    public void data_of_another_length_is_not_this_event(int length, bool isTransfer) =>
        Assert.Equal(isTransfer, Transfer.TryDecode(Log([Transfer.Topic0, Topic(From), Topic(To)], new byte[length]), out _));

    [Fact]
    public void a_topic_with_bits_that_its_type_does_not_have_is_not_this_event()
    {
        var dirty = Hash32.Parse("0x" + new string('f', 64));
        Assert.False(Transfer.TryDecode(Log([Transfer.Topic0, dirty, Topic(To)], new byte[32]), out var values));
        Assert.Null(values);
    }

    [Fact]
    public void five_topics_none_and_foreign_ones_are_not_this_event()
    {
        Assert.False(Transfer.TryDecode(Log([], new byte[32]), out _));
        Assert.False(Transfer.TryDecode(Log([Hash32.Zero, Topic(From), Topic(To)], new byte[32]), out _));
        Assert.False(Transfer.TryDecode(Log([.. Enumerable.Repeat(Transfer.Topic0, 5)], new byte[32]), out _));
    }

    [Fact]
    public void hostile_data_never_throws()
    {
        var locked = AbiEvent.Parse("event Locked(uint256 a, bytes b, (string c, uint8[] d)[] e)");
        var types = locked.Parameters.Select(parameter => parameter.Type).ToArray();
        var honest = AbiCodec.Encode(
            types,
            1,
            new byte[40],
            new object[] { new object[] { "one", new object[] { 1, 2 } }, new object[] { "", Array.Empty<object>() } });
        Assert.True(locked.TryDecode(Log([locked.Topic0], honest), out _));
        var decoded = 0;
        Gen.Select(Gen.Int[0, honest.Length - 1], Gen.Byte, Gen.Int[0, honest.Length]).ForAll(
            (at, value, length) =>
            {
                var changed = honest.ToArray();
                changed[at] = value;
                decoded += locked.TryDecode(Log([locked.Topic0], changed), out _) ? 1 : 0;
                locked.TryDecode(Log([locked.Topic0], changed[..length]), out _);
            },
            count: 5000);
        Assert.InRange(decoded, 1, 4999);
    }

    [Fact]
    public void more_than_three_indexed_parameters_are_refused() =>
        Assert.Throws<AbiException>(() => AbiEvent.Parse("event E(bool indexed a, bool indexed b, bool indexed c, bool indexed d)"));

    private static Hash32 Topic(Address address) => new([.. new byte[12], .. address.ToBytes()]);

    private static RpcLog Log(Hash32[] topics, byte[] data) =>
        new(Address.Zero, topics, data, 1, Hash32.Zero, Hash32.Zero, 0, 0);
}

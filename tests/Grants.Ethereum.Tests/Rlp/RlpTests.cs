using System.Text;
using CsCheck;
using Grants.Ethereum.Rlp;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RlpTests
{
    [Fact]
    public void the_examples_of_the_specification_are_written()
    {
        Assert.Equal("c483646f67", Text(new RlpWriter().Write("dog"u8)));
        Assert.Equal("c88363617483646f67", Text(new RlpWriter().Write("cat"u8).Write("dog"u8)));
        Assert.Equal("c180", Text(new RlpWriter().Write([])));
        Assert.Equal("c0", Text(new RlpWriter()));
        Assert.Equal("c100", Text(new RlpWriter().Write([0])));
        Assert.Equal("c180", Text(new RlpWriter().Write(0L)));
        Assert.Equal("c10f", Text(new RlpWriter().Write(15L)));
        Assert.Equal("c3820400", Text(new RlpWriter().Write(1024L)));
        var (empty, one, two) = (new RlpWriter(), new RlpWriter(), new RlpWriter());
        one.Write(empty);
        two.Write(empty).Write(one);
        Assert.Equal("c7c0c1c0c3c0c1c0", Text(new RlpWriter().Write(empty).Write(one).Write(two)));
        const string Lorem = "Lorem ipsum dolor sit amet, consectetur adipisicing elit";
        var lorem = new RlpWriter().Write(Encoding.ASCII.GetBytes(Lorem));
        Assert.StartsWith("f83ab8384c6f", Text(lorem), StringComparison.Ordinal);
    }

    [Fact]
    public void items_come_back() => Gen.Select(Gen.Byte.Array[0, 300], UInt256Tests.Numbers, Gen.Long[0, long.MaxValue]).ForAll(
        (bytes, number, small) =>
        {
            var inner = new RlpWriter().Write(bytes).Write(number);
            var reader = RlpReader.List(new RlpWriter().Write(small).Write(inner).Write(bytes).ToList());
            Assert.Equal(small, reader.ReadLong());
            var nested = reader.ReadList();
            Assert.Equal(bytes, nested.ReadBytes().ToArray());
            Assert.Equal(number, nested.ReadUInt256());
            Assert.True(nested.AtEnd);
            Assert.Equal(bytes, reader.ReadBytes().ToArray());
            reader.ExpectEnd();
        });

    [Theory]
    [InlineData("")]
    [InlineData("80")]
    [InlineData("c1")]
    [InlineData("c000")]
    [InlineData("c28100")]
    [InlineData("c2817f")]
    [InlineData("c183")]
    [InlineData("f800")]
    [InlineData("f7")]
    [InlineData("f80100")]
    [InlineData("f90001ff")]
    [InlineData("ffffffffffffffffff")]
    [InlineData("ff7fffffffffffffff")]
    [InlineData("c2b800")]
    [InlineData("c3b80100")]
    [InlineData("c9bfffffffffffffffff")]
    public void what_is_not_canonical_or_cut_off_is_refused(string digits) => Assert.Throws<RlpException>(() =>
    {
        var reader = RlpReader.List(Convert.FromHexString(digits));
        while (!reader.AtEnd)
            reader.ReadBytes();
    });

    [Theory]
    [InlineData("c3820001")]
    [InlineData("c100")]
    [InlineData("c1c0")]
    [InlineData("c988ffffffffffffffff")]
    [InlineData("ca89010000000000000000")]
    public void integers_with_leading_zeros_or_out_of_range_are_refused(string digits) =>
        Assert.Throws<RlpException>(() => RlpReader.List(Convert.FromHexString(digits)).ReadLong());

    [Fact]
    public void an_integer_of_more_than_256_bits_is_refused() =>
        Assert.Throws<RlpException>(() => RlpReader.List(new RlpWriter().Write([1, .. new byte[32]]).ToList()).ReadUInt256());

    [Fact]
    public void kinds_are_not_confused()
    {
        Assert.Throws<RlpException>(() => RlpReader.List([0xc1, 0x80]).ReadList());
        Assert.Throws<RlpException>(() => RlpReader.List([0xc1, 0xc0]).ReadBytes());
        Assert.Throws<RlpException>(() => RlpReader.List([0xc1, 0x80]).ExpectEnd());
        Assert.Throws<ArgumentOutOfRangeException>(() => new RlpWriter().Write(-1L));
    }

    private static string Text(RlpWriter items) => Convert.ToHexStringLower(items.ToList());
}

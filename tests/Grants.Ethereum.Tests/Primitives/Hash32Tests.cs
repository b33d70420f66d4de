using System.Text.Json;
using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class Hash32Tests
{
    private const string Text = "0x00000000000000000000000000000000000000000000000000000000000000ff";

    [Fact]
    public void bytes_and_text_come_back() => Gen.Byte.Array[Hash32.Length].ForAll(
        bytes =>
        {
            var hash = new Hash32(bytes);
            Assert.Equal(bytes, hash.ToBytes());
            Assert.Equal(hash, Hash32.Parse(hash.ToString()));
            Assert.Equal(Hex.Format(bytes), hash.ToString());
        });

    [Fact]
    public void order_is_that_of_the_bytes() => Gen.Select(Gen.Byte.Array[Hash32.Length], Gen.Byte.Array[Hash32.Length]).ForAll(
        (left, right) => Assert.Equal(
            Math.Sign(left.AsSpan().SequenceCompareTo(right)), Math.Sign(new Hash32(left).CompareTo(new Hash32(right)))));

    [Theory]
    [InlineData("0xff")]
    [InlineData(Text + "00")]
    [InlineData("00000000000000000000000000000000000000000000000000000000000000ff")]
    [InlineData(null)]
    public void another_shape_is_refused(string? text)
    {
        Assert.False(Hash32.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Hash32.Parse(text!));
    }

    [Fact]
    public void another_number_of_bytes_is_refused() => Assert.Throws<ArgumentException>(() => new Hash32(new byte[31]));

    [Fact]
    public void json_is_text()
    {
        var json = JsonSerializer.Serialize(Hash32.Parse(Text));
        Assert.Equal($"\"{Text}\"", json);
        Assert.Equal(Hash32.Parse(Text), JsonSerializer.Deserialize<Hash32>(json));
        Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<Hash32>("\"0xff\""));
    }

    [Theory]
    [InlineData("", "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")]
    [InlineData("abc", "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45")]
    [InlineData("Transfer(address,address,uint256)", "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef")]
    public void keccak_has_the_original_padding(string text, string hash) => Assert.Equal(hash, Keccak256.Hash(text).ToString());
}

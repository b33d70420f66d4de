using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class HexTests
{
    [Fact]
    public void bytes_come_back_from_either_case() => Gen.Byte.Array[0, 80].ForAll(
        bytes =>
        {
            var text = Hex.Format(bytes);
            Assert.Equal(bytes, Hex.Parse(text));
            Assert.Equal(bytes, Hex.Parse("0x" + text[2..].ToUpperInvariant()));
            Assert.Equal(2 + (bytes.Length * 2), text.Length);
        });

    [Theory]
    [InlineData("0x", "")]
    [InlineData("0x00ff", "00FF")]
    public void examples(string text, string bytes) => Assert.Equal(Convert.FromHexString(bytes), Hex.Parse(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("ff")]
    [InlineData("0X00")]
    [InlineData("0x0")]
    [InlineData("0x0g")]
    [InlineData("0x 0")]
    [InlineData("0x00 ")]
    [InlineData("0x１２")]
    public void another_shape_is_refused(string? text)
    {
        Assert.False(Hex.TryParse(text, out _));
        Assert.Throws<FormatException>(() => Hex.Parse(text!));
    }

    [Fact]
    public void another_length_is_refused()
    {
        Assert.Equal([1, 2], Hex.Parse("0x0102", 2));
        Assert.Throws<FormatException>(() => Hex.Parse("0x0102", 3));
    }
}

using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class LineTextTests
{
    [Theory]
    [InlineData("A thing")]
    [InlineData("제목: 좋은 제안")]
    [InlineData("عنوان")]
    [InlineData("می‌خواهم")]
    [InlineData("👨‍👩‍👧 and 🏳️‍🌈")]
    [InlineData("Tiếng Việt")]
    [InlineData("𝔊rants")]
    public void what_people_write_is_a_line(string text) => Assert.True(LineText.IsLine(text, 100));

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("\u3000")]
    [InlineData("two\nlines")]
    [InlineData("two\u2028lines")]
    [InlineData("tab\there")]
    [InlineData("nul\0")]
    [InlineData("\u001b[31mred")]
    [InlineData("abc\u202egnp.exe")]
    [InlineData("abc\u2066def")]
    [InlineData("zero\u200bwidth")]
    [InlineData("a\u200db")]
    [InlineData("한\u200d")]
    [InlineData("한\u200d\u200d국")]
    [InlineData("soft\u00adhyphen")]
    [InlineData("\ufeffmark")]
    [InlineData("tag\U000E0041")]
    [InlineData("half\ud83d")]
    [InlineData("\ude00half")]
    [InlineData("swapped \ude00\ud83d")]
    public void what_cannot_be_seen_is_refused(string text) => Assert.False(LineText.IsLine(text, 100));

    [Theory]
    [InlineData(8, true)]
    [InlineData(9, false)]
    [InlineData(500, false)]
    public void marks_do_not_pile_up(int marks, bool isLine) =>
        Assert.Equal(isLine, LineText.IsLine($"a{new string('\u0301', marks)}b", 1_000));

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void a_line_has_its_length(int length, bool isLine) => Assert.Equal(isLine, LineText.IsLine(new string('x', length), 100));
}

using Grants.Service.Proposals;
using Xunit;

namespace Grants.Service.Tests.Proposals;

public sealed class RenderedMarkdownTests
{
    [Theory]
    [InlineData("**bold** and `code`", "<p><strong>bold</strong> and <code>code</code></p>")]
    [InlineData("# 제목", "<h1>제목</h1>")]
    [InlineData("a < b & c", "<p>a &lt; b &amp; c</p>")]
    [InlineData(
        "[x](https://example.org/a?b=c&d)",
        "<p><a href=\"https://example.org/a?b=c&amp;d\" rel=\"nofollow noopener noreferrer\">x</a></p>")]
    public void text_is_rendered(string markdown, string html) => Assert.Equal(html, RenderedMarkdown.ToHtml(markdown).Trim());

    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("<img src=x onerror=alert(1)>")]
    [InlineData("![x](https://spy.example/p.png)")]
    [InlineData("[x](javascript:alert(1))")]
    [InlineData("[x](JaVaScRiPt:alert(1))")]
    [InlineData("[x](data:text/html;base64,PHNjcmlwdD4=)")]
    [InlineData("[x](vbscript:alert(1))")]
    [InlineData("<javascript:alert(1)>")]
    [InlineData("[a]: javascript:alert(1)\n\n[a]")]
    [InlineData("<a href=\"https://example.org\" onclick=\"alert(1)\">x</a>")]
    [InlineData("<iframe src=https://example.org>")]
    [InlineData("<svg/onload=alert(1)>")]
    [InlineData("a <style>*{display:none}</style>")]
    public void nothing_in_a_text_becomes_more_than_plain_elements(string markdown)
    {
        var html = RenderedMarkdown.ToHtml(markdown);
        string[] bad =
        [
            "<script", "<img", "<iframe", "<svg", "<style", "href=\"javascript", "href=\"data", "href=\"vbscript",
            "<a href=\"https://example.org\" on",
        ];
        Assert.All(bad, piece => Assert.DoesNotContain(piece, html, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(">")]
    [InlineData("> ")]
    [InlineData("[")]
    [InlineData("![")]
    [InlineData("*")]
    [InlineData("_a")]
    [InlineData("`")]
    [InlineData("- ")]
    [InlineData("|")]
    [InlineData("<")]
    [InlineData("[](")]
    public void a_text_that_is_nested_as_deeply_as_it_can_be_is_rendered_all_the_same(string piece)
    {
        var markdown = string.Concat(Enumerable.Repeat(piece, 10_000 / piece.Length));
        Assert.NotEmpty(RenderedMarkdown.ToHtml(markdown));
    }
}

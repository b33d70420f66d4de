using System.Net;
using System.Text.RegularExpressions;
using Ganss.Xss;
using Markdig;

namespace Grants.Service.Proposals;

/// <summary>
/// Markdown as HTML that a page may show as it is: HTML in the text is shown as text, and of what the renderer makes only plain elements
/// and http, https and mailto links are left.
/// </summary>
public static partial class RenderedMarkdown
{
    private static readonly MarkdownPipeline Pipeline =
        new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseEmphasisExtras().UseTaskLists().Build();

    private static readonly HtmlSanitizer Sanitizer = BuildSanitizer();

    /// <summary>A text that is nested too deeply to be rendered is shown as it is written.</summary>
    public static string ToHtml(string markdown)
    {
        try
        {
            return Sanitizer.Sanitize(Markdown.ToHtml(Turning().Replace(markdown, string.Empty), Pipeline));
        }
        catch (ArgumentException)
        {
            return $"<pre>{WebUtility.HtmlEncode(markdown)}</pre>";
        }
    }

    // Characters that turn the direction of writing make a text read other than it is.
    [GeneratedRegex("[\u202a-\u202e\u2066-\u2069]")]
    private static partial Regex Turning();

    // No images: showing one tells a stranger who reads.
    private static HtmlSanitizer BuildSanitizer()
    {
        var options = new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "em", "strong", "del", "sub", "sup", "ins", "mark", "a", "code",
                "pre", "blockquote", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td",
            },
            AllowedAttributes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "href", "title", "start", "rel" },
            AllowedSchemes = new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "http", "https", "mailto" },
        };
        var sanitizer = new HtmlSanitizer(options);
        sanitizer.PostProcessNode += static (_, args) =>
        {
            if (args.Node is AngleSharp.Html.Dom.IHtmlAnchorElement link)
                link.SetAttribute("rel", "nofollow noopener noreferrer");
        };
        return sanitizer;
    }
}

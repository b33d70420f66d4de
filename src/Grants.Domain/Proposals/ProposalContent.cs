using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>What an applicant asks for and why.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">Markdown, kept as written.</param>
/// <param name="RequestedAmount">Base units of the program's token.</param>
/// <param name="Recipient">Who is paid.</param>
public sealed record ProposalContent(string Title, string Body, UInt256 RequestedAmount, Address Recipient)
{
    /// <summary>The longest title and body, in UTF-16 units.</summary>
    public const int TitleLengthMax = 200;

    public const int BodyLengthMax = 10_000;

    /// <summary>
    /// Keccak-256 of the canonical JSON (RFC 8785): members in the order <c>body, recipient, requestedAmount, title</c>, no
    /// spaces, the amount as a decimal string, the recipient checksummed. <c>JSON.stringify</c> writes the same bytes.
    /// </summary>
    public Hash32 Hash() => Keccak256.Hash(
        $$"""{"body":{{Quoted(Body)}},"recipient":"{{Recipient}}","requestedAmount":"{{RequestedAmount}}","title":{{Quoted(Title)}}}""");

    /// <summary>The first thing wrong with the content, or null.</summary>
    public Rejection? Validate()
    {
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > TitleLengthMax)
            return new InvalidValue("title", $"Must have 1 to {TitleLengthMax} characters.");
        if (Title.Any(char.IsControl))
            return new InvalidValue("title", "Must be one line without control characters.");
        if (string.IsNullOrWhiteSpace(Body) || Body.Length > BodyLengthMax)
            return new InvalidValue("body", $"Must have 1 to {BodyLengthMax} characters.");
        if (Body.Contains('\0', StringComparison.Ordinal))
            return new InvalidValue("body", "Must not hold the null character.");
        if (RequestedAmount.IsZero)
            return new InvalidValue("requestedAmount", "Must be above zero.");
        return Recipient.IsZero ? new InvalidValue("recipient", "The zero address is nobody.") : null;
    }

    // RFC 8785 section 3.2.2.2 escapes quotes, backslashes and control characters only. The encoders of System.Text.Json
    // escape more, by the Unicode tables of the runtime.
    private static string Quoted(string text)
    {
        var json = new StringBuilder("\"");
        foreach (var unit in text)
        {
            _ = unit switch
            {
                '"' or '\\' => json.Append('\\').Append(unit),
                '\b' => json.Append("\\b"),
                '\t' => json.Append("\\t"),
                '\n' => json.Append("\\n"),
                '\f' => json.Append("\\f"),
                '\r' => json.Append("\\r"),
                < ' ' => json.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}"),
                _ => json.Append(unit),
            };
        }

        return json.Append('"').ToString();
    }
}

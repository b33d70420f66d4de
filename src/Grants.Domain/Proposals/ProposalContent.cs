using System.Globalization;
using System.Text;
using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>A line of a proposal's budget.</summary>
/// <param name="Item">What it is for, one line.</param>
/// <param name="Amount">Base units of the program's token.</param>
public sealed record BudgetLine(string Item, UInt256 Amount);

/// <summary>An account that has an interest in the proposal, as its applicant declares.</summary>
/// <param name="Nature">What the interest is, one line.</param>
public sealed record DeclaredConflict(Address Account, string Nature);

/// <summary>What an applicant asks for and why.</summary>
/// <param name="Title">One line.</param>
/// <param name="Body">Markdown, kept as written.</param>
/// <param name="RequestedAmount">Base units of the program's token.</param>
/// <param name="Recipient">Who is paid.</param>
/// <param name="Budget">What the amount is for; the lines sum to it. May be empty.</param>
/// <param name="Milestones">May be empty.</param>
/// <param name="Labels">Lower case, each once. May be empty.</param>
/// <param name="Discussion">Where it is discussed, an https link; null where nowhere.</param>
/// <param name="Conflicts">May be empty.</param>
/// <param name="Answers">To the program's application form: JSON, kept as written; null where there are none.</param>
public sealed partial record ProposalContent(
    string Title,
    string Body,
    UInt256 RequestedAmount,
    Address Recipient,
    ValueList<BudgetLine>? Budget = null,
    ValueList<Milestone>? Milestones = null,
    ValueList<string>? Labels = null,
    string? Discussion = null,
    ValueList<DeclaredConflict>? Conflicts = null,
    string? Answers = null)
{
    /// <summary>The longest title and body, in UTF-16 units.</summary>
    public const int TitleLengthMax = 200;

    public const int BodyLengthMax = 10_000;

    public ValueList<BudgetLine> Budget { get; init; } = Budget ?? [];

    public ValueList<Milestone> Milestones { get; init; } = Milestones ?? [];

    public ValueList<string> Labels { get; init; } = Labels ?? [];

    public ValueList<DeclaredConflict> Conflicts { get; init; } = Conflicts ?? [];

    /// <summary>
    /// Keccak-256 of the canonical JSON (RFC 8785): members in the order of their names, no spaces, amounts as decimal strings,
    /// addresses checksummed, the answers as the text that they are. Title, body, amount and recipient are always there; a part that
    /// came later is there only where it is not empty, so that what was hashed without it keeps its hash. <c>JSON.stringify</c> writes
    /// the same bytes.
    /// </summary>
    public Hash32 Hash()
    {
        (string Name, string? Json)[] members =
        [
            ("answers", Answers is null ? null : Quoted(Answers)),
            ("body", Quoted(Body)),
            ("budget", Listed(Budget, line => $$"""{"amount":"{{line.Amount}}","item":{{Quoted(line.Item)}}}""")),
            ("conflicts", Listed(
                Conflicts, conflict => $$"""{"account":"{{conflict.Account}}","nature":{{Quoted(conflict.Nature)}}}""")),
            ("discussion", Discussion is null ? null : Quoted(Discussion)),
            ("labels", Listed(Labels, Quoted)),
            ("milestones", Listed(Milestones, Written)),
            ("recipient", $"\"{Recipient}\""),
            ("requestedAmount", $"\"{RequestedAmount}\""),
            ("title", Quoted(Title)),
        ];
        var there = members.Where(member => member.Json is not null).Select(member => $"\"{member.Name}\":{member.Json}");
        return Keccak256.Hash($"{{{string.Join(',', there)}}}");
    }

    /// <summary>The first thing wrong with the content, or null.</summary>
    public Rejection? Validate()
    {
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > TitleLengthMax)
            return new InvalidValue("title", $"Must have 1 to {TitleLengthMax} characters.");
        if (!LineText.IsLine(Title, TitleLengthMax))
            return new InvalidValue("title", "Must be one line without control characters and others that cannot be seen.");
        if (string.IsNullOrWhiteSpace(Body) || Body.Length > BodyLengthMax)
            return new InvalidValue("body", $"Must have 1 to {BodyLengthMax} characters.");
        if (Body.Contains('\0', StringComparison.Ordinal))
            return new InvalidValue("body", "Must not hold the null character.");
        if (RequestedAmount.IsZero)
            return new InvalidValue("requestedAmount", "Must be above zero.");
        if (Recipient.IsZero)
            return new InvalidValue("recipient", "The zero address is nobody.");
        return BudgetProblem() ?? Milestone.Validate(Milestones) ?? DetailProblem();
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

    private static string? Listed<T>(ValueList<T> items, Func<T, string> write) =>
        items.Count == 0 ? null : $"[{string.Join(',', items.Select(write))}]";

    private static string Written(Milestone milestone)
    {
        string[] members =
        [
            $"\"description\":{Quoted(milestone.Description)}",
            string.Create(CultureInfo.InvariantCulture, $"\"dueAfterSeconds\":{milestone.DueAfterSeconds}"),
            string.Create(CultureInfo.InvariantCulture, $"\"share\":{milestone.Share.Value}"),
            $"\"title\":{Quoted(milestone.Title)}",
        ];
        return $"{{{string.Join(',', members)}}}";
    }
}

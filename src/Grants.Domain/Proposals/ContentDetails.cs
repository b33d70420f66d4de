using System.Text.RegularExpressions;
using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>The parts of a proposal beside its text: their limits.</summary>
public sealed partial record ProposalContent
{
    public const int BudgetLinesMax = 100;

    public const int LabelsMax = 10;

    public const int ConflictsMax = 50;

    /// <summary>The longest line of a budget or nature of a conflict, in UTF-16 units.</summary>
    public const int LineLengthMax = 200;

    public const int LinkLengthMax = 500;

    public const int AnswersLengthMax = 20_000;

    private InvalidValue? BudgetProblem()
    {
        if (Budget.Count > BudgetLinesMax)
            return new InvalidValue("budget", $"A budget has at most {BudgetLinesMax} lines.");
        var left = RequestedAmount;
        foreach (var (i, line) in Budget.Index())
        {
            if (!IsLine(line.Item))
                return new InvalidValue($"budget.{i}.item", $"Must have 1 to {LineLengthMax} characters on one line.");
            if (line.Amount.IsZero)
                return new InvalidValue($"budget.{i}.amount", "Must be above zero.");
            if (line.Amount > left)
                return new InvalidValue("budget", "The lines sum to more than the requested amount.");
            left -= line.Amount;
        }

        return Budget.Count > 0 && !left.IsZero ? new InvalidValue("budget", $"The lines leave {left} base units unexplained.") : null;
    }

    private InvalidValue? DetailProblem()
    {
        if (Labels.Count > LabelsMax || Labels.Any(label => !Label().IsMatch(label)) || Labels.Distinct().Count() < Labels.Count)
            return new InvalidValue("labels", $"At most {LabelsMax}, each once, of 2 to 32 characters: a to z, digits and hyphens.");
        if (Discussion is not null && !IsSecureLink(Discussion))
            return new InvalidValue("discussion", $"Must be an https link of at most {LinkLengthMax} characters, without a user name.");
        if (Conflicts.Count > ConflictsMax || Conflicts.DistinctBy(conflict => conflict.Account).Count() < Conflicts.Count)
            return new InvalidValue("conflicts", $"At most {ConflictsMax}, each account once.");
        if (Conflicts.Any(conflict => conflict.Account.IsZero || !IsLine(conflict.Nature)))
            return new InvalidValue("conflicts", $"Each names an account and in 1 to {LineLengthMax} characters on one line its interest.");
        return Answers is not null && (Answers.Length > AnswersLengthMax || Answers.Contains('\0', StringComparison.Ordinal))
            ? new InvalidValue("answers", $"Must have at most {AnswersLengthMax} characters, without the null character.")
            : null;
    }

    private static bool IsLine(string text) => LineText.IsLine(text, LineLengthMax);

    private static bool IsSecureLink(string link) =>
        link.Length <= LinkLengthMax
        && !link.Any(unit => char.IsControl(unit) || char.IsWhiteSpace(unit))
        && Uri.TryCreate(link, UriKind.Absolute, out var uri)
        && uri is { Scheme: "https", UserInfo: "" };

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{1,31}\z")]
    private static partial Regex Label();
}

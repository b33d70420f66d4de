using System.Globalization;
using Grants.Domain;
using Grants.Domain.Reinvestment.Policies;

namespace Grants.Cli.Flows;

/// <summary>What a policy would have led to over a history of flows, as a table; and where another one would have led elsewhere.</summary>
internal static class PolicyTrialTable
{
    /// <exception cref="FormatException">The file holds no policy; the message names path and line of everything that is wrong.</exception>
    public static ReinvestmentPolicy Read(string path)
    {
        var (policy, problems) = PolicyText.Read(File.ReadAllText(path));
        return policy ?? throw new FormatException($"{path}: {string.Join(" ", problems)}");
    }

    public static IEnumerable<string> Lines(ReinvestmentPolicy policy, TrialOutcome outcome)
    {
        yield return $"{policy.PolicyId} version {policy.Version}, hash {policy.Hash}";
        var rows = outcome.Steps.Select(step => (When(step.At), step.RuleId, step.What, step.Why));
        foreach (var line in Table([("when", "rule", "what", "why"), .. rows]))
            yield return line;
        if (outcome.Steps.Count == 0)
            yield return "Nothing would have happened.";
    }

    /// <summary>Each rung of the ladder under both policies; a star marks where they differ.</summary>
    public static IEnumerable<string> Difference(TrialOutcome draft, TrialOutcome inForce)
    {
        (string Rung, string Draft, string InForce)[] rungs =
        [
            ("warned", When(draft.WarnedAt), When(inForce.WarnedAt)),
            ("gated", When(draft.GatedAt), When(inForce.GatedAt)),
            ("paused", When(draft.PausedAt), When(inForce.PausedAt)),
            ("clawed back", ClawedBack(draft), ClawedBack(inForce)),
            ("blacklisted", When(draft.BlacklistedAt), When(inForce.BlacklistedAt)),
        ];
        return Table(
        [
            ("", "draft", "in force", ""),
            .. rungs.Select(rung => (rung.Rung, rung.Draft, rung.InForce, rung.Draft == rung.InForce ? "" : "*")),
        ]);
    }

    private static string ClawedBack(TrialOutcome outcome) =>
        outcome.ClawedBackAt is null ? When(null) : $"{When(outcome.ClawedBackAt)} {outcome.ClawedBack}";

    private static string When(long? seconds) => seconds is { } at
        ? DateTimeOffset.FromUnixTimeSeconds(at).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
        : "never";

    private static IEnumerable<string> Table(IReadOnlyList<(string, string, string, string)> rows)
    {
        int Width(Func<(string, string, string, string), string> cell) => rows.Max(row => cell(row).Length);
        var (first, second, third) = (Width(row => row.Item1), Width(row => row.Item2), Width(row => row.Item3));
        return rows.Select(row =>
            $"{row.Item1.PadRight(first)}  {row.Item2.PadRight(second)}  {row.Item3.PadRight(third)}  {row.Item4}".TrimEnd());
    }
}

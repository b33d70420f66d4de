using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Domain;

namespace Grants.Cli;

/// <summary>What a vote came to, as one JSON object. Amounts are decimal strings, so that no reader loses digits.</summary>
internal static class TallyOutput
{
    private static readonly JsonSerializerOptions Plain = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.Never,
    };

    public static string Write(TallyInput input, VotingOutcome outcome)
    {
        var count = outcome.Count;
        var result = new Dictionary<string, object?>
        {
            ["system"] = input.Rules.System,
            ["scores"] = count.Scores.Take(input.ChoiceCount),
            ["total"] = count.Power,
            ["voters"] = count.Voters,
            ["winner"] = count.Winner == 0 ? null : count.Winner,
            ["outcome"] = outcome.IsApproved ? "approved" : "rejected",
            ["reason"] = outcome.Reason,
            ["quorums"] = outcome.Quorums.Select(Finding),
            ["thresholdMet"] = outcome.ThresholdMet,
            ["derivation"] = count.Derivation,
        };
        if (input.Ignored.Count > 0)
            result["ignored"] = input.Ignored;
        return JsonSerializer.Serialize(result, Plain);
    }

    private static object Finding(QuorumFinding finding) => new
    {
        Kind = JsonNamingPolicy.SnakeCaseUpper.ConvertName(finding.Quorum.Kind.ToString()),
        Counting = JsonNamingPolicy.SnakeCaseUpper.ConvertName(finding.Quorum.Counting.ToString()),
        finding.Quorum.Least,
        finding.Needed,
        finding.Reached,
        Met = finding.IsMet,
    };
}

using System.Text.Json;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>The rules of counting as a file holds them, read generously: what is left out is the plainest rule.</summary>
internal sealed record TallyRules(VotingRules Rules, int ChoiceCount, UInt256? Supply, IReadOnlyList<string> Ignored)
{
    private static readonly string[] Names =
        ["system", "choices", "approvingChoices", "abstainChoice", "quorum", "quorums", "threshold", "supply"];

    // Of what a file does not say: any times, and any source of power, so that the rules can be checked as a whole.
    private static readonly PowerRules AnyPower = new([PowerStrategy.BalanceOf(new Address([.. new byte[Address.Length - 1], 1]))]);

    /// <exception cref="FormatException">Another shape, or rules that contradict themselves.</exception>
    public static TallyRules Read(JsonTerms terms)
    {
        var system = terms.Text("system");
        var hasSides = system is VotingRules.Basic or VotingRules.Optimistic;
        var names = terms.Find("choices") is { } named ? Choices(terms, named) : null;
        if (hasSides && names is not (null or { Count: 2 or 3 }))
            throw terms.Wrong($"the choices of {system} are for, against and, if there is a third, abstain");
        var choices = hasSides ? VotingRules.Sides : names ?? throw terms.Wrong("choices is missing");
        var abstain = Number(terms, "abstainChoice") ?? (hasSides ? 3 : 0);
        var rules = new VotingRules(
            system,
            choices,
            Approving(terms) ?? (hasSides ? [1] : [.. Enumerable.Range(1, choices.Count).Where(choice => choice != abstain)]),
            abstain,
            [.. Quorums(terms)],
            ReadThreshold(terms, system),
            0,
            1,
            0,
            AnyPower);
        if (rules.Validate() is { } wrong)
            throw terms.Wrong(wrong.Message.TrimEnd('.'));
        UInt256? supply = terms.Find("supply") is null ? null : terms.Amount("supply");
        return supply is null && rules.Quorums.Any(quorum => quorum.Kind == QuorumKind.SupplyShare)
            ? throw terms.Wrong("a quorum is a share of the supply, and supply is missing")
            : new TallyRules(rules, hasSides ? names?.Count ?? 3 : choices.Count, supply, [.. terms.Names.Except(Names)]);
    }

    private static ValueList<string> Choices(JsonTerms terms, JsonElement choices) =>
        choices.ValueKind == JsonValueKind.Array && choices.EnumerateArray().All(choice => choice.ValueKind == JsonValueKind.String)
            ? [.. choices.EnumerateArray().Select(choice => choice.GetString()!)]
            : throw terms.Wrong("choices must be an array of names");

    private static ValueList<int>? Approving(JsonTerms terms)
    {
        if (terms.Find("approvingChoices") is not { } choices)
            return null;
        return choices.ValueKind == JsonValueKind.Array
            ? [.. choices.EnumerateArray().Select(choice => Number(terms, choice, "approvingChoices"))]
            : throw terms.Wrong("approvingChoices must be an array of numbers");
    }

    private static int? Number(JsonTerms terms, string name) => terms.Find(name) is { } value ? Number(terms, value, name) : null;

    private static int Number(JsonTerms terms, JsonElement value, string name)
    {
        var number = terms.Amount(value, name);
        return number <= VotingRules.ChoicesMax ? (int)(ulong)number : throw terms.Wrong($"{name} must name choices");
    }

    private static IEnumerable<Quorum> Quorums(JsonTerms terms)
    {
        if (terms.Find("quorum") is not null && terms.Find("quorums") is not null)
            throw terms.Wrong("quorum and quorums say the same");
        return (terms.Find("quorum") ?? terms.Find("quorums")) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } several => several.EnumerateArray().Select(each => ReadQuorum(terms, each)),
            { } one => [ReadQuorum(terms, one)],
        };
    }

    private static Quorum ReadQuorum(JsonTerms terms, JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object)
            return new Quorum(QuorumKind.Power, terms.Amount(element, "quorum"));
        var quorum = new JsonTerms(element, "quorum");
        return new Quorum(
            Enumerated<QuorumKind>(quorum, "kind"),
            quorum.Amount("least"),
            quorum.Find("counting") is null ? QuorumCounting.All : Enumerated<QuorumCounting>(quorum, "counting"));
    }

    private static Threshold ReadThreshold(JsonTerms terms, string system)
    {
        if (terms.Find("threshold") is not { } element)
            return Threshold.SimpleMajority;
        if (element.ValueKind != JsonValueKind.Object)
        {
            var kind = system == VotingRules.Optimistic ? ThresholdKind.Against : ThresholdKind.Supermajority;
            return new Threshold(kind, terms.Amount(element, "threshold"));
        }

        var threshold = new JsonTerms(element, "threshold");
        return new Threshold(
            Enumerated<ThresholdKind>(threshold, "kind"),
            threshold.Find("value") is null ? UInt256.Zero : threshold.Amount("value"));
    }

    // As the API names them, such as SUPPLY_SHARE.
    private static T Enumerated<T>(JsonTerms terms, string name)
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>().ToDictionary(value => JsonNamingPolicy.SnakeCaseUpper.ConvertName(value.ToString()));
        return values.TryGetValue(terms.Text(name), out var found)
            ? found
            : throw terms.Wrong($"{name} must be one of {string.Join(", ", values.Keys)}");
    }
}

using System.Globalization;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Policies;

/// <summary>What is wrong in the text of a policy, and where.</summary>
/// <param name="Path">As <c>rules[0].window.seconds</c>; empty for the whole.</param>
/// <param name="Line">From 1.</param>
public sealed record PolicyProblem(string Path, int Line, string Problem)
{
    public override string ToString() => Path.Length == 0 ? $"Line {Line}: {Problem}" : $"Line {Line}, {Path}: {Problem}";
}

/// <summary>
/// A policy as people write it: the JSON of <c>schema/policies/policy.schema.json</c>. Every problem is told with its path and
/// its line; nothing that the schema does not know is passed over.
/// </summary>
public sealed class PolicyText
{
    public const int LengthMax = 65_536;

    internal static readonly Dictionary<string, RuleKind> Measures = new()
    {
        ["disposalBps"] = RuleKind.MaxDisposal,
        ["sellBps"] = RuleKind.MaxSale,
        ["twrrBps"] = RuleKind.MinTimeWeightedReinvestment,
        ["retentionBps"] = RuleKind.MinRetention,
        ["reinvestBps"] = RuleKind.MinReinvestment,
    };

    private readonly List<PolicyProblem> problems = [];
    private readonly Dictionary<string, TextNode> places = [];

    private PolicyText()
    {
    }

    /// <summary>The policy, or what is wrong with it: one of the two is empty.</summary>
    public static (ReinvestmentPolicy? Policy, IReadOnlyList<PolicyProblem> Problems) Read(string text)
    {
        if (text.Length > LengthMax)
            return (null, [new PolicyProblem(string.Empty, 1, $"A policy has at most {LengthMax} characters.")]);
        var reading = new PolicyText();
        try
        {
            var policy = reading.Policy(TextNode.Parse(text));
            if (reading.problems.Count == 0)
                reading.problems.AddRange(PolicyLimits.ProblemsOf(policy).Select(reading.Placed));
            return reading.problems.Count == 0 ? (policy, []) : (null, [.. reading.problems.OrderBy(problem => problem.Line)]);
        }
        catch (JsonException wrong)
        {
            var line = (int)(wrong.LineNumber ?? 0) + 1;
            return (null, [new PolicyProblem(wrong.Path ?? string.Empty, line, "This is not JSON: " + wrong.Message)]);
        }
    }

    private ReinvestmentPolicy Policy(TextNode node)
    {
        Members(node, "$schema", "policyId", "version", "rules", "checkpoints", "venues", "pools", "unknowns", "labels",
            "otherChain");
        var checkpoints = node.Members.GetValueOrDefault("checkpoints");
        if (checkpoints is not null)
            Members(checkpoints, "extraPerDay", "haltAfterSeconds");
        return new ReinvestmentPolicy(
            Text(node, "policyId", "policyId"),
            (int)Number(node, "version", "version", max: int.MaxValue),
            List(node, "rules", Rule),
            new PolicyCheckpoints(
                checkpoints is null ? 0 : (int)Number(checkpoints, "extraPerDay", "checkpoints.extraPerDay", 0, int.MaxValue),
                checkpoints is null ? 0 : Number(checkpoints, "haltAfterSeconds", "checkpoints.haltAfterSeconds", 0)),
            List(node, "venues", Venue),
            List(node, "labels", Label),
            node.Members.GetValueOrDefault("unknowns") is { } unknowns ? Unknowns(unknowns) : PolicyUnknowns.Usual,
            node.Members.GetValueOrDefault("pools") is { } pools ? Pools(pools) : null,
            node.Members.GetValueOrDefault("otherChain") is { } other ? Other(other) : null);
    }

    private PolicyPools Pools(TextNode node)
    {
        Members(node, "ownShareBps", "pairTokens");
        return new PolicyPools(
            Share(node, "ownShareBps", "pools.ownShareBps", BasisPoints.Whole), List(node, "pairTokens", (token, _) => Account(token)));
    }

    private OtherChain Other(TextNode node)
    {
        Members(node, "chainId", "token", "landsWithinSeconds", "venues", "labels");
        return new OtherChain(
            Number(node, "chainId", "otherChain.chainId"),
            Account(node, "token", "otherChain.token"),
            Number(node, "landsWithinSeconds", "otherChain.landsWithinSeconds"),
            List(node, "venues", Venue),
            List(node, "labels", Label));
    }

    private PolicyUnknowns Unknowns(TextNode node)
    {
        Members(node, "hops", "afterSeconds");
        return new PolicyUnknowns(
            (int)Number(node, "hops", "unknowns.hops", PolicyUnknowns.Usual.Hops, int.MaxValue),
            Number(node, "afterSeconds", "unknowns.afterSeconds", PolicyUnknowns.Usual.Seconds));
    }

    private PolicyRule Rule(TextNode node, string path)
    {
        Members(
            node, "id", "measure", "atMost", "atLeast", "venueKind", "window", "graceSeconds", "curePeriodSeconds", "appealSeconds",
            "lastsSeconds", "pledgingCounts", "driftCounts", "ladder");
        var kind = Choice(node, "measure", $"{path}.kind", Measures);
        var isMost = kind is RuleKind.MaxDisposal or RuleKind.MaxSale;
        if (node.Members.GetValueOrDefault(isMost ? "atLeast" : "atMost") is { } other)
            Wrong(other, isMost ? "This measure has atMost." : "This measure has atLeast.");
        var window = node.Members.GetValueOrDefault("window");
        if (window is not null)
            Members(window, "kind", "seconds");
        VenueKind? venueKind = node.Members.ContainsKey("venueKind")
            ? Choice(node, "venueKind", $"{path}.venueKind", Names<VenueKind>())
            : null;
        return new PolicyRule(
            Text(node, "id", $"{path}.ruleId"),
            kind,
            Share(node, isMost ? "atMost" : "atLeast", $"{path}.limit"),
            venueKind,
            window is null ? RuleWindow.SinceRelease : Choice(window, "kind", $"{path}.window", Names<RuleWindow>()),
            window is null ? 0 : Number(window, "seconds", $"{path}.windowSeconds", 0),
            Number(node, "graceSeconds", $"{path}.graceSeconds", 0),
            Number(node, "curePeriodSeconds", $"{path}.curePeriodSeconds"),
            Number(node, "appealSeconds", $"{path}.appealSeconds", 0),
            List(node, "ladder", Rung),
            Number(node, "lastsSeconds", $"{path}.lastsSeconds", 0),
            Flag(node, "pledgingCounts", $"{path}.pledgingCounts"),
            Flag(node, "driftCounts", $"{path}.driftCounts"));
    }

    private PolicySanction Rung(TextNode node, string path)
    {
        Members(node, "action", "shareBps", "signaturesRequired", "signers", "programs");
        return new PolicySanction(
            Choice(node, "action", $"{path}.kind", Names<SanctionKind>()),
            Share(node, "shareBps", $"{path}.share", BasisPoints.Whole),
            (int)Number(node, "signaturesRequired", $"{path}.signaturesRequired", 0, int.MaxValue),
            List(node, "signers", (signer, _) => Account(signer)),
            List(node, "programs", (program, _) => TextOf(program)));
    }

    private PolicyVenue Venue(TextNode node, string path)
    {
        Members(node, "address", "kind", "weightBps", "capBps", "minHoldSeconds");
        return new PolicyVenue(
            Account(node, "address", $"{path}.address"),
            Choice(node, "kind", $"{path}.kind", Names<VenueKind>()),
            Share(node, "weightBps", $"{path}.weight", BasisPoints.Whole),
            Share(node, "capBps", $"{path}.cap", BasisPoints.Whole),
            Number(node, "minHoldSeconds", $"{path}.minHoldSeconds", 0));
    }

    private LabelledAddress Label(TextNode node, string path)
    {
        Members(node, "address", "kind");
        return new LabelledAddress(
            Account(node, "address", $"{path}.address"), Choice(node, "kind", $"{path}.kind", Names<AddressKind>()));
    }

    // MIN_HOLD of MinHold: as GraphQL names them.
    internal static string NameOf<T>(T value)
        where T : struct, Enum =>
        string.Concat(value.ToString().Select(
            (letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static Dictionary<string, T> Names<T>()
        where T : struct, Enum => Enum.GetValues<T>().ToDictionary(NameOf);

    private void Wrong(TextNode node, string problem) => problems.Add(new PolicyProblem(node.Path, node.Line, problem));

    private PolicyProblem Placed((string Field, string Problem) wrong)
    {
        for (var field = wrong.Field; ; field = field[..Math.Max(0, field.LastIndexOfAny(['.', '[']))])
        {
            if (places.TryGetValue(field, out var node))
                return new PolicyProblem(node.Path, node.Line, wrong.Problem);
        }
    }

    private void Members(TextNode node, params string[] known)
    {
        places.TryAdd(node.Path, node);
        if (node.Type != JsonTokenType.StartObject)
            Wrong(node, "Must be an object.");
        foreach (var (name, member) in node.Members.Where(member => !known.Contains(member.Key)))
            Wrong(member, $"There is no {name}; there is {string.Join(", ", known)}.");
    }

    /// <summary>The member, noted as the place of a field; a problem where it is missing.</summary>
    private TextNode? Find(TextNode node, string name, string field, bool isNeeded)
    {
        if (node.Members.GetValueOrDefault(name) is { } member)
            return places[field] = member;
        if (isNeeded)
            Wrong(node, $"{name} is missing.");
        return null;
    }

    private string Text(TextNode node, string name, string field) =>
        Find(node, name, field, true) is { } text ? TextOf(text) : string.Empty;

    private string TextOf(TextNode node)
    {
        if (node.Type != JsonTokenType.String)
            Wrong(node, "Must be a text.");
        return node.Text;
    }

    /// <summary>A whole number; <paramref name="otherwise"/> where it is left out, and needed where that is null.</summary>
    private long Number(TextNode node, string name, string field, long? otherwise = null, long max = long.MaxValue)
    {
        if (Find(node, name, field, otherwise is null) is not { } number)
            return otherwise ?? 0;
        if (number.Type == JsonTokenType.Number
            && long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= max)
            return value;
        Wrong(number, $"Must be a whole number from 0 to {max}, without sign, point or exponent.");
        return 0;
    }

    private BasisPoints Share(TextNode node, string name, string field, long? otherwise = null) =>
        new((int)Number(node, name, field, otherwise, BasisPoints.Whole));

    private bool Flag(TextNode node, string name, string field)
    {
        if (Find(node, name, field, false) is not { } flag)
            return false;
        if (flag.Type is not (JsonTokenType.True or JsonTokenType.False))
            Wrong(flag, "Must be true or false.");
        return flag.Type == JsonTokenType.True;
    }

    private T Choice<T>(TextNode node, string name, string field, Dictionary<string, T> choices)
    {
        if (Find(node, name, field, true) is { } choice)
        {
            if (choice.Type == JsonTokenType.String && choices.TryGetValue(choice.Text, out var value))
                return value;
            Wrong(choice, $"Must be one of {string.Join(", ", choices.Keys)}.");
        }

        return choices.Values.First();
    }

    private Address Account(TextNode node, string name, string field) =>
        Find(node, name, field, true) is { } account ? Account(account) : Address.Zero;

    private Address Account(TextNode node)
    {
        if (node.Type == JsonTokenType.String && Address.TryParse(node.Text, out var address))
            return address;
        Wrong(node, "Must be an address: 0x and 40 hexadecimal digits, all lower case or with a right checksum.");
        return Address.Zero;
    }

    private ValueList<T> List<T>(TextNode node, string name, Func<TextNode, string, T> read)
    {
        var path = node.Path.Length == 0 ? name : $"{node.Path}.{name}";
        if (Find(node, name, path, false) is not { } list)
            return [];
        if (list.Type != JsonTokenType.StartArray)
            Wrong(list, "Must be a list.");
        return [.. list.Items.Select(item => read(item, item.Path))];
    }
}

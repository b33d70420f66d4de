using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Grants.Domain;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>A vote as a file holds it.</summary>
/// <param name="Rules">Those of counting; the times and sources of power are not in the file.</param>
/// <param name="ChoiceCount">How many scores there are: a vote of for and against may leave out to abstain.</param>
/// <param name="Supply">What a share of the supply is a share of, base units; null where the file does not say.</param>
/// <param name="Ignored">Members of the rules that mean nothing here.</param>
/// <param name="Ballots">Those that count: one a voter, the choices as canonical JSON.</param>
internal sealed record TallyInput(
    VotingRules Rules,
    int ChoiceCount,
    UInt256? Supply,
    IReadOnlyList<string> Ignored,
    IReadOnlyCollection<(string Choice, UInt256 Power)> Ballots)
{
    /// <exception cref="FormatException">No JSON, another shape, rules that contradict themselves, or an invalid ballot.</exception>
    public static TallyInput Read(ReadOnlyMemory<byte> json)
    {
        if (!Utf8.IsValid(json.Span))
            throw new FormatException("The file is not UTF-8.");
        try
        {
            var mark = json.Span.StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
            using var document = JsonDocument.Parse(json[mark..]);
            return Read(document.RootElement);
        }
        // The second: an escaped half of a character.
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            throw new FormatException($"This is not JSON: {wrong.Message}", wrong);
        }
    }

    private static TallyInput Read(JsonElement file)
    {
        var terms = new JsonTerms(file, "The file");
        var rules = TallyRules.Read(terms.Object("rules"));
        if (terms.Find("ballots") is not { ValueKind: JsonValueKind.Array } ballots)
            throw new FormatException("ballots must be an array.");
        return new TallyInput(rules.Rules, rules.ChoiceCount, rules.Supply, rules.Ignored, Current(ballots, rules));
    }

    private static Dictionary<Address, (string Choice, UInt256 Power)>.ValueCollection Current(JsonElement ballots, TallyRules rules)
    {
        var (current, nonces) = (new Dictionary<Address, (string, UInt256)>(), new Dictionary<Address, UInt256?>());
        var index = 0;
        foreach (var element in ballots.EnumerateArray())
        {
            var ballot = new JsonTerms(element, $"ballots[{index++}]");
            var voter = Voter(ballot);
            var cast = (Choice(ballot, rules), Power(ballot));
            UInt256? nonce = ballot.Find("nonce") is null ? null : ballot.Amount("nonce");
            if (nonces.TryGetValue(voter, out var earlier) && !Replaces(ballot, nonce, earlier))
                continue;
            (nonces[voter], current[voter]) = (nonce, cast);
        }

        return current.Values;
    }

    private static bool Replaces(JsonTerms ballot, UInt256? nonce, UInt256? earlier) => (nonce, earlier) switch
    {
        (null, null) => true,
        ({ } second, { } first) when second != first => second > first,
        _ => throw ballot.Wrong("its voter has another ballot, and the nonces do not say which is the later"),
    };

    private static Address Voter(JsonTerms ballot)
    {
        var text = ballot.Text("voter");
        if (!Address.TryParse(text, out var voter))
            throw ballot.Wrong("voter must be an address: 0x and 40 hexadecimal digits, in lower case or with their checksum");
        return voter.IsZero ? throw ballot.Wrong("voter is the zero address") : voter;
    }

    private static UInt256 Power(JsonTerms ballot)
    {
        var power = ballot.Amount("power");
        return power.IsZero ? throw ballot.Wrong("power must be above zero") : power;
    }

    private static string Choice(JsonTerms ballot, TallyRules rules)
    {
        var system = VotingSystem.Of(rules.Rules.System);
        var choice = ballot.Find("choice") ?? throw ballot.Wrong("choice is missing");
        if (system.Canonical(choice, rules.Rules.Choices.Count) is not { } canonical)
            throw ballot.Wrong($"invalid choice among {rules.ChoiceCount}: {system.ChoiceRule.TrimEnd('.')}");
        return rules.Rules.HasSides && canonical == "3" && rules.ChoiceCount < 3
            ? throw ballot.Wrong("invalid choice: the file names no third choice")
            : canonical;
    }
}

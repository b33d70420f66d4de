using System.Globalization;
using System.Text.Json;
using Grants.Domain.Ballots;
using Grants.Primitives;

namespace Grants.Domain.Tests.Ballots.Systems;

/// <summary>A vote drawn at random: valid ballots of a few or many voters, with ties and landslides.</summary>
internal sealed record DrawnElection(string System, int Choices, IReadOnlyList<(string Choice, UInt256 Power)> Ballots)
{
    private const int FewestChoices = 2;

    public VotingRules Rules => Election.RulesOf(System, Choices);

    public Tally Tally => Tally.Of(Rules, Ballots);

    public Election Election => new(Rules, Tally);

    /// <summary>Draws a vote. Powers are those of a double that holds every sum of them exactly, where it must.</summary>
    public static DrawnElection Draw(Random random, string system, bool exactInDoubles = false)
    {
        var choices = system is VotingRules.Basic or VotingRules.Optimistic ? 3 : random.Next(FewestChoices, 8);
        var kind = random.Next(exactInDoubles ? 2 : 3);
        return new DrawnElection(
            system,
            choices,
            [.. Enumerable.Range(0, random.Next(random.Next(3) == 0 ? 4 : 40))
                .Select(_ => (Choice(random, system, choices), Power(random, kind)))]);
    }

    /// <summary>A valid choice.</summary>
    public static string Choice(Random random, string system, int choices) => system switch
    {
        "approval@1" => Text(Some(random, choices).Order()),
        "weighted@1" or "quadratic@1" => Weights(random, choices),
        "ranked-choice@1" or "copeland@1" => Text(Shuffled(random, choices)),
        _ => (1 + random.Next(choices)).ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>The same vote with other numbers for the choices: what was <c>i</c> is <c>names[i - 1]</c>.</summary>
    public DrawnElection Renamed(int[] names) => this with
    {
        Ballots = [.. Ballots.Select(ballot => (Renamed(ballot.Choice, names), ballot.Power))],
    };

    public static int[] Shuffled(Random random, int choices)
    {
        int[] numbers = [.. Enumerable.Range(1, choices)];
        random.Shuffle(numbers);
        return numbers;
    }

    public static string Text(IEnumerable<int> numbers) => $"[{string.Join(',', numbers)}]";

    private string Renamed(string choice, int[] names)
    {
        var json = JsonElement.Parse(choice);
        var renamed = json.ValueKind switch
        {
            JsonValueKind.Number => $"{names[json.GetInt32() - 1]}",
            JsonValueKind.Array => Text(json.EnumerateArray().Select(item => names[item.GetInt32() - 1])),
            _ => $"{{{string.Join(',', json.EnumerateObject().Select(part => $"\"{names[int.Parse(part.Name) - 1]}\":{part.Value}"))}}}",
        };
        return Election.Canonical(System, Choices, renamed)!;
    }

    private static int[] Some(Random random, int choices) => Shuffled(random, choices)[..random.Next(1, choices + 1)];

    private static string Weights(Random random, int choices)
    {
        var most = random.Next(2) == 0 ? 4 : 140;
        return $"{{{string.Join(',', Some(random, choices).Order().Select(choice => $"\"{choice}\":{random.Next(1, most)}"))}}}";
    }

    private static UInt256 Power(Random random, int kind) => kind switch
    {
        0 => (ulong)random.Next(1, 6),
        1 => (ulong)random.NextInt64(1, 1L << 45),
        _ => (ulong)random.NextInt64(1, long.MaxValue) * (UInt256)(ulong)random.NextInt64(1, 1L << random.Next(1, 40)),
    };
}

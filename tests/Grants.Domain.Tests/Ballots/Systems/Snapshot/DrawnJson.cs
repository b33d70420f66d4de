namespace Grants.Domain.Tests.Ballots.Systems.Snapshot;

/// <summary>JSON that may be a choice, often nearly one.</summary>
internal static class DrawnJson
{
    private static readonly string[] Numbers =
        ["0", "-1", "4", "1.0", "2e0", "1.5", "\"1\"", "\"01\"", "\"\"", "null", "true", "[1]", "{}"];

    private static readonly string[] Keys = ["01", "1.0", "0", "4", "-1", "", " 1", "0x1", "a"];

    private static readonly string[] Weights = ["0", "0", "-1", "0.5", "1.0", "1001", "999999", "33.3", "\"1\"", "null"];

    public static string Choice(Random random, int choices) => random.Next(8) switch
    {
        0 => Number(random, choices),
        1 or 2 => $"[{string.Join(',', Enumerable.Range(0, random.Next(choices + 2)).Select(_ => Number(random, choices)))}]",
        3 or 4 => DrawnElection.Text(DrawnElection.Shuffled(random, choices)[..random.Next(choices + 1)]),
        _ => Object(random, choices),
    };

    private static string Number(Random random, int choices) =>
        random.Next(6) == 0 ? Numbers[random.Next(Numbers.Length)] : $"{random.Next(1, choices + 1)}";

    // Keys differ: of the same key twice JSON.parse keeps one, and nobody sees the other.
    private static string Object(Random random, int choices)
    {
        var keys = Enumerable.Range(0, random.Next(choices + 1))
            .Select(_ => random.Next(8) == 0 ? Keys[random.Next(Keys.Length)] : $"{random.Next(1, choices + 1)}")
            .Distinct();
        return $"{{{string.Join(',', keys.Select(key => $"\"{key}\":{Weight(random)}"))}}}";
    }

    private static string Weight(Random random) => random.Next(6) == 0 ? Weights[random.Next(Weights.Length)] : $"{random.Next(1, 100)}";
}

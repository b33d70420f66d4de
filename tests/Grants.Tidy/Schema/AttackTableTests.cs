using System.Text.RegularExpressions;
using Xunit;

namespace Grants.Tidy.Schema;

/// <summary>Every attack that is known has its row, and every test that a row names exists.</summary>
public sealed partial class AttackTableTests
{
    private const string Table = "tests/attacks.md";

    // Rows that nothing shows: each says why. The number only goes down.
    private const int UnshownMax = 12;

    [Fact]
    public void every_attack_has_one_row() => Assert.Equal(
        Ids("B-", 79).Concat(Ids("T-GQL-", 21)).Concat(Ids("T-AUTH-", 24)), Rows().Select(row => row.Id));

    [Fact]
    public void every_test_that_a_row_names_exists()
    {
        var tests = Repository.Sources
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => TestMethod().Matches(Repository.Text(file)!)
                .Select(method => $"{Path.GetFileNameWithoutExtension(file)}.{method.Groups["name"].Value}"))
            .ToHashSet(StringComparer.Ordinal);
        var missing = Rows().SelectMany(row => Named().Matches(row.Shown).Select(name => (row.Id, Test: name.Groups["test"].Value)))
            .Where(named => !tests.Contains(named.Test));
        Assert.Empty(missing);
    }

    [Fact]
    public void what_nothing_shows_says_why()
    {
        var unshown = Rows().Where(row => row.Outcome == "none").ToList();
        Assert.All(unshown, row => Assert.True(row.Shown.Length > 20, row.Id));
        Assert.All(Rows().Except(unshown), row => Assert.Matches(Named(), row.Shown));
        Assert.True(unshown.Count <= UnshownMax, $"{unshown.Count} rows have no test.");
    }

    private static IEnumerable<string> Ids(string prefix, int count) => Enumerable.Range(1, count).Select(i => $"{prefix}{i:00}");

    private static IEnumerable<(string Id, string Outcome, string Shown)> Rows() => Repository.Text(Table)!.Split('\n')
        .Select(line => line.Split(" | ", StringSplitOptions.TrimEntries))
        .Where(cells => cells is [['|', ' ', 'B' or 'T', '-', ..], _, _, _])
        .Select(cells => (cells[0].TrimStart('|', ' '), cells[2], cells[3].TrimEnd('|', ' ')));

    [GeneratedRegex(@"^    public (async )?(Task|void) (?<name>[a-z0-9_]+)\(", RegexOptions.Multiline)]
    private static partial Regex TestMethod();

    [GeneratedRegex(@"`(?<test>\w+\.\w+)`")]
    private static partial Regex Named();
}

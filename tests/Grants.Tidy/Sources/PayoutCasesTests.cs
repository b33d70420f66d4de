using System.Text.RegularExpressions;
using Xunit;

namespace Grants.Tidy.Sources;

/// <summary>Every failure that the treasury was designed against has a row, and the tests that the row names exist.</summary>
public sealed partial class PayoutCasesTests
{
    private const string Table = "tests/payout-cases.md";
    private const int Cases = 64;

    [Fact]
    public void every_case_has_one_row() =>
        Assert.Equal(Enumerable.Range(1, Cases).Select(number => $"P-{number}"), Rows().Select(row => row.Case));

    [Fact]
    public void every_row_names_its_tests_or_says_that_there_is_none() => Assert.All(Rows(), row => Assert.True(
        row.Tests.Length > 0 || row.Remark.StartsWith("Not ", StringComparison.Ordinal), row.Case));

    [Fact]
    public void every_test_that_is_named_exists()
    {
        var methods = Repository.Files
            .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) && file.EndsWith(".cs", StringComparison.Ordinal)
                || file.EndsWith(".t.sol", StringComparison.Ordinal))
            .SelectMany(file => Method().Matches(Repository.Text(file)!))
            .Select(match => match.Groups[1].Value)
            .ToHashSet();
        Assert.All(Rows().SelectMany(row => row.Tests), test => Assert.Contains(test, methods));
    }

    private static IEnumerable<(string Case, string[] Tests, string Remark)> Rows() => Repository.Text(Table)!.Split('\n')
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is [_, ['P', '-', ..], ..])
        .Select(cells => (cells[1], Name().Matches(cells[3]).Select(match => match.Groups[1].Value).ToArray(), cells[4]));

    [GeneratedRegex("`([A-Za-z_0-9]+)`")]
    private static partial Regex Name();

    [GeneratedRegex(@"(?:async Task|void|function) ([A-Za-z_0-9]+)\(")]
    private static partial Regex Method();
}

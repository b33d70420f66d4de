using System.Text.RegularExpressions;
using Xunit;

namespace Grants.Tidy.Sources;

/// <summary>The table of what a chain may do names tests that exist, and leaves out no id of the lists.</summary>
public sealed partial class ScenarioTests
{
    private static readonly string Table = File.ReadAllText(Repository.Absolute("tests/chain-scenarios.md"));

    [Fact]
    public void every_named_test_exists()
    {
        var sources = Repository.Sources.Where(file => file.StartsWith("tests/", StringComparison.Ordinal))
            .ToLookup(file => Path.GetFileNameWithoutExtension(file)!);
        Findings.None(TestNames().Matches(Table)
            .Select(name => (Class: name.Groups[1].Value, Method: name.Groups[2].Value))
            .Distinct()
            .Where(name => !sources[name.Class].Any(file =>
                Repository.Text(file)?.Contains($" {name.Method}(", StringComparison.Ordinal) == true))
            .Select(name => $"tests/chain-scenarios.md names {name.Class}.{name.Method}, which is not there."));
    }

    [Fact]
    public void every_id_has_a_row() => Assert.Equal(
        [.. Enumerable.Range(1, 14).Select(n => $"T-RPC-{n:00}"), .. Enumerable.Range(1, 10).Select(n => $"T-CHN-{n:00}")],
        Ids().Matches(Table).Select(row => row.Groups[1].Value));

    [GeneratedRegex(@"`(\w+)\.([a-z_0-9]+)`")]
    private static partial Regex TestNames();

    [GeneratedRegex(@"^\| (T-(?:RPC|CHN)-\d\d) \| [^|]+ \| `", RegexOptions.Multiline)]
    private static partial Regex Ids();
}

using Xunit;

namespace Grants.Service.Tests.Hostile;

/// <summary>
/// What a node may say that is wrong, from the shape of an answer to a payment that nobody ordered, and what has to come of it.
/// The names are those of the list of bad inputs. The library's own tests vary most of them further.
/// </summary>
public sealed class HostileNodeTests(LocalServers servers)
{
    private static readonly Dictionary<string, Func<LocalServers, Task>> All =
        new[] { AnswerCases.All, ChainCases.All, FlaggedCases.All, MoneyCases.All }.SelectMany(cases => cases).ToDictionary();

    public static IEnumerable<TheoryDataRow<string>> Cases() =>
        All.Keys.Order(StringComparer.Ordinal).Select(what => new TheoryDataRow<string>(what) { TestDisplayName = what });

    [Theory]
    [MemberData(nameof(Cases))]
    public Task the_outcome_is_the_one_that_is_demanded(string what) => All[what](servers);

    [Fact]
    public void no_case_of_the_list_is_left_out() => Assert.Equal(
        Enumerable.Range(80, 17).Select(number => $"B-{number}"), All.Keys.Select(name => name[..4]).Distinct().Order());
}

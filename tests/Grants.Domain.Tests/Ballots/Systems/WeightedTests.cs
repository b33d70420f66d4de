using System.Numerics;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

public sealed class WeightedTests
{
    private const string System = "weighted@1";

    [Fact]
    public void a_ballot_is_split_by_its_weights_exactly()
    {
        var election = Election.Of(System, 3, ("{\"1\":1,\"2\":2}", 10), ("{\"2\":3,\"3\":4}", 1));
        Assert.Equal(["10/3", "149/21", "4/7"], election.Scores);
        Assert.Equal(2, election.Count.Winner);
    }

    [Fact]
    public void thirds_of_three_are_a_whole() => Assert.Equal(
        ["1", "2"],
        Election.Of(System, 2, ("{\"1\":1,\"2\":2}", 1), ("{\"1\":1,\"2\":2}", 1), ("{\"1\":2,\"2\":4}", 1)).Scores);

    [Fact]
    public void weights_of_one_proportion_are_in_one_cell()
    {
        var split = Election.Of(System, 2, ("{\"1\":1,\"2\":3}", 8), ("{\"1\":25,\"2\":75}", 8), ("{\"1\":250000,\"2\":750000}", 8));
        Assert.Equal(["1/4=24", "2/4=72"], split.Tally.Cells.Select(cell => $"{cell.Key}={cell.Value}"));
    }

    [Fact]
    public void equal_sums_of_different_fractions_are_a_tie() => Assert.Equal(
        0, Election.Of(System, 2, ("{\"1\":1,\"2\":2}", 3), ("{\"1\":5,\"2\":1}", 6), ("{\"2\":1}", 3)).Count.Winner);

    /// <summary>However voters choose their weights, the scores can be stored and read.</summary>
    [Fact]
    public void scores_stay_short()
    {
        var power = UInt256.MaxValue / 4_000;
        var rules = Election.RulesOf(System, 3);
        var ballots = Enumerable.Range(2, 999).Concat([1_250, 2_000, 2_500, 5_000, 10_000]).SelectMany(
            sum => new[] { $"{{\"1\":1,\"2\":{sum - 1}}}", $"{{\"2\":1,\"3\":{sum - 1}}}" });
        var count = VotingSystem.Of(System).Count(Tally.Of(rules, ballots.Select(choice => (choice, power))), rules);
        Assert.All(count.Scores, score => Assert.True(Rational.TryParse(score.ToString(), out var read) && read == score));
        Assert.True(count.Scores[0].Denominator > BigInteger.Pow(10, 400));
        Assert.Equal((Rational)count.Power, count.Scores[0] + count.Scores[1] + count.Scores[2]);
    }
}

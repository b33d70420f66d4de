using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

public sealed class CopelandTests
{
    private const string System = "copeland@1";

    [Fact]
    public void whoever_beats_all_others_wins_without_most_first_places()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 40), ("[2,3,1]", 35), ("[3,2,1]", 25));
        Assert.Equal(2, election.Count.Winner);
        Assert.Equal(
            new ValueList<ValueList<UInt256>>([[0, 40, 40], [60, 0, 75], [60, 25, 0]]), election.Count.Derivation.Pairwise);
        // Points 0, 4, 2; support 80, 135, 85 of 2 · 100, half of it added: 0.2, 4.3375, 2.2125 of 6.75.
        Assert.Equal(["80/27", "1735/27", "295/9"], election.Scores);
    }

    [Fact]
    public void equal_points_are_decided_by_the_average_support()
    {
        // a and b each beat c and are equal; a beats c by more.
        var election = Election.Of(
            System, 3, ("[1,2,3]", 20), ("[1,3,2]", 15), ("[2,1,3]", 20), ("[2,3,1]", 5), ("[3,2,1]", 10));
        Assert.Equal(1, election.Count.Winner);
        Assert.Contains("a 3, b 3, c 0", election.Count.Derivation.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void a_circle_of_equals_leaves_no_winner()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 1), ("[2,3,1]", 1), ("[3,1,2]", 1));
        Assert.Equal(["1", "1", "1"], election.Scores);
        Assert.Equal(0, election.Count.Winner);
    }

    [Fact]
    public void no_support_makes_up_for_a_pair_that_is_lost()
    {
        // a beats b by one unit; b is ahead of c by all, a by few.
        var election = Election.Of(System, 3, ("[1,2,3]", 51), ("[2,3,1]", 50));
        Assert.Equal(1, election.Count.Winner);
    }

    [Fact]
    public void a_cell_is_a_pair_that_the_ballots_rank_in_order() => Assert.Equal(
        ["1>2=7", "1>3=7", "2>3=2"],
        Election.Of(System, 3, ("[1,3,2]", 5), ("[1,2,3]", 2)).Tally.Cells.Select(cell => $"{cell.Key}={cell.Value}"));
}

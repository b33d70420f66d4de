using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

public sealed class RankedChoiceTests
{
    private const string System = "ranked-choice@1";

    [Fact]
    public void whoever_has_more_than_half_has_won_at_once()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 51), ("[2,1,3]", 30), ("[3,2,1]", 19));
        Assert.Equal(["51", "30", "19"], election.Scores);
        Assert.Equal(1, election.Count.Winner);
        Assert.Equal("Round 1: 100 in play, a majority is 51. a has it.", election.Count.Derivation.Explanation);
    }

    [Fact]
    public void half_is_no_majority()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 50), ("[2,1,3]", 30), ("[3,2,1]", 20));
        Assert.Equal(["50", "50", "0"], election.Scores);
        Assert.Equal(0, election.Count.Winner);
        Assert.EndsWith("The best are tied: nobody has won.", election.Count.Derivation.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void the_rounds_tell_who_left_and_where_the_power_went()
    {
        var election = Election.Of(System, 4, ("[1]", 100), ("[2,1]", 200), ("[3,2]", 150), ("[4]", 50));
        var count = election.Count;
        Assert.Equal(
            new ValueList<CountingRound>(
            [
                new([100, 200, 150, 50], [4], 0),
                new([100, 200, 150, 0], [1], 50),
                new([0, 200, 150, 0], [], 150),
            ]),
            count.Derivation.Rounds);
        Assert.Equal(["0", "200", "150", "0"], election.Scores);
        Assert.Equal((2, UInt256.Parse("500")), (count.Winner, count.Power));
        Assert.Equal(
            "Round 1: 500 in play, a majority is 251. d leaves. Round 2: 450 in play, a majority is 226. a leaves. "
            + "Round 3: 350 in play, a majority is 176. b has it.",
            count.Derivation.Explanation);
    }

    [Fact]
    public void choices_without_any_power_leave_together()
    {
        var rounds = Election.Of(System, 5, ("[1,2,3,4,5]", 4), ("[2,1,3,4,5]", 3), ("[4,2,1,3,5]", 3)).Count.Derivation.Rounds;
        Assert.Equal<int>([3, 5], rounds[0].Eliminated);
    }

    [Fact]
    public void the_last_place_goes_to_whom_the_round_before_put_behind()
    {
        // b and c have 5 in round 2, when the power of d has gone to c; in round 1 b had 5 and c had 3. More rank c above b.
        var election = Election.Of(System, 4, ("[1,3,2,4]", 7), ("[2,1,3,4]", 5), ("[3,2,1,4]", 3), ("[4,3,2,1]", 2));
        Assert.Equal<int>([4], election.Count.Derivation.Rounds[0].Eliminated);
        Assert.Equal<int>([3], election.Count.Derivation.Rounds[1].Eliminated);
        Assert.Equal(2, election.Count.Winner);
        Assert.Contains("b and c are tied for the last place. c leaves.", election.Count.Derivation.Explanation, StringComparison.Ordinal);
    }

    [Fact]
    public void in_the_first_round_the_last_place_goes_to_whom_fewer_prefer()
    {
        // b and c have 3 each; the ballots for a rank c above b.
        var election = Election.Of(System, 3, ("[1,3,2]", 4), ("[2,3,1]", 3), ("[3,2,1]", 3));
        Assert.Equal<int>([2], election.Count.Derivation.Rounds[0].Eliminated);
        Assert.Equal(3, election.Count.Winner);
    }

    [Fact]
    public void a_ranked_choice_is_above_those_that_a_ballot_leaves_out()
    {
        var election = Election.Of(System, 3, ("[1,3]", 4), ("[2]", 3), ("[3]", 3));
        Assert.Equal<int>([2], election.Count.Derivation.Rounds[0].Eliminated);
    }

    [Fact]
    public void to_leave_one_out_weighs_no_more_than_to_rank_it_last()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 3), ("[1,3]", 2), ("[2]", 4), ("[3]", 4));
        Assert.Equal<int>([3], election.Count.Derivation.Rounds[0].Eliminated);
    }

    [Fact]
    public void those_whom_nothing_tells_apart_leave_together()
    {
        var election = Election.Of(System, 3, ("[1]", 4), ("[2,3,1]", 3), ("[3,2,1]", 3));
        Assert.Equal<int>([2, 3], election.Count.Derivation.Rounds[0].Eliminated);
        Assert.Equal((1, "10"), (election.Count.Winner, election.Scores[0]));
    }

    [Fact]
    public void where_nothing_tells_any_apart_nobody_wins()
    {
        var election = Election.Of(System, 3, ("[1,2,3]", 1), ("[2,3,1]", 1), ("[3,1,2]", 1));
        Assert.Equal(["1", "1", "1"], election.Scores);
        Assert.Equal(0, election.Count.Winner);
        Assert.Single(election.Count.Derivation.Rounds);
    }

    [Fact]
    public void a_hundred_choices_come_to_an_end()
    {
        var random = new Random(1);
        var election = Election.Of(System, 100);
        for (var voter = 0; voter < 300; voter++)
            election = election.Cast(DrawnElection.Text(DrawnElection.Shuffled(random, 100)), (ulong)random.NextInt64(1, long.MaxValue));
        Assert.NotEqual(0, election.Count.Winner);
        Assert.Contains(election.Count.Derivation.Rounds.Count, Enumerable.Range(50, 50));
    }
}

using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

public sealed class SingleAndApprovalTests
{
    [Fact]
    public void of_single_choices_each_has_the_power_of_those_who_chose_it()
    {
        var election = Election.Of("single-choice@1", 4, ("2", 5), ("3", 7), ("2", 6));
        Assert.Equal(["0", "11", "7", "0"], election.Scores);
        Assert.Equal(2, election.Count.Winner);
        Assert.Equal("Each choice has the power of those who chose it. b has the most.", election.Count.Derivation.Explanation);
    }

    [Fact]
    public void the_best_that_are_equal_leave_no_winner()
    {
        Assert.Equal(0, Election.Of("single-choice@1", 3, ("1", 5), ("3", 5), ("2", 4)).Count.Winner);
        Assert.Equal(0, Election.Of("approval@1", 3, ("[1,3]", 5), ("[2]", 4)).Count.Winner);
    }

    [Fact]
    public void who_abstains_wins_nothing()
    {
        var election = Election.Of("single-choice@1", 3, ("1", 5), ("3", 9));
        var rules = election.Rules with { ApprovingChoices = [1], AbstainChoice = 3 };
        Assert.Null(rules.Validate());
        Assert.Equal(3, election.Count.Winner);
        Assert.Equal(1, (election with { Rules = rules }).Count.Winner);
    }

    [Fact]
    public void of_approvals_each_has_the_whole_power_of_all_who_approve()
    {
        var election = Election.Of("approval@1", 3, ("[1,2,3]", 10), ("[1,3]", 5), ("[3]", 1));
        Assert.Equal(["15", "10", "16"], election.Scores);
        Assert.Equal((16, 3, 3), ((int)(ulong)election.Count.Power, election.Count.Winner, election.Count.Voters));
    }
}

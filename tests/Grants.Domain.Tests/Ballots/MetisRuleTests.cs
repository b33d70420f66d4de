using Grants.Domain.Ballots;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots;

/// <summary>
/// The rules of the Metis ecosystem's proposals: 72 hours, at least 80 % yes, 10,000 METIS and 500 wallets. Since 2025:
/// approved unless 5,000 METIS are against within 5 days; then one last vote with quadratic voting, 5,000 METIS and 400 wallets.
/// </summary>
public sealed class MetisRuleTests
{
    private static readonly PowerStrategy Metis = PowerStrategy.BalanceOf(AProgram.Named("METIS"));

    private static readonly VotingRules First = VotingRules.ForAndAgainst(
        [new Quorum(QuorumKind.Power, Tokens(10_000)), new Quorum(QuorumKind.Voters, 500)],
        Threshold.Supermajority(new BasisPoints(8_000)),
        72 * 3_600,
        Metis);

    private static readonly VotingRules Last = First with
    {
        System = "quadratic@1",
        Quorums = [new Quorum(QuorumKind.Power, Tokens(5_000)), new Quorum(QuorumKind.Voters, 400)],
        Threshold = Threshold.SimpleMajority,
    };

    private static readonly VotingRules Optimistic = First with
    {
        System = VotingRules.Optimistic,
        Quorums = [],
        Threshold = new Threshold(ThresholdKind.Against, Tokens(5_000)),
        VotingPeriodSeconds = 5 * 86_400,
        Revote = Last,
    };

    [Fact]
    public void the_rules_can_be_written_down()
    {
        Assert.Null(First.Validate());
        Assert.Null(Optimistic.Validate());
        Assert.Equal(259_200, First.VotingPeriodSeconds);
        Assert.NotNull((Last with { Revote = First }).Validate() ?? (Optimistic with { Revote = Optimistic }).Validate());
    }

    [Theory]
    [InlineData(400, 100, 20, true, "")]
    [InlineData(400, 99, 21, false, "499 of 500 voters")]
    [InlineData(399, 101, 20, false, "below the threshold")]
    [InlineData(400, 100, 19, false, "quorum")]
    public void three_days_four_fifths_ten_thousand_tokens_and_five_hundred_wallets(
        int yes, int no, int tokensEach, bool approved, string reason)
    {
        var outcome = Vote(First, ("1", yes, Tokens((ulong)tokensEach)), ("2", no, Tokens((ulong)tokensEach)));
        Assert.Equal(approved, outcome.IsApproved);
        Assert.Contains(reason, outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ten_thousand_tokens_of_few_wallets_are_not_enough_and_neither_are_many_wallets_of_few_tokens()
    {
        Assert.Equal([true, false], Vote(First, ("1", 10, Tokens(1_000))).Quorums.Select(finding => finding.IsMet));
        Assert.Equal([false, true], Vote(First, ("1", 500, Tokens(19))).Quorums.Select(finding => finding.IsMet));
        var short1 = Vote(First, ("1", 499, Tokens(20)), ("1", 1, Tokens(20) - 1));
        Assert.Equal("A quorum was not reached: 9999999999999999999999 of 10000000000000000000000.", short1.Reason);
    }

    [Fact]
    public void silence_approves_and_five_thousand_against_do_not()
    {
        Assert.True(Vote(Optimistic).IsApproved);
        Assert.True(Vote(Optimistic, ("2", 1, Tokens(5_000) - 1), ("1", 1, Tokens(1))).IsApproved);
        Assert.False(Vote(Optimistic, ("2", 1, Tokens(5_000))).IsApproved);
        Assert.False(Vote(Optimistic, ("2", 1, Tokens(5_000)), ("1", 100, Tokens(5_000))).IsApproved);
    }

    [Fact]
    public void in_the_last_vote_many_small_wallets_win_against_a_large_one()
    {
        const string Yes = "{\"1\":1}", No = "{\"2\":1}", Abstain = "{\"3\":1}";
        var outcome = Vote(Last, (Yes, 399, Tokens(5)), (No, 1, Tokens(100_000)));
        Assert.True(outcome.IsApproved, outcome.Reason);
        Assert.Equal(1, outcome.Count.Winner);
        Assert.Contains("399 of 400 voters", Vote(Last, (Yes, 398, Tokens(5)), (No, 1, Tokens(100_000))).Reason, StringComparison.Ordinal);
        Assert.False(Vote(Last, (Yes, 400, Tokens(12))).QuorumMet);
        Assert.True(Vote(Last, (Yes, 300, Tokens(13)), (Abstain, 100, Tokens(13))).IsApproved);
        Assert.False(Vote(Last, (Yes, 200, Tokens(13)), (No, 200, Tokens(13))).IsApproved);
    }

    private static VotingOutcome Vote(VotingRules rules, params ReadOnlySpan<(string Choice, int Wallets, UInt256 Power)> ballots)
    {
        var cast = new List<(string Choice, UInt256 Power)>();
        foreach (var (choice, wallets, power) in ballots)
            cast.AddRange(Enumerable.Repeat((choice, power), wallets));
        return Tally.Of(rules, cast).Outcome(rules, UInt256.Zero);
    }

    private static UInt256 Tokens(ulong tokens) => (UInt256)tokens * 1_000_000_000_000_000_000;
}

using System.Numerics;
using CsCheck;
using Grants.Domain.Ballots;
using Grants.Domain.Tests.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots;

public sealed class OutcomeTests
{
    private const string Zeros = "00000000000000000000000000000000000000000000000000000000000000000000000000";

    private static readonly VotingRules Basic = Election.RulesOf("basic@1", 3);

    [Theory]
    [InlineData(QuorumCounting.ForAndAbstain, "10000", "0", "0", true)]
    [InlineData(QuorumCounting.ForAndAbstain, "4000", "0", "6000", true)]
    [InlineData(QuorumCounting.ForAndAbstain, "4000", "999999", "5999", false)]
    [InlineData(QuorumCounting.For, "10000", "0", "0", true)]
    [InlineData(QuorumCounting.For, "9999", "9999", "9999", false)]
    [InlineData(QuorumCounting.All, "9998", "1", "1", true)]
    [InlineData(QuorumCounting.All, "9998", "1", "0", false)]
    [InlineData(QuorumCounting.All, "0", "0", "0", false)]
    public void a_quorum_of_power_counts_the_sides_that_it_names(
        QuorumCounting counting, string @for, string against, string abstain, bool met)
    {
        var outcome = Outcome(Basic with { Quorums = [new Quorum(QuorumKind.Power, 10_000, counting)] }, @for, against, abstain);
        Assert.Equal(met, outcome.QuorumMet);
        Assert.Equal(met, Assert.Single(outcome.Quorums).IsMet);
        Assert.Equal(UInt256.Parse("10000"), outcome.Quorums[0].Needed);
    }

    [Theory]
    [InlineData("100", 3_000, "30", "30", true)]
    [InlineData("100", 3_000, "30", "29", false)]
    [InlineData("101", 3_000, "31", "30", false)]
    [InlineData("101", 3_000, "31", "31", true)]
    [InlineData("10001", 1, "2", "1", false)]
    [InlineData("0", 3_000, "0", "0", true)]
    public void a_share_of_the_supply_is_rounded_up(string supply, int share, string needed, string reached, bool met)
    {
        var rules = Basic with { Quorums = [new Quorum(QuorumKind.SupplyShare, (ulong)share)] };
        var finding = Assert.Single(Of(rules, "0", reached, "0").Outcome(rules, UInt256.Parse(supply)).Quorums);
        Assert.Equal((needed, reached, met), (finding.Needed.ToString(), finding.Reached.ToString(), finding.IsMet));
    }

    [Fact]
    public void a_quorum_of_voters_counts_each_once_whatever_the_power()
    {
        var rules = Basic with { Quorums = [new Quorum(QuorumKind.Voters, 3)] };
        var two = Tally.Empty.Add(rules, "1", 1_000_000).Add(rules, "2", 1);
        Assert.Equal("A quorum was not reached: 2 of 3 voters.", two.Outcome(rules, 0).Reason);
        Assert.True(two.Add(rules, "3", 1).Outcome(rules, 0).IsApproved);
        Assert.False(two.Remove(rules, "2", 1).Add(rules, "1", 1).Outcome(rules, 0).IsApproved);
    }

    [Theory]
    [InlineData(60, 10, 1_000, true, "")]
    [InlineData(59, 10, 1_000, false, "59 of 60")]
    [InlineData(60, 9, 1_000, false, "9 of 10 voters")]
    [InlineData(60, 10, 1_001, false, "60 of 61")]
    public void of_several_quorums_each_must_be_met(int power, int voters, int supply, bool met, string missed)
    {
        var rules = Basic with
        {
            Quorums =
            [
                new Quorum(QuorumKind.Power, 60, QuorumCounting.For),
                new Quorum(QuorumKind.Voters, 10),
                new Quorum(QuorumKind.SupplyShare, 600),
            ],
        };
        var tally = Enumerable.Range(0, voters - 1).Aggregate(Tally.Empty, (sum, _) => sum.Add(rules, "1", 1))
            .Add(rules, "1", (ulong)(power - voters + 1));
        var outcome = tally.Outcome(rules, (ulong)supply);
        Assert.Equal((met, met), (outcome.QuorumMet, outcome.IsApproved));
        Assert.Contains(missed, outcome.Reason, StringComparison.Ordinal);
        Assert.Equal(rules.Quorums, outcome.Quorums.Select(finding => finding.Quorum));
    }

    [Theory]
    [InlineData("2", "1", true)]
    [InlineData("1", "1", false)]
    [InlineData("1", "2", false)]
    [InlineData("0", "0", false)]
    [InlineData("9007199254740994", "9007199254740993", true)]
    [InlineData("300000000000000000", "300000000000000000", false)]
    public void a_simple_majority_is_more_for_than_against(string @for, string against, bool met)
    {
        var outcome = Outcome(Basic, @for, against, "99");
        Assert.Equal((met, met), (outcome.ThresholdMet, outcome.IsApproved));
    }

    [Theory]
    [InlineData("4", "1", 8_000, true)]
    [InlineData("3999", "1000", 8_000, false)]
    [InlineData("4" + Zeros, "1" + Zeros, 8_000, true)]
    [InlineData("4" + Zeros, "1" + Zeros, 8_001, false)]
    [InlineData("9007199254740993", "9007199254740992", 5_000, true)]
    [InlineData("9007199254740992", "9007199254740993", 5_000, false)]
    [InlineData("300000000000000000", "300000000000000000", 5_000, true)]
    [InlineData("300000000000000000", "300000000000000000", 5_001, false)]
    [InlineData("2", "1", 6_666, true)]
    [InlineData("2", "1", 6_667, false)]
    [InlineData("1", "0", 10_000, true)]
    [InlineData("1" + Zeros, "1", 10_000, false)]
    [InlineData("1", "9999", 1, true)]
    [InlineData("1", "10000", 1, false)]
    public void a_supermajority_is_exact(string @for, string against, int share, bool met) =>
        Assert.Equal(met, Outcome(Supermajority(share), @for, against, "0").ThresholdMet);

    [Fact]
    public void a_supermajority_holds_to_the_last_unit_of_the_largest_numbers()
    {
        var fifth = new UInt256((BigInteger.One << 256) / 10);
        var four = fifth * 4;
        Assert.True(IsMet(four, fifth, 8_000));
        Assert.False(IsMet(four, fifth + 1, 8_000));
        Assert.False(IsMet(four - 1, fifth, 8_000));
        Assert.True(IsMet(UInt256.MaxValue, UInt256.MaxValue, 5_000));
        Assert.False(IsMet(UInt256.MaxValue - 1, UInt256.MaxValue, 5_000));
    }

    [Fact]
    public void abstaining_takes_no_side() => Assert.True(Outcome(Supermajority(8_000), "4", "1", "7" + Zeros).ThresholdMet);

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "1")]
    public void without_a_vote_for_it_no_supermajority_is_met(string against, string abstain) =>
        Assert.False(Outcome(Supermajority(1), "0", against, abstain).ThresholdMet);

    [Fact]
    public void the_least_votes_for_that_meet_a_supermajority_are_the_share_rounded_up() => Seeded.Check(
        Gen.Select(Gen.ULong[1, ulong.MaxValue], Gen.Int[1, BasisPoints.Whole - 1]),
        sample =>
        {
            var (against, share) = sample;
            var rest = BasisPoints.Whole - share;
            var least = new UInt256((((BigInteger)against * share) + rest - 1) / rest);
            Assert.True(IsMet(least, against, share));
            Assert.False(IsMet(least - 1, against, share));
        });

    [Theory]
    [InlineData("0", "0", true)]
    [InlineData("0", "4999", true)]
    [InlineData("0", "5000", false)]
    [InlineData("999999", "5000", false)]
    public void an_optimistic_vote_is_rejected_only_where_enough_are_against(string @for, string against, bool approved)
    {
        var rules = Election.RulesOf("optimistic@1", 3) with { Threshold = new Threshold(ThresholdKind.Against, 5_000) };
        var outcome = Outcome(rules, @for, against, "7");
        Assert.Equal((approved, approved), (outcome.ThresholdMet, outcome.IsApproved));
        Assert.Equal(approved ? "Too little power is against." : "Enough power is against.", outcome.Reason);
    }

    [Fact]
    public void among_many_choices_one_that_approves_must_win()
    {
        var rules = Election.RulesOf("single-choice@1", 4) with { ApprovingChoices = [1, 2], AbstainChoice = 4 };
        Assert.Null(rules.Validate());
        Assert.Equal((true, "a won, with the quorums and the threshold met."), Many(rules, 5, 0, 4, 9));
        Assert.Equal((false, "The choice that won, c, does not approve."), Many(rules, 3, 3, 4, 0));
        Assert.Equal((false, "The best choices are tied, or nobody chose."), Many(rules, 4, 0, 4, 0));
        Assert.Equal((false, "The best choices are tied, or nobody chose."), Many(rules, 0, 0, 0, 9));
    }

    [Fact]
    public void among_many_choices_the_threshold_is_of_those_that_approve()
    {
        var rules = Election.RulesOf("single-choice@1", 4) with
        {
            ApprovingChoices = [1, 2],
            AbstainChoice = 4,
            Threshold = Threshold.Supermajority(new BasisPoints(6_000)),
        };
        Assert.True(Many(rules, 5, 1, 4, 99).Approved);
        Assert.Equal((false, "The share of for is below the threshold."), Many(rules, 5, 0, 4, 0));
    }

    [Fact]
    public void where_every_choice_approves_a_share_is_asked_of_the_one_that_won()
    {
        var rules = Election.RulesOf("single-choice@1", 3) with { Threshold = Threshold.Supermajority(new BasisPoints(5_000)) };
        Assert.False(Many(rules, 40, 35, 25).Approved);
        Assert.True(Many(rules, 50, 35, 15).Approved);
    }

    [Fact]
    public void a_fraction_meets_a_threshold_exactly()
    {
        var rules = Election.RulesOf("weighted@1", 2) with
        {
            ApprovingChoices = [1],
            Threshold = Threshold.Supermajority(new BasisPoints(7_500)),
        };
        Assert.True(Tally.Of(rules, [("{\"1\":3,\"2\":1}", 1)]).Outcome(rules, 0).ThresholdMet);
        Assert.False(Tally.Of(rules, [("{\"1\":3,\"2\":1}", 1_000_000), ("{\"1\":74,\"2\":26}", 1)]).Outcome(rules, 0).ThresholdMet);
    }

    private static (bool Approved, string Reason) Many(VotingRules rules, params ReadOnlySpan<ulong> powers)
    {
        var tally = Tally.Empty;
        for (var choice = 0; choice < powers.Length; choice++)
            tally = powers[choice] == 0 ? tally : tally.Add(rules, $"{choice + 1}", powers[choice]);
        var outcome = tally.Outcome(rules, 0);
        return (outcome.IsApproved, outcome.Reason);
    }

    private static VotingRules Supermajority(int share) => Basic with { Threshold = Threshold.Supermajority(new BasisPoints(share)) };

    // As large as powers can be, and so not as sums of ballots.
    private static bool IsMet(UInt256 @for, UInt256 against, int share) =>
        Supermajority(share).Threshold.IsMet(@for, against);

    private static VotingOutcome Outcome(VotingRules rules, string @for, string against, string abstain) =>
        Of(rules, @for, against, abstain).Outcome(rules, 0);

    private static Tally Of(VotingRules rules, string @for, string against, string abstain) => Tally.Of(
        rules,
        new[] { ("1", @for), ("2", against), ("3", abstain) }
            .Select(side => (side.Item1, UInt256.Parse(side.Item2)))
            .Where(ballot => !ballot.Item2.IsZero));
}

using System.Globalization;
using System.Numerics;
using CsCheck;
using Grants.Domain.Ballots;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Ballots.ABallot;

namespace Grants.Domain.Tests.Ballots;

public sealed class TallyTests
{
    private const string Zeros = "00000000000000000000000000000000000000000000000000000000000000000000000000";

    // Above 2^53 doubles skip every other integer: these amounts tell exact sums from rounded ones.
    private static readonly Gen<UInt256> Powers = Gen.OneOf(
        Gen.ULong[1, 20].Select(number => (UInt256)number),
        Gen.ULong[1, 1_000].Select(number => ((UInt256)number * (1UL << 60)) + 1),
        Gen.ULong[1, ulong.MaxValue].Select(number => (UInt256)number * UInt256.Parse("1000000000000000000000000000000")));

    /// <summary>Ballots of a few voters in the order of the log: who, what and with which nonce after the last one.</summary>
    private static readonly Gen<(UInt256[] Powers, BallotRecord[] Log)> Votes = Gen.Select(
        Powers.Array[6],
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 3], Gen.ULong[1, 9]).Array[0, 40],
        (powers, ballots) => (powers, InOrder(powers, ballots)));

    [Fact]
    public void each_choice_has_its_sum() => Assert.Equal(
        new Tally(5, 7, 11, 3),
        Tally.Empty.Add(BasicChoice.For, 5).Add(BasicChoice.Against, 7).Add(BasicChoice.Abstain, 11));

    [Theory]
    [InlineData(BasicChoice.For, BasicChoice.Against)]
    [InlineData(BasicChoice.Against, BasicChoice.Abstain)]
    [InlineData(BasicChoice.Abstain, BasicChoice.For)]
    [InlineData(BasicChoice.For, BasicChoice.For)]
    public void a_replaced_ballot_leaves_nothing_behind(BasicChoice earlier, BasicChoice later)
    {
        var others = Tally.Empty.Add(BasicChoice.For, 100).Add(BasicChoice.Against, 100).Add(BasicChoice.Abstain, 100);
        Assert.Equal(others.Add(later, 7), others.Add(earlier, 7).Replace(earlier, later, 7));
    }

    [Fact]
    public void of_the_ballots_of_a_voter_the_highest_nonce_counts()
    {
        BallotRecord[] log = [Record(1, "1", 5, 3), Record(1, "2", 5, 10), Record(1, "3", 5, 9)];
        Assert.Equal(new Tally(0, 5, 0, 1), Tally.Fold(log));
    }

    [Fact]
    public void of_no_ballots_the_tally_is_empty() => Assert.Equal(Tally.Empty, Tally.Fold([]));

    [Fact]
    public void the_order_of_the_log_does_not_matter() => Seeded.Check(
        Gen.Select(Votes, Gen.Int.Array[40]),
        sample =>
        {
            var ((_, log), keys) = sample;
            var shuffled = log.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First);
            Assert.Equal(Tally.Fold(log), Tally.Fold(shuffled));
        });

    [Fact]
    public void the_running_tally_is_the_fold_of_the_ballots() => Seeded.Check(Votes, votes =>
    {
        var (tally, last) = (Tally.Empty, new Dictionary<Address, BasicChoice>());
        foreach (var record in votes.Log)
        {
            Assert.True(BallotBox.TryChoice(record.Ballot.Choice, out var choice));
            var voter = record.Ballot.Voter;
            tally = last.TryGetValue(voter, out var earlier)
                ? tally.Replace(earlier, choice, record.Power)
                : tally.Add(choice, record.Power);
            last[voter] = choice;
        }

        Assert.Equal(Tally.Fold(votes.Log), tally);
    });

    [Fact]
    public void every_voter_counts_once_with_the_whole_power() => Seeded.Check(Votes, votes =>
    {
        var tally = Tally.Fold(votes.Log);
        var voters = votes.Log.DistinctBy(record => record.Ballot.Voter).ToArray();
        Assert.Equal(voters.Length, tally.Voters);
        Assert.Equal(
            voters.Aggregate(BigInteger.Zero, (sum, record) => sum + record.Power.ToBigInteger()),
            tally.For.ToBigInteger() + tally.Against.ToBigInteger() + tally.Abstain.ToBigInteger());
    });

    [Theory]
    [InlineData("10000", "0", "0", true)]
    [InlineData("0", "0", "10000", true)]
    [InlineData("4000", "0", "6000", true)]
    [InlineData("4000", "0", "5999", false)]
    [InlineData("4000", "999999", "5999", false)]
    [InlineData("0", "0", "0", false)]
    public void the_quorum_is_for_and_abstain(string @for, string against, string abstain, bool met) =>
        Assert.Equal(met, Of(@for, against, abstain).QuorumMet(AProgram.Rules));

    [Fact]
    public void no_quorum_is_met_by_nobody() => Assert.True(Tally.Empty.QuorumMet(AProgram.Rules with { Quorum = 0 }));

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
    public void the_threshold_is_exact(string @for, string against, int threshold, bool met) =>
        Assert.Equal(met, Of(@for, against, "0").ThresholdMet(Threshold(threshold)));

    [Fact]
    public void the_threshold_holds_to_the_last_unit_of_the_largest_numbers()
    {
        var fifth = new UInt256((BigInteger.One << 256) / 10);
        var four = fifth * 4;
        Assert.True(new Tally(four, fifth, 0, 2).ThresholdMet(Threshold(8_000)));
        Assert.False(new Tally(four, fifth + 1, 0, 2).ThresholdMet(Threshold(8_000)));
        Assert.False(new Tally(four - 1, fifth, 0, 2).ThresholdMet(Threshold(8_000)));
        Assert.True(new Tally(UInt256.MaxValue, UInt256.MaxValue, 0, 2).ThresholdMet(Threshold(5_000)));
        Assert.False(new Tally(UInt256.MaxValue - 1, UInt256.MaxValue, 0, 2).ThresholdMet(Threshold(5_000)));
    }

    [Fact]
    public void abstaining_does_not_touch_the_threshold() => Assert.True(Of("4", "1", "7" + Zeros).ThresholdMet(Threshold(8_000)));

    [Theory]
    [InlineData("0", "0")]
    [InlineData("0", "1")]
    public void without_a_vote_for_it_no_threshold_is_met(string against, string abstain) =>
        Assert.False(Of("0", against, abstain).ThresholdMet(Threshold(1)));

    [Fact]
    public void a_threshold_is_met_exactly_where_for_outweighs_its_share_of_against() => Seeded.Check(
        Gen.Select(Powers, Powers, Gen.Int[1, BasisPoints.Whole]),
        sample =>
        {
            var (@for, against, threshold) = sample;
            Assert.Equal(
                @for.ToBigInteger() * (BasisPoints.Whole - threshold) >= against.ToBigInteger() * threshold,
                new Tally(@for, against, 0, 2).ThresholdMet(Threshold(threshold)));
        });

    [Fact]
    public void the_least_votes_for_that_meet_a_threshold_are_the_share_rounded_up() => Seeded.Check(
        Gen.Select(Powers, Gen.Int[1, BasisPoints.Whole - 1]),
        sample =>
        {
            var (against, threshold) = sample;
            var rest = BasisPoints.Whole - threshold;
            var least = new UInt256(((against.ToBigInteger() * threshold) + rest - 1) / rest);
            Assert.True(new Tally(least, against, 0, 2).ThresholdMet(Threshold(threshold)));
            Assert.False(new Tally(least - 1, against, 0, 2).ThresholdMet(Threshold(threshold)));
        });

    private static VotingRules Threshold(int basisPoints) => AProgram.Rules with { Threshold = new BasisPoints(basisPoints) };

    private static Tally Of(string @for, string against, string abstain) =>
        new(UInt256.Parse(@for), UInt256.Parse(against), UInt256.Parse(abstain), 3);

    private static BallotRecord[] InOrder(UInt256[] powers, (int Voter, int Choice, ulong Step)[] ballots)
    {
        var nonces = new UInt256[powers.Length];
        return [.. ballots.Select((ballot, index) =>
        {
            nonces[ballot.Voter] += ballot.Step;
            var choice = ballot.Choice.ToString(CultureInfo.InvariantCulture);
            return Record(ballot.Voter, choice, powers[ballot.Voter], nonces[ballot.Voter], index);
        })];
    }
}

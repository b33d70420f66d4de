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
    private static readonly VotingRules Rules = AProgram.Rules;

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
    public void each_choice_has_its_sum()
    {
        var tally = Tally.Empty.Add(Rules, "1", 5).Add(Rules, "2", 7).Add(Rules, "3", 11).Add(Rules, "2", 1);
        Assert.Equal((4, UInt256.Parse("24")), (tally.Voters, tally.Power));
        Assert.Equal(["1=5", "2=8", "3=11"], tally.Cells.Select(cell => $"{cell.Key}={cell.Value}"));
        Assert.Equal(BigInteger.Zero, Tally.Empty["1"]);
    }

    [Theory]
    [InlineData("1", "2")]
    [InlineData("2", "3")]
    [InlineData("3", "1")]
    [InlineData("1", "1")]
    public void a_replaced_ballot_leaves_nothing_behind(string earlier, string later)
    {
        var others = Tally.Empty.Add(Rules, "1", 100).Add(Rules, "2", 100);
        Assert.Equal(others.Add(Rules, later, 7), others.Add(Rules, earlier, 7).Remove(Rules, earlier, 7).Add(Rules, later, 7));
        Assert.Equal(others, others.Add(Rules, earlier, 7).Remove(Rules, earlier, 7));
    }

    [Fact]
    public void of_the_ballots_of_a_voter_the_highest_nonce_counts()
    {
        BallotRecord[] log = [Record(1, "1", 5, 3), Record(1, "2", 5, 10), Record(1, "3", 5, 9)];
        Assert.Equal(Tally.Empty.Add(Rules, "2", 5), Tally.Fold(Rules, log));
    }

    [Fact]
    public void of_no_ballots_the_tally_is_empty() => Assert.Equal(Tally.Empty, Tally.Fold(Rules, []));

    [Fact]
    public void the_order_of_the_log_does_not_matter() => Seeded.Check(
        Gen.Select(Votes, Gen.Int.Array[40]),
        sample =>
        {
            var ((_, log), keys) = sample;
            var shuffled = log.Zip(keys).OrderBy(pair => pair.Second).Select(pair => pair.First);
            Assert.Equal(Tally.Fold(Rules, log), Tally.Fold(Rules, shuffled));
        });

    [Fact]
    public void the_running_tally_is_the_fold_of_the_ballots() => Seeded.Check(Votes, votes =>
    {
        var (tally, last) = (Tally.Empty, new Dictionary<Address, string>());
        foreach (var record in votes.Log)
        {
            var (voter, choice) = (record.Ballot.Voter, record.Ballot.Choice);
            tally = last.TryGetValue(voter, out var earlier)
                ? tally.Remove(Rules, earlier, record.Power).Add(Rules, choice, record.Power)
                : tally.Add(Rules, choice, record.Power);
            last[voter] = choice;
        }

        Assert.Equal(Tally.Fold(Rules, votes.Log), tally);
    });

    [Fact]
    public void every_voter_counts_once_with_the_whole_power() => Seeded.Check(Votes, votes =>
    {
        var tally = Tally.Fold(Rules, votes.Log);
        var voters = votes.Log.DistinctBy(record => record.Ballot.Voter).ToArray();
        Assert.Equal(voters.Length, tally.Voters);
        var sum = voters.Aggregate(BigInteger.Zero, (sum, record) => sum + record.Power.ToBigInteger());
        Assert.Equal(sum, tally.Power.ToBigInteger());
        Assert.Equal(sum, tally["1"] + tally["2"] + tally["3"]);
    });

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

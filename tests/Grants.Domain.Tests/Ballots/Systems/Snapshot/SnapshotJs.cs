using System.Numerics;
using System.Text.Json;
using Grants.Domain.Ballots;
using Grants.Ethereum.Tests.Oracles;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems.Snapshot;

/// <summary>What npm's <c>@snapshot-labs/snapshot.js</c> makes of ballots, in doubles.</summary>
/// <param name="Scores">As exact fractions of the doubles.</param>
/// <param name="Total">What it holds against a quorum.</param>
/// <param name="Valid">Whether each ballot is one that it counts.</param>
internal sealed record SnapshotJs(IReadOnlyList<Rational> Scores, Rational Total, IReadOnlyList<bool> Valid)
{
    /// <summary>The question for the oracle. Powers are texts that become doubles, such as <c>0.1</c>.</summary>
    public static object Question(string system, int choices, IEnumerable<(string Choice, string Power)> ballots) => new
    {
        Ask = "tally",
        System = system.Split('@')[0],
        Choices = choices,
        Ballots = ballots.Select(ballot => new { Choice = JsonElement.Parse(ballot.Choice), ballot.Power }),
    };

    public static async Task<SnapshotJs> CountAsync(string system, int choices, params (string Choice, string Power)[] ballots) =>
        Read((await Oracle.AskOneAsync(Question(system, choices, ballots))).Of("snapshot"));

    public static SnapshotJs Read(JsonElement answer) => new(
        [.. answer.GetProperty("scores").EnumerateArray().Select(score => Exactly(score.GetDouble()))],
        Exactly(answer.GetProperty("total").GetDouble()),
        [.. answer.GetProperty("valid").EnumerateArray().Select(valid => valid.GetBoolean())]);

    /// <summary>A double is an integer times a power of two.</summary>
    public static Rational Exactly(double number)
    {
        var bits = BitConverter.DoubleToInt64Bits(number);
        var (exponent, mantissa) = ((int)(bits >> 52) & 0x7ff, bits & 0xf_ffff_ffff_ffff);
        Assert.True(bits >= 0 && exponent < 0x7ff, $"{number} is no score.");
        var (whole, shift) = exponent == 0 ? (mantissa, -1_074) : (mantissa | (1L << 52), exponent - 1_075);
        return shift >= 0 ? new Rational((BigInteger)whole << shift, 1) : new Rational(whole, BigInteger.One << -shift);
    }

    /// <summary>
    /// Scores that are equal but for rounding to 53 bits: a few times for each ballot and each choice, relative to all power.
    /// </summary>
    public static void Near(VoteCount ours, IReadOnlyList<Rational> theirs)
    {
        var error = (Rational)ours.Power * new Rational(ours.Voters + ours.Scores.Count + 4, BigInteger.One << 50);
        Assert.Equal(ours.Scores.Count, theirs.Count);
        foreach (var (our, their) in ours.Scores.Zip(theirs))
            Assert.True(their - our <= error && our - their <= error, $"{our} here, {their} there, more apart than {error}.");
    }

    public static VoteCount Count(string system, int choices, IEnumerable<(string Choice, UInt256 Power)> ballots)
    {
        var rules = Election.RulesOf(system, choices);
        return new Election(rules, Tally.Of(rules, ballots)).Count;
    }
}

using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems.Snapshot;

/// <summary>
/// Where the count is meant to differ from Snapshot's (0.17.5), in the order of <c>schema/voting/README.md</c>. Each test first
/// shows what Snapshot's classes say.
/// </summary>
public sealed class SnapshotDifferenceTests
{
    [Fact]
    public async Task a_tenth_and_two_tenths_are_three_tenths()
    {
        var theirs = await SnapshotJs.CountAsync("basic", 3, ("1", "0.1"), ("1", "0.2"), ("2", "0.3"));
        Assert.True(theirs.Scores[0] > theirs.Scores[1]);
        var ours = Election.OfLarge("basic@1", 3, ("1", Tenths(1)), ("1", Tenths(2)), ("2", Tenths(3)));
        Assert.Equal(ours.Count.Scores[0], ours.Count.Scores[1]);
        Assert.Equal((0, false), (ours.Count.Winner, ours.Tally.Outcome(ours.Rules, 0).IsApproved));
    }

    [Fact]
    public async Task one_unit_above_what_a_double_holds_decides()
    {
        (string Choice, string Power)[] ballots =
            [("1", "9007199254740992"), ("1", "1"), ("1", "1"), ("2", "9007199254740992"), ("2", "1")];
        var theirs = await SnapshotJs.CountAsync("basic", 3, ballots);
        Assert.Equal(theirs.Scores[0], theirs.Scores[1]);
        var ours = Election.OfLarge("basic@1", 3, [.. ballots.Select(ballot => (ballot.Choice, UInt256.Parse(ballot.Power)))]);
        Assert.Equal(["9007199254740994", "9007199254740993", "0"], ours.Scores);
        Assert.Equal((1, true), (ours.Count.Winner, ours.Tally.Outcome(ours.Rules, 0).IsApproved));
    }

    [Fact]
    public async Task a_tie_for_the_last_place_is_not_decided_by_rounding()
    {
        // a and b have three tenths each, and more prefer b. In doubles b has less than a, leaves, and a wins.
        var theirs = await SnapshotJs.CountAsync(
            "ranked-choice", 3, ("[1,2,3]", "0.1"), ("[1,2,3]", "0.2"), ("[2,1,3]", "0.3"), ("[3,2,1]", "0.35"));
        Assert.True(theirs.Scores[0] > theirs.Scores[2] && theirs.Scores[1].IsZero);
        var ours = Election.OfLarge(
            "ranked-choice@1", 3, ("[1,2,3]", Tenths(1)), ("[1,2,3]", Tenths(2)), ("[2,1,3]", Tenths(3)), ("[3,2,1]", Tenths(7) / 2));
        Assert.Equal<int>([1], ours.Count.Derivation.Rounds[0].Eliminated);
        Assert.Equal(2, ours.Count.Winner);
    }

    [Fact]
    public async Task a_pair_is_not_decided_by_rounding()
    {
        (string Choice, string Power)[] ballots = [("[1,2]", "0.1"), ("[1,2]", "0.2"), ("[2,1]", "0.3")];
        var theirs = await SnapshotJs.CountAsync("copeland", 2, ballots);
        Assert.True(theirs.Scores[0] > theirs.Scores[1] * new Rational(2, 1));
        var ours = Election.OfLarge("copeland@1", 2, ("[1,2]", Tenths(1)), ("[1,2]", Tenths(2)), ("[2,1]", Tenths(3)));
        Assert.Equal(ours.Count.Scores[0], ours.Count.Scores[1]);
    }

    [Fact]
    public async Task a_tie_for_the_last_place_does_not_fall_on_the_first_in_the_list()
    {
        // The same vote twice, with a and b exchanged. Snapshot lets the first of the list go both times, and so once the one
        // proposal wins and once the other.
        var first = await SnapshotJs.CountAsync("ranked-choice", 3, ("[1,2,3]", "3"), ("[2,1,3]", "3"), ("[3,1,2]", "4"));
        var second = await SnapshotJs.CountAsync("ranked-choice", 3, ("[2,1,3]", "3"), ("[1,2,3]", "3"), ("[3,2,1]", "4"));
        Assert.Equal(["0", "6", "4"], first.Scores.Select(score => score.ToString()));
        Assert.Equal(["0", "6", "4"], second.Scores.Select(score => score.ToString()));
        Assert.Equal(1, Election.Of("ranked-choice@1", 3, ("[1,2,3]", 3), ("[2,1,3]", 3), ("[3,1,2]", 4)).Count.Winner);
        Assert.Equal(2, Election.Of("ranked-choice@1", 3, ("[2,1,3]", 3), ("[1,2,3]", 3), ("[3,2,1]", 4)).Count.Winner);
    }

    [Fact]
    public async Task an_invalid_ballot_reaches_no_quorum()
    {
        (string System, string Invalid)[] ballots =
            [("single-choice", "4"), ("approval", "[4]"), ("weighted", "{\"4\":1}"), ("quadratic", "{\"1\":0}"), ("ranked-choice", "[4]")];
        foreach (var (system, invalid) in ballots)
        {
            var theirs = await SnapshotJs.CountAsync(system, 3, (invalid, "100"));
            Assert.Equal([false], theirs.Valid);
            Assert.Equal("100", theirs.Total.ToString());
            Assert.Null(Election.Canonical($"{system}@1", 3, invalid));
        }
    }

    [Fact]
    public async Task to_approve_of_nothing_is_no_ballot()
    {
        Assert.Equal([true], (await SnapshotJs.CountAsync("approval", 3, ("[]", "100"))).Valid);
        Assert.False(VotingSystem.Of("approval@1").Accepts("[]", 3));
    }

    [Fact]
    public async Task a_text_is_no_number()
    {
        var theirs = await SnapshotJs.CountAsync("approval", 3, ("[\"1\"]", "100"), ("[\"1\",1]", "10"));
        Assert.Equal([true, true], theirs.Valid);
        Assert.Equal("10", theirs.Scores[0].ToString());
        Assert.Equal([true], (await SnapshotJs.CountAsync("ranked-choice", 2, ("[\"1\",1]", "1"))).Valid);
        foreach (var choice in new[] { "[\"1\"]", "[\"1\",1]" })
            Assert.All(["approval@1", "ranked-choice@1"], system => Assert.Null(Election.Canonical(system, 2, choice)));
    }

    [Fact]
    public async Task a_key_that_is_not_the_number_of_a_choice_gives_its_power_to_nobody()
    {
        foreach (var system in new[] { "weighted", "quadratic" })
        {
            var theirs = await SnapshotJs.CountAsync(system, 2, ("{\"01\":1}", "100"), ("{\"2\":1}", "10"));
            Assert.Equal([true, true], theirs.Valid);
            Assert.True(theirs.Scores[0].IsZero && theirs.Scores[1] > (Rational)UInt256.Parse("109"), "The power of 01 is with 2.");
            Assert.Null(Election.Canonical($"{system}@1", 2, "{\"01\":1}"));
            Assert.Equal("10", Election.Of($"{system}@1", 2, ("{\"2\":1}", 10)).Scores[1]);
        }
    }

    [Fact]
    public async Task weights_are_whole_and_in_a_proportion_that_can_be_written_down()
    {
        foreach (var choice in new[] { "{\"1\":0.5,\"2\":0.5}", "{\"1\":1,\"2\":999999}" })
        {
            Assert.Equal([true], (await SnapshotJs.CountAsync("weighted", 2, (choice, "1"))).Valid);
            Assert.Null(Election.Canonical("weighted@1", 2, choice));
        }
    }

    [Fact]
    public async Task a_run_off_takes_ballots_that_do_not_rank_all()
    {
        var theirs = await SnapshotJs.CountAsync("ranked-choice", 3, ("[2]", "60"), ("[1,2,3]", "40"));
        Assert.Equal([false, true], theirs.Valid);
        var ours = Election.Of("ranked-choice@1", 3, ("[2]", 60), ("[1,2,3]", 40));
        Assert.Equal(["40", "60", "0"], ours.Scores);
    }

    [Fact]
    public async Task every_system_has_an_outcome()
    {
        // Snapshot answers scores, and says of one system whether it passed, in its pages.
        Assert.Equal(2, (await SnapshotJs.CountAsync("single-choice", 2, ("1", "3"), ("2", "2"))).Scores.Count);
        var election = Election.Of("single-choice@1", 2, ("1", 3), ("2", 2));
        Assert.True(election.Tally.Outcome(election.Rules, 0).IsApproved);
        Assert.False(election.Tally.Outcome(election.Rules with { ApprovingChoices = [2] }, 0).IsApproved);
    }

    // In wei.
    private static UInt256 Tenths(ulong tenths) => tenths * (UInt256)100_000_000_000_000_000UL;
}

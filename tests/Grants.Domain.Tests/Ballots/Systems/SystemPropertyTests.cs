using CsCheck;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

/// <summary>What holds of every system, on drawn votes.</summary>
public sealed class SystemPropertyTests
{
    public static TheoryData<string> Systems => [.. VotingRules.Systems];

    [Theory, MemberData(nameof(Systems))]
    public void the_running_tally_is_the_fold_of_the_ballots(string system) => Each(system, (_, election) =>
        Assert.Equal(
            election.Tally,
            election.Ballots.Aggregate(Tally.Empty, (tally, ballot) => tally.Add(election.Rules, ballot.Choice, ballot.Power))));

    [Theory, MemberData(nameof(Systems))]
    public void the_order_of_the_ballots_does_not_matter(string system) => Each(system, (random, election) =>
    {
        var ballots = election.Ballots.ToArray();
        random.Shuffle(ballots);
        Assert.Equal(election.Election.Count, (election with { Ballots = ballots }).Election.Count);
    });

    [Theory, MemberData(nameof(Systems))]
    public void a_replaced_ballot_leaves_nothing_behind(string system) => Each(system, (random, election) =>
    {
        var (rules, tally) = (election.Rules, election.Tally);
        var earlier = DrawnElection.Choice(random, system, election.Choices);
        var later = DrawnElection.Choice(random, system, election.Choices);
        UInt256 power = (ulong)random.NextInt64(1, long.MaxValue);
        var without = tally.Add(rules, earlier, power).Remove(rules, earlier, power);
        Assert.Equal(tally, without);
        Assert.Equal(tally.Add(rules, later, power), without.Add(rules, later, power));
    });

    [Theory, MemberData(nameof(Systems))]
    public void a_power_split_among_ballots_of_one_choice_counts_as_one(string system) => Each(system, (random, election) =>
    {
        if (system == "quadratic@1")
            return; // many small voices are to weigh more
        var choice = DrawnElection.Choice(random, system, election.Choices);
        var whole = election.Election.Cast(choice, 10).Count;
        var parts = election.Election.Cast(choice, 3).Cast(choice, 7).Count;
        Assert.Equal((whole.Scores, whole.Winner, whole.Power), (parts.Scores, parts.Winner, parts.Power));
    });

    [Theory, MemberData(nameof(Systems))]
    public void no_choice_is_favoured_by_its_number(string system) => Each(system, (random, election) =>
    {
        if (election.Rules.HasSides)
            return;
        var names = DrawnElection.Shuffled(random, election.Choices);
        var (count, renamed) = (election.Election.Count, election.Renamed(names).Election.Count);
        Assert.Equal(count.Scores, names.Select(name => renamed.Scores[name - 1]));
        Assert.Equal(count.Winner == 0 ? 0 : names[count.Winner - 1], renamed.Winner);
    });

    [Theory, MemberData(nameof(Systems))]
    public void every_unit_of_power_is_somewhere(string system) => Each(system, (_, election) =>
    {
        var count = election.Election.Count;
        var sum = count.Scores.Aggregate(Rational.Zero, (all, score) => all + score);
        var exhausted = count.Derivation.Rounds is [.., var last] ? last.Exhausted : UInt256.Zero;
        if (system == "approval@1")
            Assert.True(sum >= (Rational)count.Power);
        else
            Assert.Equal((Rational)count.Power, sum + (Rational)exhausted);
        Assert.Equal(election.Ballots.Count, count.Voters);
        Assert.Equal(election.Ballots.Aggregate(UInt256.Zero, (all, ballot) => all + ballot.Power), count.Power);
        Assert.All(count.Scores, score => Assert.True(score >= Rational.Zero));
    });

    [Theory, MemberData(nameof(Systems))]
    public void the_winner_has_the_highest_score_alone(string system) => Each(system, (_, election) =>
    {
        if (election.Rules.HasSides)
            return;
        var count = election.Election.Count;
        var best = count.Scores.Max();
        var leaders = count.Scores.Index().Where(score => score.Item == best && !best.IsZero).Select(score => score.Index + 1).ToArray();
        Assert.Equal(leaders.Length == 1 ? leaders[0] : 0, count.Winner);
    });

    /// <summary>Of the run-off this does not hold, as is well known: more support may change who leaves first.</summary>
    [Theory, MemberData(nameof(Systems))]
    public void more_support_for_the_winner_alone_never_harms_it(string system) => Each(system, (random, election) =>
    {
        var winner = election.Election.Count.Winner;
        if (winner == 0 || system == "ranked-choice@1")
            return;
        int[] others = [.. DrawnElection.Shuffled(random, election.Choices).Where(choice => choice != winner)];
        var alone = system switch
        {
            "approval@1" => $"[{winner}]",
            "weighted@1" or "quadratic@1" => $"{{\"{winner}\":1}}",
            "copeland@1" => Raised(election, winner),
            _ => $"{winner}",
        };
        if (alone is "")
            return;
        var more = system == "copeland@1"
            ? (election with { Ballots = [.. election.Ballots.Skip(1), (alone, election.Ballots[0].Power)] }).Election
            : election.Election.Cast(alone, (ulong)random.NextInt64(1, long.MaxValue));
        Assert.Equal(winner, more.Count.Winner);
    });

    [Theory, MemberData(nameof(Systems))]
    public void nobody_wins_where_nobody_votes(string system)
    {
        var count = Election.Of(system, 3).Count;
        Assert.Equal((0, 0, UInt256.Zero), (count.Winner, count.Voters, count.Power));
        Assert.All(count.Scores, score => Assert.True(score.IsZero));
        Assert.Equal(3, count.Scores.Count);
        Assert.False(Tally.Empty.Outcome(Election.RulesOf(system, 3), 0).IsApproved && system != VotingRules.Optimistic);
    }

    [Theory, MemberData(nameof(Systems))]
    public void the_largest_powers_are_counted_exactly(string system) => Each(
        system,
        (random, election) =>
        {
            var rules = election.Rules;
            var choice = DrawnElection.Choice(random, system, election.Choices);
            var count = VotingSystem.Of(system).Count(Tally.Empty.Add(rules, choice, UInt256.MaxValue - 1).Add(rules, choice, 1), rules);
            Assert.Equal(UInt256.MaxValue, count.Power);
            Assert.Throws<OverflowException>(() => Tally.Of(rules, [(choice, UInt256.MaxValue), (choice, 1)]));
        },
        samples: 30);

    // The first ballot with the winner one place higher; empty where it is first already.
    private static string Raised(DrawnElection election, int winner)
    {
        int[] ranking = [.. election.Ballots[0].Choice.Trim('[', ']').Split(',').Select(int.Parse)];
        var place = Array.IndexOf(ranking, winner);
        if (place == 0)
            return "";
        (ranking[place - 1], ranking[place]) = (ranking[place], ranking[place - 1]);
        return DrawnElection.Text(ranking);
    }

    private static void Each(string system, Action<Random, DrawnElection> assert, int samples = 300) => Seeded.Check(
        Gen.Int[0, int.MaxValue],
        seed =>
        {
            var random = new Random(seed);
            assert(random, DrawnElection.Draw(random, system));
        },
        samples);
}

using System.Text.Json;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

/// <summary>A vote by one system among choices named a, b, c and so on, all of which approve.</summary>
internal sealed record Election(VotingRules Rules, Tally Tally)
{
    public VoteCount Count => VotingSystem.Of(Rules.System).Count(Tally, Rules);

    public string[] Scores => [.. Count.Scores.Select(score => score.ToString())];

    public static Election Of(string system, int choices, params ReadOnlySpan<(string Choice, long Power)> ballots)
    {
        var election = new Election(RulesOf(system, choices), Tally.Empty);
        foreach (var (choice, power) in ballots)
            election = election.Cast(choice, (UInt256)power);
        return election;
    }

    public static Election OfLarge(string system, int choices, params ReadOnlySpan<(string Choice, UInt256 Power)> ballots)
    {
        var election = new Election(RulesOf(system, choices), Tally.Empty);
        foreach (var (choice, power) in ballots)
            election = election.Cast(choice, power);
        return election;
    }

    /// <summary>Counts a ballot of another voter.</summary>
    public Election Cast(string choice, UInt256 power)
    {
        Assert.True(VotingSystem.Of(Rules.System).Accepts(choice, Rules.Choices.Count), choice);
        return this with { Tally = Tally.Add(Rules, choice, power) };
    }

    public static VotingRules RulesOf(string system, int choices)
    {
        var hasSides = system is VotingRules.Basic or VotingRules.Optimistic;
        var rules = new VotingRules(
            system,
            hasSides ? VotingRules.Sides : [.. Enumerable.Range(0, choices).Select(Name)],
            hasSides ? [1] : [.. Enumerable.Range(1, choices)],
            hasSides ? 3 : 0,
            [],
            system == VotingRules.Optimistic ? new Threshold(ThresholdKind.Against, 5) : Threshold.SimpleMajority,
            0,
            72 * 3_600,
            0,
            new PowerRules([PowerStrategy.BalanceOf(new Address(Keccak256.Hash("token").ToBytes().AsSpan(12)))]));
        Assert.Null(rules.Validate());
        return rules;
    }

    /// <summary>The canonical text of a choice, or null.</summary>
    public static string? Canonical(string system, int choices, string json) =>
        VotingSystem.Of(system).Canonical(JsonElement.Parse(json), choices);

    private static string Name(int index) => index < 26 ? ((char)('a' + index)).ToString() : $"choice {index + 1}";
}

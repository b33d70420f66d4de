using System.Text.Json;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class VotingRulesTests
{
    private static readonly VotingRules Ranked = Rules with
    {
        System = "ranked-choice@1", Choices = ["a", "b", "c"], ApprovingChoices = [1, 2], AbstainChoice = 0, Quorums = [],
    };

    private static readonly PowerStrategy Balance = PowerStrategy.BalanceOf(Named("power token"));

    [Theory]
    [InlineData(1L, 1)]
    [InlineData(VotingRules.SecondsMax, BasisPoints.Whole)]
    public void a_period_and_a_threshold_have_no_other_bounds(long period, int threshold) =>
        Assert.Null((Rules with
        {
            VotingPeriodSeconds = period, Threshold = Threshold.Supermajority(new BasisPoints(threshold)),
        }).Validate());

    [Fact]
    public void a_vote_may_do_without_a_quorum() => Assert.Null((Rules with { Quorums = [] }).Validate());

    [Fact]
    public void every_system_is_known() => Assert.All(
        VotingRules.Systems,
        system => Assert.Null((system switch
        {
            VotingRules.Basic => Rules,
            VotingRules.Optimistic => Rules with { System = system, Threshold = new Threshold(ThresholdKind.Against, 1) },
            _ => Ranked with { System = system },
        }).Validate()));

    [Theory]
    [InlineData("")]
    [InlineData("basic")]
    [InlineData("Basic@1")]
    [InlineData("basic@2")]
    public void an_unknown_system_is_refused(string system) => Refused("system", Rules with { System = system });

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(VotingRules.SecondsMax + 1)]
    [InlineData(long.MaxValue)]
    public void a_period_of_no_seconds_or_of_more_than_ten_years_is_refused(long seconds) =>
        Refused("votingPeriodSeconds", Rules with { VotingPeriodSeconds = seconds });

    [Theory]
    [InlineData(-1L)]
    [InlineData(VotingRules.SecondsMax + 1)]
    public void a_discussion_and_an_extension_last_no_seconds_to_ten_years(long seconds)
    {
        Refused("discussionSeconds", Rules with { DiscussionSeconds = seconds });
        Refused("lateQuorumExtensionSeconds", Rules with { LateQuorumExtensionSeconds = seconds });
    }

    [Fact]
    public void a_threshold_of_nothing_is_refused()
    {
        Refused("threshold", Rules with { Threshold = Threshold.Supermajority(default) });
        Refused("threshold", Rules with { Threshold = new Threshold(ThresholdKind.Supermajority, 10_001) });
        Refused("threshold", Rules with { Threshold = new Threshold(ThresholdKind.SimpleMajority, 1) });
        Refused("threshold", Rules with { System = VotingRules.Optimistic, Threshold = new Threshold(ThresholdKind.Against, 0) });
    }

    [Fact]
    public void a_threshold_of_power_against_is_for_optimistic_votes_and_for_no_others()
    {
        Refused("threshold", Rules with { Threshold = new Threshold(ThresholdKind.Against, 5) });
        Refused("threshold", Rules with { System = VotingRules.Optimistic });
    }

    [Fact]
    public void a_vote_of_sides_has_its_three_choices()
    {
        Refused("choices", Rules with { Choices = ["yes", "no", "abstain"] });
        Refused("choices", Rules with { ApprovingChoices = [2] });
        Refused("choices", Rules with { AbstainChoice = 0 });
    }

    [Fact]
    public void choices_are_two_to_a_hundred_distinct_lines()
    {
        Refused("choices", Ranked with { Choices = ["a"] });
        Refused("choices", Ranked with { Choices = [.. Enumerable.Range(1, 101).Select(i => $"choice {i}")] });
        Refused("choices", Ranked with { Choices = ["a", "b", "a"] });
        Refused("choices", Ranked with { Choices = ["a", "b", " "] });
        Refused("choices", Ranked with { Choices = ["a", "b", "c\nd"] });
        Refused("choices", Ranked with { Choices = ["a", "b", new string('c', 101)] });
    }

    [Fact]
    public void what_approves_is_named_by_its_numbers_ascending()
    {
        Refused("approvingChoices", Ranked with { ApprovingChoices = [] });
        Refused("approvingChoices", Ranked with { ApprovingChoices = [0] });
        Refused("approvingChoices", Ranked with { ApprovingChoices = [4] });
        Refused("approvingChoices", Ranked with { ApprovingChoices = [2, 1] });
        Refused("approvingChoices", Ranked with { ApprovingChoices = [1, 1] });
        Refused("approvingChoices", Ranked with { System = "weighted@1", ApprovingChoices = [1], AbstainChoice = 1 });
    }

    [Fact]
    public void one_abstains_only_where_the_system_lets_one()
    {
        Refused("abstainChoice", Ranked with { AbstainChoice = 3 });
        Refused("abstainChoice", Ranked with { System = "weighted@1", AbstainChoice = 4 });
        Assert.Null((Ranked with { System = "weighted@1", AbstainChoice = 3 }).Validate());
    }

    [Fact]
    public void quorums_are_of_known_kinds_and_a_share_is_at_most_the_whole()
    {
        Refused("quorums", Rules with { Quorums = [new Quorum((QuorumKind)9, 1)] });
        Refused("quorums", Rules with { Quorums = [new Quorum(QuorumKind.SupplyShare, 10_001)] });
        Refused("quorums", Rules with { Quorums = [.. Enumerable.Repeat(new Quorum(QuorumKind.Voters, 1), 11)] });
    }

    [Fact]
    public void a_system_without_sides_counts_all_power_for_its_quorums() =>
        Refused("quorums", Ranked with { Quorums = [new Quorum(QuorumKind.Power, 1, QuorumCounting.For)] });

    [Fact]
    public void power_comes_from_one_to_ten_sound_strategies()
    {
        Refused("power", WithPower());
        Refused("power", WithPower([.. Enumerable.Repeat(Balance, 11)]));
        Refused("power", WithPower(PowerStrategy.BalanceOf(Address.Zero)));
        Refused("power", WithPower(Balance with { Weight = 0 }));
        Refused("power", WithPower(Balance with { Weight = PowerRules.WeightMax + 1 }));
        Refused("power", WithPower(Balance with { Kind = (PowerStrategyKind)99 }));
        Refused("power", WithPower(Balance with { Kind = PowerStrategyKind.LpUnderlying }));
        Refused("power", WithPower(Balance with { Kind = PowerStrategyKind.DelegatedBalance }));
        Refused("power", WithPower(Balance with { RegistryId = Keccak256.Hash("a space") }));
        Refused("power", WithPower(Balance, Balance with { Weight = 2 }));
        Refused("power", WithPower(Balance with { Token = Named("another") }));
        Refused("power.capPerVoter", Rules with { Power = Rules.Power with { CapPerVoter = 0UL } });
    }

    [Fact]
    public void a_list_names_accounts_with_power_once()
    {
        var list = Balance with { Kind = PowerStrategyKind.List, Contract = Address.Zero, List = [new ListedPower(Ada, 1)] };
        Assert.Null(WithPower(list).Validate());
        Refused("power", WithPower(list with { List = [] }));
        Refused("power", WithPower(list with { List = [new ListedPower(Ada, 0)] }));
        Refused("power", WithPower(list with { List = [new ListedPower(Address.Zero, 1)] }));
        Refused("power", WithPower(list with { List = [new ListedPower(Ada, 1), new ListedPower(Ada, 2)] }));
        Refused("power", WithPower(Balance with { List = [new ListedPower(Ada, 1)] }));
    }

    [Fact]
    public void there_is_one_revote_under_sound_rules()
    {
        Assert.Null((Rules with { Revote = Ranked }).Validate());
        Refused("revote", Rules with { Revote = Ranked with { Revote = Rules } });
        Refused("revote.choices", Rules with { Revote = Ranked with { Choices = [] } });
    }

    [Fact]
    public void rules_are_equal_when_their_values_are_and_come_back_from_json()
    {
        var rules = Rules with { Revote = Ranked, Power = Rules.Power with { CapPerVoter = 7UL } };
        var read = JsonSerializer.Deserialize<VotingRules>(JsonSerializer.Serialize(rules));
        Assert.Equal(rules, read);
        Assert.Equal(rules.GetHashCode(), read!.GetHashCode());
        Assert.NotEqual(rules, rules with { Revote = Ranked with { Choices = ["a", "c", "b"] } });
    }

    private static VotingRules WithPower(params PowerStrategy[] strategies) =>
        Rules with { Power = new PowerRules([.. strategies]) };

    private static void Refused(string field, VotingRules rules) =>
        Assert.Equal($"votingRules.{field}", Assert.IsType<InvalidValue>(rules.Validate()).Field);
}

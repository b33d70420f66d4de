using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;

namespace Grants.Domain.Tests.Programs;

public sealed class VotingRulesTests
{
    [Theory]
    [InlineData(1L, 1)]
    [InlineData(VotingRules.VotingPeriodSecondsMax, BasisPoints.Whole)]
    public void a_period_and_a_threshold_have_no_other_bounds(long period, int threshold) =>
        Assert.Null((Rules with { VotingPeriodSeconds = period, Threshold = new BasisPoints(threshold) }).Validate());

    [Fact]
    public void a_vote_may_do_without_a_quorum() => Assert.Null((Rules with { Quorum = 0 }).Validate());

    [Theory]
    [InlineData("")]
    [InlineData("basic")]
    [InlineData("Basic@1")]
    [InlineData("quadratic@1")]
    public void an_unknown_system_is_refused(string system) => Refused("system", Rules with { System = system });

    [Theory]
    [InlineData(0L)]
    [InlineData(-1L)]
    [InlineData(VotingRules.VotingPeriodSecondsMax + 1)]
    [InlineData(long.MaxValue)]
    public void a_period_of_no_seconds_or_of_more_than_ten_years_is_refused(long seconds) =>
        Refused("votingPeriodSeconds", Rules with { VotingPeriodSeconds = seconds });

    [Fact]
    public void a_threshold_of_nothing_is_refused() => Refused("thresholdBasisPoints", Rules with { Threshold = default });

    [Fact]
    public void the_zero_address_is_no_power_token() => Refused("powerToken", Rules with { PowerToken = Address.Zero });

    private static void Refused(string field, VotingRules rules) =>
        Assert.Equal($"votingRules.{field}", Assert.IsType<InvalidValue>(rules.Validate()).Field);
}

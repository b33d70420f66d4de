using Grants.Domain.Governors;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Governors.AGovernor;

namespace Grants.Domain.Tests.Governors;

public sealed class RegisterGovernorSpecs
{
    [Fact]
    public void a_governor_is_registered_as_it_was_read() => When(Register).Then(Registered);

    [Fact]
    public void what_the_manager_says_may_agree_with_the_contract() =>
        When(Register with { Token = Token, Timelock = Timelock }).Then(Registered);

    [Fact]
    public void a_governor_without_clock_mode_counts_blocks() =>
        Reads(Reading with { ClockMode = null, Clock = null }).Then(Registered);

    [Fact]
    public void a_governor_may_count_seconds()
    {
        var seconds = Block(90).TimestampSeconds;
        Reads(Reading with { ClockMode = "mode=timestamp", Clock = seconds })
            .Then(Registered with { Clock = GovernorClock.Timestamp, KnownSupply = new KnownSupply(seconds - 1, 1_000) });
    }

    [Theory]
    [InlineData("mode=blocknumber&from=eip155:1")]
    [InlineData("mode=blocknumber")]
    [InlineData("mode=timestamp&from=default")]
    [InlineData("mode=epoch")]
    [InlineData("")]
    public void an_unknown_clock_is_refused(string mode) => Reads(Reading with { ClockMode = mode }).ThenRejected("CLOCK_UNKNOWN");

    [Theory]
    [InlineData("mode=blocknumber&from=default", 89)]
    [InlineData("mode=timestamp", 90)]
    [InlineData(null, 91)]
    public void a_clock_that_shows_something_else_than_it_says_is_refused(string? mode, long clock) =>
        Reads(Reading with { ClockMode = mode, Clock = clock }).ThenRejected("CLOCK_DIFFERS");

    [Theory]
    [InlineData("support=bravo")]
    [InlineData("support=bravo&quorum=for,against,abstain")]
    [InlineData("support=bravo&quorum=for,abstain&params=own")]
    [InlineData("support=bravo,fractional&quorum=for,abstain")]
    [InlineData("support=bravo&support=bravo&quorum=for")]
    [InlineData("quorum=for,abstain")]
    [InlineData("")]
    public void an_unknown_way_of_counting_is_refused(string mode) =>
        Reads(Reading with { CountingMode = mode }).ThenRejected("COUNTING_UNKNOWN");

    [Fact]
    public void a_contract_that_answers_nothing_is_no_governor()
    {
        Reads(Reading with { CountingMode = null }).ThenRejected("NOT_A_GOVERNOR");
        Reads(Reading with { VotingDelay = null }).ThenRejected("NOT_A_GOVERNOR");
        Reads(Reading with { VotingPeriod = null }).ThenRejected("NOT_A_GOVERNOR");
        Reads(Reading with { Token = null }).ThenRejected("NOT_A_GOVERNOR");
    }

    [Fact]
    public void another_token_or_timelock_than_the_contract_names_is_refused()
    {
        When(Register with { Token = AProgram.Named("another") }).ThenRejected("VOTES_TOKEN_DIFFERS");
        When(Register with { Timelock = AProgram.Named("another") }).ThenRejected("TIMELOCK_DIFFERS");
        When(Register with { Timelock = Address.Zero }).ThenRejected("TIMELOCK_DIFFERS");
    }

    [Fact]
    public void a_governor_may_have_no_timelock()
    {
        var without = Registered with
        {
            TimelockKind = TimelockKind.None,
            Timelock = Address.Zero,
            Settings = Registered.Settings with { TimelockDelaySeconds = UInt256.Zero },
        };
        var reading = Reading with { Timelock = null, TimelockDelaySeconds = null };
        When(Register with { Reading = reading, Timelock = Address.Zero }).Then(without);
    }

    [Fact]
    public void a_timelock_of_compounds_kind_has_a_grace_period() =>
        Reads(Reading with { TimelockDelaySeconds = null, GracePeriodSeconds = 14 }).Then(Registered with
        {
            TimelockKind = TimelockKind.Compound,
            GracePeriodSeconds = 14,
            Settings = Registered.Settings with { TimelockDelaySeconds = UInt256.Zero },
        });

    [Fact]
    public void another_kind_of_timelock_is_refused()
    {
        Reads(Reading with { TimelockDelaySeconds = null }).ThenRejected("TIMELOCK_UNKNOWN");
        Reads(Reading with { AccessManager = AProgram.Named("access manager") }).ThenRejected("TIMELOCK_UNKNOWN");
    }

    [Fact]
    public void a_quorum_that_is_no_share_of_the_supply_is_refused()
    {
        Reads(Reading with { QuorumNumerator = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { QuorumDenominator = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { QuorumDenominator = UInt256.Zero }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { Quorum = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { PastNumerator = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { Supply = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { Quorum = 39 }).ThenRejected("QUORUM_UNKNOWN");
    }

    [Fact]
    public void a_share_that_changed_in_the_block_of_the_reading_is_not_held_against_the_timepoint_before() =>
        Reads(Reading with { QuorumNumerator = 5 }).Then(Registered with { QuorumNumerator = 5 });

    [Fact]
    public void a_super_quorum_is_a_share_as_well()
    {
        var super = Reading with { SuperQuorumNumerator = 60, PastSuperNumerator = 60, SuperQuorum = 600 };
        Reads(super).Then(Registered with { SuperQuorumNumerator = 60 });
        Reads(super with { SuperQuorum = 601 }).ThenRejected("QUORUM_UNKNOWN");
        Reads(super with { PastSuperNumerator = null }).ThenRejected("QUORUM_UNKNOWN");
        Reads(Reading with { SuperQuorum = 600 }).ThenRejected("QUORUM_UNKNOWN");
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(91)]
    public void logs_are_read_from_a_final_block_on(long from) => When(Register with { FromBlock = from }).ThenRejected("INVALID_VALUE");

    [Fact]
    public void a_governor_is_registered_once()
    {
        GivenGovernor().When(Registering(Register with { Actor = AProgram.Ada })).ThenNothing();
        GivenGovernor().When(Registering(Register with { FromBlock = 81 })).ThenRejected("GOVERNOR_EXISTS");
        GivenGovernor().When(Registering(Register with { Token = Timelock })).ThenRejected("GOVERNOR_EXISTS");
    }

    [Fact]
    public void a_share_that_changes_holds_from_its_timepoint_on()
    {
        var change = new RecordQuorumChange(false, 120, 4, 10, Log(120));
        var governor = GivenGovernor().When(state => Governor.Decide(change, state))
            .Then(new GovernorQuorumChanged(ChainId, Contract, false, 120, 4, 10, Log(120)))!;
        Assert.Equal((UInt256)40UL, governor.QuorumAt(119, 1_000).Needed);
        Assert.Equal((UInt256)100UL, governor.QuorumAt(120, 1_000).Needed);
    }

    [Fact]
    public void the_first_change_says_what_held_before_it()
    {
        var governor = Followed(new GovernorQuorumChanged(ChainId, Contract, false, 85, 2, 4, Log(85)));
        Assert.Equal((UInt256)20UL, governor.QuorumAt(84, 1_000).Needed);
        Assert.Equal((UInt256)40UL, governor.QuorumAt(85, 1_000).Needed);
    }

    [Fact]
    public void a_super_quorum_changes_only_where_there_is_one() => GivenGovernor()
        .When(state => Governor.Decide(new RecordQuorumChange(true, 120, 4, 10, Log(120)), state))
        .ThenNothing();

    [Theory]
    [InlineData(GovernorSetting.VotingDelay)]
    [InlineData(GovernorSetting.VotingPeriod)]
    [InlineData(GovernorSetting.ProposalThreshold)]
    [InlineData(GovernorSetting.LateQuorumExtension)]
    [InlineData(GovernorSetting.TimelockDelaySeconds)]
    public void settings_change_over_time(GovernorSetting setting) => GivenGovernor()
        .When(state => Governor.Decide(new RecordSetting(setting, 77, Log(120)), state))
        .Then(new GovernorSettingChanged(ChainId, Contract, setting, 77, Log(120)));

    [Fact]
    public void the_timelock_changes_over_time()
    {
        var next = AProgram.Named("next timelock");
        var governor = GivenGovernor()
            .When(state => Governor.Decide(new RecordTimelockChange(Timelock, next, 0, Log(120)), state))
            .Then(new GovernorTimelockChanged(ChainId, Contract, Timelock, next, 0, Log(120)))!;
        Assert.Equal(next, governor.Timelock);
    }

    private static Spec<Governor> When(RegisterGovernor command) =>
        new Spec<Governor>(Governor.Evolve).When(Registering(command));

    private static Spec<Governor> Reads(GovernorReading reading) => When(Register with { Reading = reading });

    private static Func<Governor?, Decision> Registering(RegisterGovernor command) => state => Governor.Decide(command, state);
}

using Grants.Domain.Governors;
using Grants.Domain.Tests.Programs;
using Xunit;
using static Grants.Domain.Tests.Governors.AGovernor;

namespace Grants.Domain.Tests.Governors;

public sealed class GovernorStateTests
{
    [Theory]
    [InlineData(109, GovernorProposalState.Pending)]
    [InlineData(110, GovernorProposalState.Pending)]
    [InlineData(111, GovernorProposalState.Active)]
    [InlineData(150, GovernorProposalState.Active)]
    [InlineData(151, GovernorProposalState.Succeeded)]
    public void snapshot_and_deadline_still_belong_to_the_time_before_them(long block, GovernorProposalState state) =>
        Assert.Equal(state, At(block, Passed()));

    [Fact]
    public void a_clock_in_seconds_is_compared_with_seconds()
    {
        var created = Created with { Snapshot = Block(110).TimestampSeconds, Deadline = Block(150).TimestampSeconds };
        var governor = new[] { Registered with { Clock = GovernorClock.Timestamp } }
            .Aggregate((Governor?)null, Governor.Evolve)!;
        var proposal = Proposal([created, .. Passed().Skip(1)]);
        Assert.Equal(GovernorProposalState.Pending, GovernorState.Of(proposal, governor, Block(110)));
        Assert.Equal(GovernorProposalState.Active, GovernorState.Of(proposal, governor, Block(111)));
        Assert.Equal(GovernorProposalState.Active, GovernorState.Of(proposal, governor, Block(150)));
        Assert.Equal(GovernorProposalState.Succeeded, GovernorState.Of(proposal, governor, Block(151)));
    }

    [Fact]
    public void a_tie_is_a_defeat() =>
        Assert.Equal(GovernorProposalState.Defeated, At(151, [.. Passed(), Vote(113, 0, 40, "bo")]));

    [Theory]
    [InlineData(39, 0, GovernorProposalState.Defeated)]
    [InlineData(40, 0, GovernorProposalState.Succeeded)]
    [InlineData(10, 29, GovernorProposalState.Defeated)]
    [InlineData(10, 30, GovernorProposalState.Succeeded)]
    public void the_quorum_is_met_exactly_by_for_and_abstain(ulong votesFor, ulong abstain, GovernorProposalState state) =>
        Assert.Equal(state, At(151, Created, new GovernorQuorumFixed(Key, Needs), Vote(111, 1, votesFor), Vote(112, 2, abstain)));

    [Fact]
    public void where_only_votes_for_count_abstentions_do_not()
    {
        var governor = Followed();
        governor = governor with { Terms = governor.Terms with { Counting = new VoteCounting(VoteChoices.Bravo, false) } };
        var proposal = Proposal(Created, new GovernorQuorumFixed(Key, Needs), Vote(111, 1, 10), Vote(112, 2, 30));
        Assert.Equal(GovernorProposalState.Defeated, GovernorState.Of(proposal, governor, Block(151)));
    }

    [Fact]
    public void before_the_quorum_is_known_nothing_is_said_of_the_outcome()
    {
        Assert.Null(At(151, Created, Vote(111, 1, 60)));
        Assert.Equal(GovernorProposalState.Pending, At(110, Created));
    }

    [Fact]
    public void what_waits_in_the_timelock_is_queued() => Assert.Equal(GovernorProposalState.Queued, At(156, InTimelock()));

    [Fact]
    public void what_was_carried_out_in_the_timelock_is_executed_without_the_governor() =>
        Assert.Equal(GovernorProposalState.Executed, At(160, [.. InTimelock(), Changed(OperationState.Done, 160)]));

    [Fact]
    public void what_was_cancelled_in_the_timelock_is_canceled_without_the_governor() =>
        Assert.Equal(GovernorProposalState.Canceled, At(160, [.. InTimelock(), Changed(OperationState.Cancelled, 160)]));

    [Fact]
    public void what_is_scheduled_again_in_the_timelock_is_queued_again() => Assert.Equal(
        GovernorProposalState.Queued,
        At(170, [.. InTimelock(), Changed(OperationState.Cancelled, 160), Changed(OperationState.Pending, 165)]));

    [Fact]
    public void what_waits_in_a_timelock_that_is_not_used_any_more_is_canceled()
    {
        var next = AProgram.Named("next timelock");
        var governor = Followed(new GovernorTimelockChanged(ChainId, Contract, Timelock, next, 0, Log(160)));
        Assert.Equal(GovernorProposalState.Canceled, GovernorState.Of(Proposal(InTimelock()), governor, Block(160)));
        var moved = Proposal([.. InTimelock(), Changed(OperationState.Pending, 158, next)]);
        Assert.Equal(GovernorProposalState.Queued, GovernorState.Of(moved, governor, Block(160)));
    }

    [Fact]
    public void what_the_governor_executed_stays_executed() => Assert.Equal(
        GovernorProposalState.Executed,
        At(160, [.. InTimelock(), new GovernorProposalExecuted(Key, Log(160), TimeOf(160)), new GovernorProposalCanceled(Key, Log(161))]));

    [Fact]
    public void a_cancel_ends_a_proposal_in_any_state() =>
        Assert.Equal(GovernorProposalState.Canceled, At(110, Created, new GovernorProposalCanceled(Key, Log(110))));

    [Theory]
    [InlineData(0, GovernorProposalState.Queued)]
    [InlineData(13, GovernorProposalState.Queued)]
    [InlineData(14, GovernorProposalState.Expired)]
    public void in_a_timelock_of_compounds_kind_a_queued_proposal_expires(long secondsAfterEta, GovernorProposalState state)
    {
        var governor = new[] { Registered with { TimelockKind = TimelockKind.Compound, GracePeriodSeconds = 14 } }
            .Aggregate((Governor?)null, Governor.Evolve)!;
        var queued = new GovernorProposalQueued(Key, Block(200).TimestampSeconds, null, Log(155));
        var block = Block(200) with { TimestampSeconds = Block(200).TimestampSeconds + secondsAfterEta };
        Assert.Equal(state, GovernorState.Of(Proposal([.. Passed(), queued]), governor, block));
    }

    [Theory]
    [InlineData(59, 0, GovernorProposalState.Active)]
    [InlineData(60, 0, GovernorProposalState.Succeeded)]
    [InlineData(60, 60, GovernorProposalState.Active)]
    public void a_super_quorum_ends_the_vote_at_once_if_it_succeeds(ulong votesFor, ulong against, GovernorProposalState state) =>
        Assert.Equal(state, At(
            112,
            Created,
            new GovernorQuorumFixed(Key, Needs with { SuperNeeded = 60 }),
            Vote(111, 1, votesFor),
            Vote(111, 0, against, "viktor", 1)));

    [Fact]
    public void an_extended_vote_is_active_until_its_new_deadline()
    {
        object[] extended = [.. Passed(), new GovernorProposalExtended(Key, 160, Log(149))];
        Assert.Equal(GovernorProposalState.Active, At(160, extended));
        Assert.Equal(GovernorProposalState.Succeeded, At(161, extended));
    }

    private static GovernorProposalState? At(long block, params object[] events) =>
        GovernorState.Of(Proposal(events), Followed(), Block(block));
}

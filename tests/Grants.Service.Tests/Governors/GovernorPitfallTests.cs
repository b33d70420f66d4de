using Grants.Domain.Governors;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Primitives;
using Grants.Service.Governors;
using Grants.Service.Governors.Following;
using Xunit;

namespace Grants.Service.Tests.Governors;

/// <summary>
/// What indexers of governors are known to get wrong, one by one, each on OpenZeppelin's own contracts: every step is compared with
/// the contract. The votes of an account at the snapshot and reorganisations are in <see cref="GovernorFollowingTests"/>.
/// </summary>
public sealed class GovernorPitfallTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task pitfall_1_the_quorum_is_that_of_the_snapshot_and_unknown_until_it_is_over(bool byTimestamp)
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked, byTimestamp);
        var change = DaoStory.Calling(
            "Half.", [(story.Dao.Governor, OzGovernor.UpdateQuorumNumerator.Encode((UInt256)50UL))]);
        await story.QueuedAsync(change);
        await story.WaitAsync();
        var before = await story.ProposeAsync(story.Minting("Before the change."));
        Assert.Null(story.Fold.Proposals[before].Quorum);
        await story.PassAsync(Dao.Delay + 1);
        await story.DoAsync(story.Dao.Admin, story.Dao.Token, Dao.Mint, story.Dao.Admin, Dao.Tokens(1_000));
        await story.OnGovernorAsync(OzGovernor.Execute, change);
        var after = await story.ProposeAsync(story.Minting("After the change."));
        await story.PassAsync(Dao.Delay + 1);

        var (first, second) = (story.Fold.Proposals[before].Quorum!, story.Fold.Proposals[after].Quorum!);
        Assert.Equal((Dao.Tokens(150), Dao.Tokens(15)), (first.Supply, first.Needed));
        Assert.Equal((Dao.Tokens(1_150), Dao.Tokens(575)), (second.Supply, second.Needed));
    }

    [Fact]
    public async Task pitfall_2_an_operation_of_many_calls_is_executed_in_the_timelock_alone()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var plan = story.Minting("Three times.", calls: 3);
        var key = await story.QueuedAsync(plan);
        Assert.Equal(story.Dao.OperationOf(plan), story.Fold.Proposals[key].OperationId);
        await story.WaitAsync();
        var salt = TimelockController.SaltOf(story.Dao.Governor, plan.DescriptionHash);
        await story.DoAsync(
            story.Dao.Voters[0],
            story.Dao.Timelock,
            TimelockController.ExecuteBatch,
            plan.Targets,
            plan.Values,
            plan.Calldatas,
            Hash32.Zero,
            salt);
        Assert.Equal(GovernorProposalState.Executed, await story.StateAsync(key));
        Assert.Null(story.Fold.Proposals[key].Executed);
    }

    [Fact]
    public async Task pitfall_2_an_operation_is_cancelled_in_the_timelock_alone()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var plan = story.Minting("Never.");
        var key = await story.QueuedAsync(plan);
        await story.DoAsync(story.Dao.Admin, story.Dao.Timelock, TimelockController.Cancel, story.Dao.OperationOf(plan));
        Assert.Equal(GovernorProposalState.Canceled, await story.StateAsync(key));
        Assert.Null(story.Fold.Proposals[key].CanceledAt);
    }

    [Fact]
    public async Task pitfall_2_a_timelock_that_is_replaced_takes_no_operation_along()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var dao = story.Dao;
        var change = DaoStory.Calling("Move.", [(dao.Governor, OzGovernor.UpdateTimelock.Encode(dao.NextTimelock))]);
        var waiting = story.Minting("Waits.");
        var left = await story.QueuedAsync(waiting);
        await story.QueuedAsync(change);
        await story.WaitAsync();
        await story.OnGovernorAsync(OzGovernor.Execute, change);
        Assert.Equal(GovernorProposalState.Canceled, await story.StateAsync(left));

        await story.DoAsync(
            dao.Admin,
            dao.NextTimelock,
            Dao.ScheduleBatch,
            waiting.Targets,
            waiting.Values,
            waiting.Calldatas,
            Hash32.Zero,
            TimelockController.SaltOf(dao.Governor, waiting.DescriptionHash),
            (UInt256)Dao.TimelockSeconds);
        Assert.Equal(GovernorProposalState.Queued, await story.StateAsync(left));
        await story.WaitAsync();
        await story.OnGovernorAsync(OzGovernor.Execute, waiting);
        Assert.Equal(GovernorProposalState.Executed, await story.StateAsync(left));
    }

    /// <summary>OpenZeppelin's governor emits it once; GovernorBravo, with the same log, as often as it is called.</summary>
    [Fact]
    public async Task pitfall_3_a_second_cancel_of_the_same_proposal_changes_nothing()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var plan = story.Minting("Never.");
        var key = await story.ProposeAsync(plan);
        var receipt = await story.OnGovernorAsync(OzGovernor.Cancel, plan);
        Assert.Equal(GovernorProposalState.Canceled, await story.StateAsync(key));
        var cancel = receipt.Logs.Single(log => OzGovernor.ProposalCanceled.TryDecode(log, out _));
        var again = cancel with { BlockNumber = cancel.BlockNumber + 5, LogIndex = 9 };
        var head = await chain.HeadAsync();
        var reading = new GovernorLogs(story.Fold.Terms, new Dictionary<Address, long>());
        var fact = Assert.IsType<GovernorFact.OfProposal>(reading.FactOf(new GovernorLog(chain.Id, again, head)));
        var state = story.Fold.Proposals[key];
        Assert.Empty(fact.Decide(state).Events);
        Assert.Equal(cancel.BlockNumber, state.CanceledAt!.BlockNumber);
    }

    [Fact]
    public async Task pitfall_4_fractional_votes_of_one_voter_add_up_by_what_each_used()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Fractional);
        var key = await story.ProposeAsync(story.Minting("In shares."));
        await story.PassAsync(Dao.Delay);
        var voter = story.Dao.Voters[1];
        foreach (var (against, votesFor, abstain) in new (ulong, ulong, ulong)[] { (1, 2, 3), (4, 0, 1) })
        {
            byte[] shares = [.. new[] { against, votesFor, abstain }.SelectMany(count => Dao.Tokens(count).ToBytes()[16..])];
            await story.DoAsync(
                voter, story.Dao.Governor, OzGovernor.CastVoteWithReasonAndParams, key.ProposalId, (UInt256)255UL, "", shares);
        }

        await story.VoteAsync(key, 1, 1);
        Assert.Equal(new VoteTally(Dao.Tokens(5), Dao.Tokens(11), Dao.Tokens(4)), story.Fold.Proposals[key].Votes);
        Assert.Equal(3, story.Fold.Proposals[key].VoteCount);
    }

    [Fact]
    public async Task pitfall_4_a_holder_who_overrides_its_delegate_makes_that_vote_smaller()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Overridable);
        var key = await story.ProposeAsync(story.Minting("Overridden."));
        await story.PassAsync(Dao.Delay);
        await story.VoteAsync(key, 1, 0);
        Assert.Equal(Dao.Tokens(60), story.Fold.Proposals[key].Votes.For);
        await story.DoAsync(
            story.Dao.Voters[4], story.Dao.Governor, OzGovernorModules.CastOverrideVote, key.ProposalId, UInt256.Zero, "Not me.");
        Assert.Equal(new VoteTally(Dao.Tokens(50), Dao.Tokens(10), UInt256.Zero), story.Fold.Proposals[key].Votes);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task pitfall_5_a_late_quorum_moves_the_deadline(bool byTimestamp)
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked, byTimestamp);
        var key = await story.ProposeAsync(story.Minting("Late."));
        await story.PassAsync(Dao.Delay + Dao.Period - 2);
        var planned = story.Fold.Proposals[key].Deadline;
        await story.VoteAsync(key, 1, 3);
        Assert.True(story.Fold.Proposals[key].Deadline > planned);
        await story.PassAsync(2);
        Assert.Equal(GovernorProposalState.Active, await story.StateAsync(key));
        await story.PassAsync(Dao.Extension);
        Assert.Equal(GovernorProposalState.Succeeded, await story.StateAsync(key));
    }

    [Fact]
    public async Task pitfall_5_settings_change_for_later_proposals_only()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var setPeriod = AbiFunction.Parse("function setVotingPeriod(uint32 newVotingPeriod)");
        var change = DaoStory.Calling("Longer.", [(story.Dao.Governor, setPeriod.Encode((UInt256)99UL))]);
        await story.QueuedAsync(change);
        await story.WaitAsync();
        var before = await story.ProposeAsync(story.Minting("Before."));
        await story.OnGovernorAsync(OzGovernor.Execute, change);
        var after = await story.ProposeAsync(story.Minting("After."));
        Assert.Equal((UInt256)99UL, story.Fold.Governor.Settings.VotingPeriod);
        long PeriodOf(GovernorProposalKey key) => story.Fold.Proposals[key].Deadline - story.Fold.Proposals[key].Created.Snapshot;
        Assert.Equal((Dao.Period, 99), (PeriodOf(before), PeriodOf(after)));
    }

    [Fact]
    public async Task pitfall_6_the_same_proposal_on_two_governors_of_one_timelock_is_two_proposals()
    {
        await using var chain = await DaoChain.StartAsync();
        var one = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var two = await DaoStory.BeginAsync(chain, DaoKind.Timelocked, sharing: one.Dao);
        var plan = one.Minting("The same.");
        var (first, second) = (await one.QueuedAsync(plan), await two.QueuedAsync(plan));
        Assert.Equal(first.ProposalId, second.ProposalId);
        Assert.NotEqual(first, second);
        Assert.NotEqual(one.Dao.OperationOf(plan), two.Dao.OperationOf(plan));
        await one.DoAsync(one.Dao.Admin, one.Dao.Timelock, TimelockController.Cancel, one.Dao.OperationOf(plan));
        Assert.Equal(GovernorProposalState.Canceled, await one.StateAsync(first));
        Assert.Equal(GovernorProposalState.Queued, await two.StateAsync(second));
    }

    [Fact]
    public async Task pitfall_6_a_governor_may_count_its_proposals()
    {
        await using var chain = await DaoChain.StartAsync();
        var one = await DaoStory.BeginAsync(chain, DaoKind.Fractional);
        var two = await DaoStory.BeginAsync(chain, DaoKind.Fractional, sharing: one.Dao);
        var (first, second) = (await one.ProposeAsync(one.Minting("One.")), await two.ProposeAsync(two.Minting("Another.")));
        Assert.Equal((UInt256.One, UInt256.One), (first.ProposalId, second.ProposalId));
        Assert.NotEqual(first.StreamId(), second.StreamId());
    }

    [Fact]
    public async Task pitfall_7_one_base_unit_decides_among_more_than_any_float_holds()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Timelocked);
        var (dao, most) = (story.Dao, new UInt256(System.Numerics.BigInteger.Pow(2, 200)));
        await story.DoAsync(dao.Admin, dao.Token, Dao.Mint, dao.Voters[1], most + Dao.Tokens(10));
        await story.DoAsync(dao.Admin, dao.Token, Dao.Mint, dao.Voters[2], most + UInt256.One);
        var key = await story.ProposeAsync(story.Minting("By one."));
        await story.PassAsync(Dao.Delay);
        await story.VoteAsync(key, 0, 1);
        await story.VoteAsync(key, 1, 2);
        await story.PassAsync(Dao.Period);
        var votes = story.Fold.Proposals[key].Votes;
        Assert.Equal(UInt256.One, votes.For - votes.Against);
        Assert.Equal((double)votes.For.ToBigInteger(), (double)votes.Against.ToBigInteger());
        Assert.Equal(GovernorProposalState.Succeeded, await story.StateAsync(key));
    }

    [Fact]
    public async Task a_queued_proposal_expires_in_a_timelock_of_compounds_kind()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Compound);
        var key = await story.QueuedAsync(story.Minting("Too late."));
        await story.PassAsync((int)(Dao.TimelockSeconds + Dao.GraceSeconds) / (int)DaoChain.BlockSeconds);
        Assert.Equal(GovernorProposalState.Expired, await story.StateAsync(key));
    }

    [Fact]
    public async Task a_super_quorum_ends_the_vote_before_its_deadline()
    {
        await using var chain = await DaoChain.StartAsync();
        var story = await DaoStory.BeginAsync(chain, DaoKind.Fractional);
        var plan = story.Minting("At once.");
        var key = await story.ProposeAsync(plan);
        await story.PassAsync(Dao.Delay);
        await story.VoteAsync(key, 1, 0);
        Assert.Equal(GovernorProposalState.Active, await story.StateAsync(key));
        await story.VoteAsync(key, 1, 3);
        Assert.Equal(GovernorProposalState.Succeeded, await story.StateAsync(key));
        await story.OnGovernorAsync(OzGovernor.Execute, plan);
        Assert.Equal(GovernorProposalState.Executed, await story.StateAsync(key));
    }

    [Fact]
    public async Task what_is_no_governor_is_read_as_none()
    {
        await using var chain = await DaoChain.StartAsync();
        var dao = await Dao.DeployAsync(chain, DaoKind.Overridable, byTimestamp: false);
        foreach (var address in new[] { dao.Token, dao.Admin })
        {
            var reading = await new GovernorReader(chain.Node).ReadAsync(
                address, await chain.HeadAsync(), TestContext.Current.CancellationToken);
            var decision = Governor.Decide(
                new RegisterGovernor(chain.Id, address, null, null, 0, reading, dao.Admin, default), null);
            Assert.Equal("NOT_A_GOVERNOR", decision.Rejection?.Code);
        }
    }
}

using Grants.Domain.Governors;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Governors.AGovernor;

namespace Grants.Domain.Tests.Governors;

public sealed class GovernorProposalSpecs
{
    [Fact]
    public void a_proposal_begins_with_its_log()
    {
        var command = new RecordGovernorProposal(
            Key, Created.Proposer, Created.Calls, Created.Description, Created.DescriptionHash, Created.Operations, Snapshot, Deadline,
            Created.Evidence, Created.At);
        var state = new Spec<GovernorProposal>(GovernorProposal.Evolve)
            .When(proposal => GovernorProposal.Decide(command, proposal)).Then(Created)!;
        Assert.Equal((VoteTally.None, Deadline, 0L), (state.Votes, state.Deadline, state.EtaSeconds));
        Assert.Null(state.Quorum);
    }

    [Fact]
    public void votes_add_up_by_side()
    {
        var state = Proposal(Created, Vote(111, 1, 60), Vote(112, 0, 20, "viktor"), Vote(113, 2, 5, "council"), Vote(113, 1, 1, "bo", 1));
        Assert.Equal((new VoteTally(20, 61, 5), 4L), (state.Votes, state.VoteCount));
    }

    [Fact]
    public void a_vote_is_counted_once_by_its_place_on_the_chain()
    {
        var vote = Vote(111, 1, 60);
        Given(Created).When(Voting(vote)).Then(vote);
        Given(Created, vote, Vote(111, 1, 60, index: 1)).When(Voting(vote)).ThenNothing();
    }

    [Fact]
    public void a_vote_on_a_proposal_from_before_the_first_block_says_nothing() =>
        new Spec<GovernorProposal>(GovernorProposal.Evolve).When(Voting(Vote(111, 1, 60))).ThenNothing();

    [Fact]
    public void an_overridden_vote_loses_weight()
    {
        var reduction = new RecordVoteReduction(Key, AProgram.Named("vera"), 1, new VoteTally(0, 15, 0), Log(112));
        var state = Given(Created, Vote(111, 1, 60)).When(state => GovernorProposal.Decide(reduction, state))
            .Then(new GovernorVoteReduced(Key, AProgram.Named("vera"), 1, new VoteTally(0, 15, 0), Log(112)))!;
        Assert.Equal(new VoteTally(0, 45, 0), state.Votes);
    }

    [Fact]
    public void a_late_quorum_moves_the_deadline_only_further()
    {
        var further = new RecordGovernorExtension(Key, 160, Log(149));
        var state = Given(Created).When(state => GovernorProposal.Decide(further, state))
            .Then(new GovernorProposalExtended(Key, 160, Log(149)))!;
        Assert.Equal(160, state.Deadline);
        Given(Created).When(state => GovernorProposal.Decide(further with { Deadline = 150 }, state)).ThenNothing();
    }

    [Fact]
    public void a_queue_finds_the_operation_that_was_scheduled_with_it()
    {
        var queue = new RecordGovernorQueue(Key, 500, Log(155, 1));
        Given([.. Passed(), Changed(OperationState.Pending, 155)])
            .When(state => GovernorProposal.Decide(queue, state))
            .Then(new GovernorProposalQueued(Key, 500, Operation, Log(155, 1)));
        Given([.. Passed(), Changed(OperationState.Pending, 155, operation: OldOperation)])
            .When(state => GovernorProposal.Decide(queue, state))
            .Then(new GovernorProposalQueued(Key, 500, OldOperation, Log(155, 1)));
    }

    [Fact]
    public void what_somebody_else_scheduled_is_not_the_governors_operation() =>
        Given([.. Passed(), Changed(OperationState.Pending, 120, operation: OldOperation)])
            .When(state => GovernorProposal.Decide(new RecordGovernorQueue(Key, 500, Log(155, 1)), state))
            .Then(new GovernorProposalQueued(Key, 500, null, Log(155, 1)));

    [Fact]
    public void an_operation_of_something_else_says_nothing() => Given(Passed())
        .When(state => GovernorProposal.Decide(
            new RecordOperation(Key, Timelock, Keccak256.Hash("else"), OperationState.Pending, Log(155), TimeOf(155)), state))
        .ThenNothing();

    [Fact]
    public void an_operation_of_many_calls_changes_once()
    {
        var done = new RecordOperation(Key, Timelock, Operation, OperationState.Done, Log(160), TimeOf(160));
        Given(InTimelock()).When(state => GovernorProposal.Decide(done, state)).Then(Changed(OperationState.Done, 160));
        Given([.. InTimelock(), Changed(OperationState.Done, 160)])
            .When(state => GovernorProposal.Decide(done with { Evidence = Log(160, 4) }, state))
            .ThenNothing();
    }

    [Fact]
    public void a_proposal_is_executed_once()
    {
        var execution = new RecordGovernorExecution(Key, Log(160, 2), TimeOf(160));
        Given(InTimelock()).When(state => GovernorProposal.Decide(execution, state))
            .Then(new GovernorProposalExecuted(Key, Log(160, 2), TimeOf(160)));
    }

    [Fact]
    public void a_second_cancel_changes_nothing()
    {
        var cancel = new RecordGovernorCancel(Key, Log(120));
        var state = Given(Created).When(state => GovernorProposal.Decide(cancel, state))
            .Then(new GovernorProposalCanceled(Key, Log(120)))!;
        Assert.Empty(GovernorProposal.Decide(cancel with { Evidence = Log(130) }, state).Events);
        Assert.Equal(Log(120), state.CanceledAt);
    }

    [Fact]
    public void a_quorum_is_fixed_once()
    {
        var fix = new FixGovernorQuorum(Key, Needs);
        Assert.Equal(Snapshot, Proposal(Created).AwaitedSnapshot);
        var state = Given(Created).When(state => GovernorProposal.Decide(fix, state)).Then(new GovernorQuorumFixed(Key, Needs))!;
        Assert.Null(state.AwaitedSnapshot);
        Assert.Empty(GovernorProposal.Decide(fix with { Quorum = Needs with { Needed = 41 } }, state).Events);
    }

    [Fact]
    public void the_same_id_on_another_governor_or_chain_is_another_proposal()
    {
        var same = new[] { Key, Key with { Governor = Token }, Key with { ChainId = 1 }, Key with { ProposalId = 8 } };
        Assert.Equal(4, same.Select(key => key.StreamId()).Distinct().Count());
    }

    [Fact]
    public void what_no_token_can_have_is_counted_as_the_most_there_can_be()
    {
        var state = Proposal(Created, Vote(111, 1, 1) with { Counted = new VoteTally(0, UInt256.MaxValue, 0) }, Vote(112, 1, 1));
        Assert.Equal(UInt256.MaxValue, state.Votes.For);
    }

    private static Func<GovernorProposal?, Decision> Voting(GovernorVoteCast vote) => state => GovernorProposal.Decide(
        new RecordGovernorVote(
            Key, vote.Voter, vote.Support, vote.Weight, vote.Counted, vote.IsOverride, vote.Reason, vote.Evidence),
        state);
}

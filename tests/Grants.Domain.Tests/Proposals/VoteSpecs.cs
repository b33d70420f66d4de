using System.Text.Json;
using Grants.Domain.Proposals;
using Xunit;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

public sealed class VoteSpecs
{
    private static readonly OpenVoting Open = new(
        AProposal.Id, Rules, SnapshotBlock, PowerRoot, 20_000, 25_000, 3, Manager, OpensAt);

    private static readonly CloseVoting Close = new(AProposal.Id, Passed, ClosesAt);

    // --- Open ---

    [Fact]
    public void a_vote_is_opened_on_the_submitted_content_under_the_rules_of_the_program() =>
        Given(ProposalState.Submitted).When(Opening(Open)).Then(AProposal.Opened);

    [Fact]
    public void a_vote_lasts_as_long_as_its_rules_say()
    {
        var rules = Rules with { VotingPeriodSeconds = 61 };
        Given(ProposalState.Submitted)
            .When(Opening(Open with { Rules = rules }))
            .Then(AProposal.Opened with { Rules = rules, ClosesAt = OpensAt.AddSeconds(61) });
    }

    [Fact]
    public void a_vote_is_opened_once() =>
        Given(ProposalState.Voting).When(Opening(Open with { At = At.AddDays(1), TotalPower = 0 })).ThenNothing();

    [Fact]
    public void there_is_no_vote_on_what_does_not_exist() => Given().When(Opening(Open)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(ProposalState.Draft)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    [InlineData(ProposalState.Cancelled)]
    public void only_a_submitted_proposal_is_voted_on(ProposalState state) =>
        Given(state).When(Opening(Open with { TotalPower = 0 })).ThenRejected("WRONG_PROPOSAL_STATE");

    [Fact]
    public void a_vote_that_nobody_could_take_part_in_is_not_opened() =>
        Given(ProposalState.Submitted).When(Opening(Open with { TotalPower = 0 })).ThenRejected("NOBODY_CAN_VOTE");

    // --- Close ---

    [Fact]
    public void a_vote_with_quorum_and_threshold_approves() =>
        Given(ProposalState.Voting).When(Closing(Close)).Then(Closed, Approved);

    [Fact]
    public void what_is_approved_is_the_last_revision()
    {
        var content = new ProposalContent("Another DEX", "We build it.", 599, Bo);
        Given(Drafted, new ProposalRevised(AProposal.Id, Ada, content, At), Submitted, AProposal.Opened)
            .When(Closing(Close))
            .Then(Closed, Approved with { Recipient = Bo, Amount = 599 });
    }

    [Fact]
    public void a_vote_that_does_not_approve_rejects_and_tells_why() => Given(ProposalState.Voting)
        .When(Closing(Close with { Result = Failed }))
        .Then(ClosedAgainst, Rejected with { Reason = Failed.Outcome.Reason });

    // --- Discussion ---

    [Fact]
    public void a_vote_opens_once_the_discussion_is_over()
    {
        var rules = Rules with { DiscussionSeconds = 3_600 };
        Given(ProposalState.Submitted).When(Opening(Open with { Rules = rules })).Then(AProposal.Opened with { Rules = rules });
        Given(ProposalState.Submitted)
            .When(Opening(Open with { Rules = rules, At = OpensAt.AddTicks(-1) }))
            .ThenRejected("DISCUSSION_STILL_OPEN");
    }

    // --- Extension ---

    [Fact]
    public void a_vote_whose_quorum_came_late_is_extended_once()
    {
        var extend = new ExtendVoting(AProposal.Id, AProposal.Id, ClosesAt.AddHours(1), ClosesAt.AddMinutes(-1));
        var state = Given(ProposalState.Voting)
            .When(proposal => Proposal.Decide(extend, proposal))
            .Then(new VotingExtended(AProposal.Id, AProposal.Id, extend.ClosesAt, extend.At))!;
        Assert.Equal(extend.ClosesAt, state.Vote!.ClosesAt);
        Assert.Equal(ClosesAt, state.Vote.Opened.ClosesAt);
        Assert.Empty(Proposal.Decide(extend with { ClosesAt = ClosesAt.AddHours(2) }, state).Events);
        Assert.Equal("VOTING_STILL_OPEN", Proposal.Decide(Close, state).Rejection!.Code);
    }

    [Fact]
    public void a_vote_is_never_made_shorter() => Given(ProposalState.Voting)
        .When(proposal => Proposal.Decide(new ExtendVoting(AProposal.Id, AProposal.Id, ClosesAt.AddTicks(-1), OpensAt), proposal))
        .ThenNothing();

    // --- Re-vote ---

    [Fact]
    public void a_rejected_proposal_has_one_more_vote_where_its_rules_name_one()
    {
        var again = Rules with { VotingPeriodSeconds = 3_600, Quorums = [] };
        var first = AProposal.Opened with { Rules = Rules with { Revote = again } };
        var opensAt = ClosesAt.AddDays(1);
        var second = Given(Drafted, Submitted, first, ClosedAgainst, Rejected)
            .When(Opening(Open with { At = opensAt }))
            .Then(first with
            {
                VoteId = Proposal.VoteIdOf(AProposal.Id, 2), Round = 2, Rules = again, OpensAt = opensAt, ClosesAt = opensAt.AddHours(1),
            })!;
        Assert.Equal((2, ProposalState.Voting), (second.Rounds.Count, second.State));
        var rejected = Proposal.Decide(Close with { Result = Failed, At = second.Vote!.ClosesAt }, second).Events
            .Aggregate((Proposal?)second, Proposal.Evolve);
        Assert.Equal("WRONG_PROPOSAL_STATE", Proposal.Decide(Open with { At = opensAt.AddDays(9) }, rejected).Rejection!.Code);
    }

    [Fact]
    public void a_revote_has_an_id_of_its_own() =>
        Assert.NotEqual(Proposal.VoteIdOf(AProposal.Id, 1), Proposal.VoteIdOf(AProposal.Id, 2));

    [Fact]
    public void a_vote_on_what_does_not_exist_is_not_closed() => Given().When(Closing(Close)).ThenRejected("NOT_FOUND");

    [Theory]
    [InlineData(ProposalState.Draft)]
    [InlineData(ProposalState.Submitted)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    [InlineData(ProposalState.Cancelled)]
    public void there_is_nothing_to_close_where_no_vote_is_open(ProposalState state) =>
        Given(state).When(Closing(Close with { At = At })).ThenNothing();

    [Fact]
    public void a_vote_is_not_closed_early() =>
        Given(ProposalState.Voting).When(Closing(Close with { At = ClosesAt.AddTicks(-1) })).ThenRejected("VOTING_STILL_OPEN");

    [Fact]
    public void a_vote_may_be_closed_late() => Given(ProposalState.Voting)
        .When(Closing(Close with { At = ClosesAt.AddDays(1) }))
        .Then(Closed with { At = ClosesAt.AddDays(1) }, Approved with { At = ClosesAt.AddDays(1) });

    // --- State ---

    [Theory]
    [InlineData(ProposalState.Draft)]
    [InlineData(ProposalState.Submitted)]
    [InlineData(ProposalState.Voting)]
    [InlineData(ProposalState.Approved)]
    [InlineData(ProposalState.Rejected)]
    [InlineData(ProposalState.Withdrawn)]
    [InlineData(ProposalState.Cancelled)]
    public void a_proposal_is_in_the_state_that_its_events_led_to_and_comes_back_from_json(ProposalState expected)
    {
        var state = Until(expected).Aggregate((Proposal?)null, Proposal.Evolve)!;
        Assert.Equal(expected, state.State);
        Assert.Equal(state, JsonSerializer.Deserialize<Proposal>(JsonSerializer.Serialize(state)));
        Assert.Equal($"proposal/{AProposal.Id}", state.Id);
    }

    [Fact]
    public void a_proposal_keeps_its_vote_and_its_result()
    {
        var state = Until(ProposalState.Approved).Aggregate((Proposal?)null, Proposal.Evolve)!;
        Assert.Equal((Content.Hash(), new VotingRound(AProposal.Opened, ClosesAt, Passed)), (state.ContentHash, state.Vote!));
    }

    private static Func<Proposal?, Decision> Opening(OpenVoting command) => state => Proposal.Decide(command, state);

    private static Func<Proposal?, Decision> Closing(CloseVoting command) => state => Proposal.Decide(command, state);
}

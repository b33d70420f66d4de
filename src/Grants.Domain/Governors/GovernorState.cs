using Grants.Primitives;

namespace Grants.Domain.Governors;

/// <summary>The states of IGovernor.ProposalState, in its order.</summary>
public enum GovernorProposalState
{
    Pending,
    Active,
    Canceled,
    Defeated,
    Succeeded,
    Queued,
    Expired,
    Executed,
}

/// <summary>The state of a governor's proposal: a function of its logs and of the clock, never something stored.</summary>
public static class GovernorState
{
    /// <summary>
    /// What <c>state(proposalId)</c> answers in a block, by OpenZeppelin Contracts 5.7: Governor.state (executed, then canceled, then
    /// pending up to and with the snapshot, active up to and with the deadline, then the outcome), GovernorSuperQuorum.state (an active
    /// proposal with enough votes for goes on at once), GovernorTimelockControl.state (a queued one follows its operation in the
    /// timelock in use: done there is executed, gone from there is canceled), GovernorTimelockCompound.state (a queued one expires
    /// at eta + grace period). Votes for must exceed votes against; a tie is a defeat.
    /// </summary>
    /// <param name="proposal">From the logs up to the block.</param>
    /// <param name="governor">Likewise.</param>
    /// <param name="block">The block that is asked about.</param>
    /// <returns>Null where the quorum decides and is not known yet.</returns>
    public static GovernorProposalState? Of(GovernorProposal proposal, Governor governor, BlockRef block)
    {
        if (proposal.Executed is not null)
            return GovernorProposalState.Executed;
        if (proposal.CanceledAt is not null)
            return GovernorProposalState.Canceled;
        var now = governor.Terms.Clock.At(block);
        if (proposal.Created.Snapshot >= now)
            return GovernorProposalState.Pending;
        if (proposal.Quorum is not { } quorum)
            return null;
        var succeeds = proposal.Votes.For > proposal.Votes.Against;
        if (proposal.Deadline >= now)
            return quorum.SuperNeeded is { } needed && proposal.Votes.For >= needed && succeeds
                ? Decided(proposal, governor, block)
                : GovernorProposalState.Active;
        return succeeds && governor.Terms.Counting.Reaches(proposal.Votes, quorum.Needed)
            ? Decided(proposal, governor, block)
            : GovernorProposalState.Defeated;
    }

    private static GovernorProposalState Decided(GovernorProposal proposal, Governor governor, BlockRef block)
    {
        if (proposal.EtaSeconds == 0)
            return GovernorProposalState.Succeeded;
        return governor.Terms.TimelockKind switch
        {
            TimelockKind.Controller => proposal.OperationAt(governor.Timelock, proposal.OperationId)?.State switch
            {
                OperationState.Pending => GovernorProposalState.Queued,
                OperationState.Done => GovernorProposalState.Executed,
                _ => GovernorProposalState.Canceled,
            },
            TimelockKind.Compound when block.TimestampSeconds - proposal.EtaSeconds >= governor.GracePeriodSeconds =>
                GovernorProposalState.Expired,
            _ => GovernorProposalState.Queued,
        };
    }
}

using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <summary>A governor contract carried out its own proposal to approve this one.</summary>
/// <param name="ContentHash">What its voters approved.</param>
/// <param name="Governor">The governor, on chain <paramref name="ChainId"/>.</param>
/// <param name="GovernorProposalId">The governor's proposal.</param>
/// <param name="Evidence">The final log of the execution.</param>
/// <param name="At">The time of its block.</param>
public sealed record ApproveOnChain(
    Hash32 ProposalId,
    Hash32 ContentHash,
    long ChainId,
    Address Governor,
    UInt256 GovernorProposalId,
    EventKey Evidence,
    DateTimeOffset At);

// --- Events ---

public sealed record ProposalApprovedOnChain(
    Hash32 ProposalId,
    Hash32 ContentHash,
    long ChainId,
    Address Governor,
    UInt256 GovernorProposalId,
    EventKey Evidence,
    DateTimeOffset At);

// --- Rejections ---

public sealed record ContentDiffers(Hash32 Submitted, Hash32 Approved)
    : Rejection("CONTENT_DIFFERS", $"What was approved is {Approved}; what was submitted is {Submitted}.");

// --- State ---

/// <summary>The approval of a proposal by a governor contract instead of a vote here.</summary>
public sealed partial record Proposal
{
    /// <summary>The execution that approved it; null where a vote here decided or nothing did.</summary>
    public ProposalApprovedOnChain? OnChainApproval { get; init; }

    // --- Decide ---

    public static Decision Decide(ApproveOnChain command, Proposal? state)
    {
        if (state is null)
            return new NotFound("proposal");
        if (state.OnChainApproval is not null)
            return Decision.Nothing;
        if (state.State is not (ProposalState.Submitted or ProposalState.InReview))
            return new WrongProposalState(state.State, "submitted");
        if (state.ContentHash != command.ContentHash)
            return new ContentDiffers(state.ContentHash!.Value, command.ContentHash);
        return Decision.Accept(
            new ProposalApprovedOnChain(
                command.ProposalId,
                command.ContentHash,
                command.ChainId,
                command.Governor,
                command.GovernorProposalId,
                command.Evidence,
                command.At),
            state.ApprovedAt(command.At));
    }
}

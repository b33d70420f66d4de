using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <summary>The applicant asks for a second look at the committee's rejection: once, and within the time that the rules give.</summary>
public sealed record AppealProposal(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

/// <summary>A guardian decides an appeal that the committee has not decided.</summary>
/// <param name="IsUpheld">The rejection falls: the proposal goes on as if the committee had approved it.</param>
public sealed record DecideAppealOfProposal(Hash32 ProposalId, Address Guardian, bool IsUpheld, string Reason, DateTimeOffset At);

// --- Events ---

public sealed record ProposalAppealed(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

/// <param name="Guardian">Who decided; null where the committee did by its reviews.</param>
public sealed record AppealOfProposalDecided(
    Hash32 ProposalId, Address? Guardian, bool IsUpheld, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record AppealClosed(string Why) : Rejection("APPEAL_CLOSED", Why);

// --- State ---

/// <summary>The one appeal against a committee's rejection. Against a vote there is none: it may have a re-vote.</summary>
public sealed partial record Proposal
{
    /// <summary>Null where nobody appealed.</summary>
    public ProposalAppealed? Appeal { get; init; }

    /// <summary>Null where there was no appeal or it is not decided yet.</summary>
    public AppealOfProposalDecided? AppealDecision { get; init; }

    // --- Decide ---

    public static Decision Decide(AppealProposal command, Proposal? state)
    {
        if (state is null || state.Applicant != command.Actor)
            return new NotFound("proposal");
        if (state.State == ProposalState.Appealed)
            return Decision.Nothing;
        if (state is not { State: ProposalState.Rejected, ReviewRejectedAt: { } rejectedAt })
            return new WrongProposalState(state.State, "rejected by its committee");
        if (state.Appeal is not null)
            return new AppealClosed("There is one appeal, and it is decided.");
        if (command.At >= rejectedAt.AddSeconds(state.Review!.AppealSeconds))
            return new AppealClosed($"An appeal was possible until {rejectedAt.AddSeconds(state.Review.AppealSeconds):O}.");
        return ReasonProblem("reason", command.Reason) is { } problem
            ? problem
            : Decision.Accept(new ProposalAppealed(command.ProposalId, command.Actor, command.Reason, command.At));
    }

    public static Decision Decide(DecideAppealOfProposal command, Proposal? state)
    {
        if (state is null or { State: ProposalState.Draft })
            return new NotFound("proposal");
        if (state.AppealDecision is { } decision)
            return decision.IsUpheld == command.IsUpheld && decision.Guardian == command.Guardian
                ? Decision.Nothing
                : new AppealClosed("The appeal is decided.");
        if (state.State != ProposalState.Appealed)
            return new WrongProposalState(state.State, "appealed");
        if (state.InterestOf(command.Guardian) is { } interest)
            return new ConflictOfInterest(command.Guardian, interest);
        return ReasonProblem("reason", command.Reason) is { } problem
            ? problem
            : Decision.Accept(state.Concluded(command.IsUpheld, command.Reason, command.Guardian, command.At));
    }

    // What follows from the committee's word, or from a guardian's on an appeal.
    private IReadOnlyList<object> Concluded(bool isApproved, string reason, Address? guardian, DateTimeOffset at)
    {
        object goesOn = Review!.Stage == ReviewStage.Decision ? ApprovedAt(at) : new ProposalScreened(ProposalId, at);
        if (State != ProposalState.Appealed)
            return [isApproved ? goesOn : new ProposalRejected(ProposalId, reason, at)];
        var decided = new AppealOfProposalDecided(ProposalId, guardian, isApproved, reason, at);
        return isApproved ? [decided, goesOn] : [decided];
    }
}

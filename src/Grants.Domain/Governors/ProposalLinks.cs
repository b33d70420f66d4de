using Grants.Primitives;

namespace Grants.Domain.Governors;

// --- Commands ---

/// <summary>Takes the execution of a governor's proposal as the approval of an application for an award.</summary>
/// <param name="ApplicationId">The id of the application: of the proposal to a program.</param>
/// <param name="ContentHash">Of the application, as submitted.</param>
/// <param name="Approver">The governor that approves for the application's program; null where none does.</param>
public sealed record LinkApplication(
    GovernorProposalKey Proposal,
    Hash32 ApplicationId,
    Hash32 ContentHash,
    GovernorKey? Approver,
    Address Actor,
    DateTimeOffset At);

// --- Events ---

public sealed record ApplicationLinked(
    GovernorProposalKey Proposal, Hash32 ApplicationId, Hash32 ContentHash, Address Actor, DateTimeOffset At);

// --- Rejections ---

public sealed record GovernorNotApprover(Address Governor)
    : Rejection("GOVERNOR_NOT_APPROVER", $"{Governor} does not approve for this program.");

public sealed record ApplicationNotNamed(Hash32 Missing)
    : Rejection("APPLICATION_NOT_NAMED", $"The description of the governor's proposal does not contain {Missing}.");

// --- State ---

/// <summary>An application that the execution approves.</summary>
public sealed record LinkedApplication(Hash32 ApplicationId, Hash32 ContentHash);

/// <summary>
/// Which applications the execution of a governor's proposal approves. Its voters must have seen what they approve: the description
/// names the application by its id, which is used once, and its content by the hash.
/// </summary>
public sealed partial record GovernorProposal
{
    /// <summary>In the order in which they were linked.</summary>
    public ValueList<LinkedApplication> Links { get; init; } = [];

    // --- Decide ---

    public static Decision Decide(LinkApplication command, GovernorProposal? state)
    {
        if (state is null)
            return new NotFound("proposal of this governor");
        if (state.Links.Contains(new LinkedApplication(command.ApplicationId, command.ContentHash)))
            return Decision.Nothing;
        if (command.Approver != new GovernorKey(command.Proposal.ChainId, command.Proposal.Governor))
            return new GovernorNotApprover(command.Proposal.Governor);
        foreach (var name in new[] { command.ApplicationId, command.ContentHash })
        {
            if (!state.Created.Description.Contains(name.ToString(), StringComparison.OrdinalIgnoreCase))
                return new ApplicationNotNamed(name);
        }

        return Decision.Accept(
            new ApplicationLinked(command.Proposal, command.ApplicationId, command.ContentHash, command.Actor, command.At));
    }

    // --- Evolve ---

    private static GovernorProposal EvolveLinks(GovernorProposal state, object @event) => @event is ApplicationLinked linked
        ? state with { Links = [.. state.Links, new LinkedApplication(linked.ApplicationId, linked.ContentHash)] }
        : state;
}

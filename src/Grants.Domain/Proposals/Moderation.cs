using Grants.Primitives;

namespace Grants.Domain.Proposals;

// --- Commands ---

/// <summary>Tells everybody that something may be wrong with a proposal. Nothing else changes.</summary>
public sealed record FlagProposal(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

/// <summary>Takes the text of a proposal out of sight. Its vote and its hash stay.</summary>
public sealed record HideProposal(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

/// <summary>Shows a hidden proposal again.</summary>
public sealed record ShowProposal(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

/// <summary>Ends a proposal that is not awarded yet.</summary>
/// <param name="IsSpam">Its deposit is forfeited, where the program says so.</param>
public sealed record CancelProposal(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At, bool IsSpam = false);

// --- Events ---

public sealed record ProposalFlagged(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

public sealed record ProposalHidden(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

public sealed record ProposalShown(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

public sealed record ProposalCancelled(Hash32 ProposalId, Address Actor, string Reason, DateTimeOffset At);

// --- State ---

/// <summary>What a guardian said of a proposal.</summary>
public sealed record Flag(Address Actor, string Reason, DateTimeOffset At);

/// <summary>What a guardian may do to a proposal: always with a reason, always as an event, never by deleting anything.</summary>
public sealed partial record Proposal
{
    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int ReasonLengthMax = 2_000;

    /// <summary>In the order in which they were raised.</summary>
    public ValueList<Flag> Flags { get; init; } = [];

    /// <summary>Why its text is hidden; null where it is shown.</summary>
    public string? HiddenBecause { get; init; }

    // --- Decide ---

    public static Decision Decide(FlagProposal command, Proposal? state)
    {
        if (Refuse(state, command.Reason) is { } problem)
            return problem;
        return state!.Flags.Any(flag => flag.Actor == command.Actor && flag.Reason == command.Reason)
            ? Decision.Nothing
            : Decision.Accept(new ProposalFlagged(command.ProposalId, command.Actor, command.Reason, command.At));
    }

    public static Decision Decide(HideProposal command, Proposal? state)
    {
        if (Refuse(state, command.Reason) is { } problem)
            return problem;
        return state!.HiddenBecause is not null
            ? Decision.Nothing
            : Decision.Accept(new ProposalHidden(command.ProposalId, command.Actor, command.Reason, command.At));
    }

    public static Decision Decide(ShowProposal command, Proposal? state)
    {
        if (Refuse(state, command.Reason) is { } problem)
            return problem;
        return state!.HiddenBecause is null
            ? Decision.Nothing
            : Decision.Accept(new ProposalShown(command.ProposalId, command.Actor, command.Reason, command.At));
    }

    public static Decision Decide(CancelProposal command, Proposal? state)
    {
        if (Refuse(state, command.Reason) is { } problem)
            return problem;
        return state!.State switch
        {
            ProposalState.Cancelled => Decision.Nothing,
            ProposalState.Approved or ProposalState.Withdrawn => new WrongProposalState(state.State, "before its award, and not withdrawn"),
            _ => Decision.Accept(
            [
                new ProposalCancelled(command.ProposalId, command.Actor, command.Reason, command.At),
                .. command.IsSpam ? state.Forfeit(command.Reason, command.At) : [],
            ]),
        };
    }

    // --- Evolve ---

    private static Proposal EvolveModeration(Proposal state, object @event) => @event switch
    {
        ProposalFlagged flagged => state with { Flags = [.. state.Flags, new Flag(flagged.Actor, flagged.Reason, flagged.At)] },
        ProposalHidden hidden => state with { HiddenBecause = hidden.Reason },
        ProposalShown => state with { HiddenBecause = null },
        ProposalCancelled => state with { State = ProposalState.Cancelled },
        _ => state,
    };

    // A draft is its applicant's alone: a guardian does not even see it.
    private static Rejection? Refuse(Proposal? state, string reason)
    {
        if (state is null or { State: ProposalState.Draft })
            return new NotFound("proposal");
        return string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax || reason.Contains('\0', StringComparison.Ordinal)
            ? new InvalidValue("reason", $"A reason has 1 to {ReasonLengthMax} characters, without the null character.")
            : null;
    }
}

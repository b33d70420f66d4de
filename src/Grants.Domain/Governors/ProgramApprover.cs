using Grants.Primitives;

namespace Grants.Domain.Governors;

// --- Commands ---

/// <summary>Lets a governor approve the applications to a program.</summary>
/// <param name="IsFollowed">Whether the governor is registered.</param>
public sealed record NameApprover(string ProgramId, GovernorKey Governor, bool IsFollowed, Address Actor, DateTimeOffset At);

// --- Events ---

public sealed record ApproverNamed(string ProgramId, long ChainId, Address Governor, Address Actor, DateTimeOffset At);

// --- State ---

/// <summary>A governor contract.</summary>
public sealed record GovernorKey(long ChainId, Address Address);

/// <summary>The governor whose executed proposals approve the applications to a program.</summary>
public sealed record ProgramApprover(string Id, string ProgramId, GovernorKey Governor)
{
    public static Decision Decide(NameApprover command, ProgramApprover? state)
    {
        if (state?.Governor == command.Governor)
            return Decision.Nothing;
        return command.IsFollowed
            ? Decision.Accept(new ApproverNamed(
                command.ProgramId, command.Governor.ChainId, command.Governor.Address, command.Actor, command.At))
            : new NotFound("governor");
    }

    public static ProgramApprover? Evolve(ProgramApprover? state, object @event) => @event is ApproverNamed named
        ? new ProgramApprover(StreamId(named.ProgramId), named.ProgramId, new GovernorKey(named.ChainId, named.Governor))
        : state;

    /// <summary>The stream of a program's approver.</summary>
    public static string StreamId(string programId) => $"program-approver/{programId}";
}

using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Programs;

// --- Commands ---

/// <summary>Takes a proposal among the open ones of its program.</summary>
/// <param name="OpenMax">How many may be open at the same time; null for any number.</param>
public sealed record AdmitSubmission(string ProgramId, Hash32 ProposalId, Address Applicant, int? OpenMax, DateTimeOffset At);

/// <summary>A proposal has ended.</summary>
public sealed record ReleaseSubmission(string ProgramId, Hash32 ProposalId, DateTimeOffset At);

// --- Events ---

public sealed record SubmissionAdmitted(string ProgramId, Hash32 ProposalId, Address Applicant, DateTimeOffset At);

public sealed record SubmissionReleased(string ProgramId, Hash32 ProposalId, DateTimeOffset At);

// --- Rejections ---

public sealed record OpenProposalExists(string ProposalId)
    : Rejection("OPEN_PROPOSAL_EXISTS", $"The applicant has an open proposal in this program: {ProposalId}. One at a time.");

public sealed record TooManyOpenProposals(int Most)
    : Rejection("TOO_MANY_OPEN_PROPOSALS", $"The program has {Most} open proposals and takes no more until one is decided.");

// --- State ---

/// <summary>
/// The open proposals of a program: submitted and not ended. It is one stream, which every submission of the program goes through, so
/// that no race can get past its rules.
/// </summary>
/// <param name="Open">The applicant by proposal.</param>
public sealed record SubmissionRegister(string Id, ImmutableDictionary<string, Address> Open)
{
    /// <summary>The stream of a program's register.</summary>
    public static string StreamId(string programId) => $"submissions/{programId}";

    // --- Decide ---

    public static Decision Decide(AdmitSubmission command, SubmissionRegister? state)
    {
        var open = state?.Open ?? ImmutableDictionary<string, Address>.Empty;
        if (open.ContainsKey(command.ProposalId.ToString()))
            return Decision.Nothing;
        if (open.FirstOrDefault(one => one.Value == command.Applicant) is { Key: { } other })
            return new OpenProposalExists(other);
        return command.OpenMax is { } most && open.Count >= most
            ? new TooManyOpenProposals(most)
            : Decision.Accept(new SubmissionAdmitted(command.ProgramId, command.ProposalId, command.Applicant, command.At));
    }

    public static Decision Decide(ReleaseSubmission command, SubmissionRegister? state) =>
        state?.Open.ContainsKey(command.ProposalId.ToString()) == true
            ? Decision.Accept(new SubmissionReleased(command.ProgramId, command.ProposalId, command.At))
            : Decision.Nothing;

    // --- Evolve ---

    public static SubmissionRegister? Evolve(SubmissionRegister? state, object @event) => @event switch
    {
        SubmissionAdmitted admitted => new SubmissionRegister(
            StreamId(admitted.ProgramId),
            (state?.Open ?? ImmutableDictionary<string, Address>.Empty).SetItem(admitted.ProposalId.ToString(), admitted.Applicant)),
        SubmissionReleased released => state! with { Open = state.Open.Remove(released.ProposalId.ToString()) },
        _ => state,
    };
}

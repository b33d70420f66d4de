using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Programs;

// --- Commands ---

/// <summary>An open proposal of a program.</summary>
public sealed record OpenSubmission(Hash32 ProposalId, Address Applicant);

/// <summary>Takes a proposal among the open ones of its program.</summary>
/// <param name="OpenMax">How many may be open at the same time; null for any number.</param>
/// <param name="Earlier">
/// Those that are open by their own state: looked at once a program, which may have taken some before there was a register.
/// </param>
public sealed record AdmitSubmission(
    string ProgramId, Hash32 ProposalId, Address Applicant, int? OpenMax, ValueList<OpenSubmission> Earlier, DateTimeOffset At);

/// <summary>A proposal has ended.</summary>
public sealed record ReleaseSubmission(string ProgramId, Hash32 ProposalId, DateTimeOffset At);

// --- Events ---

public sealed record SubmissionAdmitted(string ProgramId, Hash32 ProposalId, Address Applicant, DateTimeOffset At);

public sealed record SubmissionReleased(string ProgramId, Hash32 ProposalId, DateTimeOffset At);

/// <summary>From here on the register knows of every open proposal of its program.</summary>
public sealed record EarlierSubmissionsCounted(string ProgramId, DateTimeOffset At);

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
/// <param name="IsComplete">Proposals that are older than the register are in it as well.</param>
public sealed record SubmissionRegister(string Id, ImmutableDictionary<string, Address> Open, bool IsComplete = false)
{
    /// <summary>The stream of a program's register.</summary>
    public static string StreamId(string programId) => $"submissions/{programId}";

    // --- Decide ---

    public static Decision Decide(AdmitSubmission command, SubmissionRegister? state)
    {
        var counted = Count(command, state);
        var open = counted.Aggregate(state, Evolve)?.Open ?? ImmutableDictionary<string, Address>.Empty;
        if (open.ContainsKey(command.ProposalId.ToString()))
            return Decision.Accept(counted);
        if (open.FirstOrDefault(one => one.Value == command.Applicant) is { Key: { } other })
            return new OpenProposalExists(other);
        return command.OpenMax is { } most && open.Count >= most
            ? new TooManyOpenProposals(most)
            : Decision.Accept(
                [.. counted, new SubmissionAdmitted(command.ProgramId, command.ProposalId, command.Applicant, command.At)]);
    }

    public static Decision Decide(ReleaseSubmission command, SubmissionRegister? state) =>
        state?.Open.ContainsKey(command.ProposalId.ToString()) == true
            ? Decision.Accept(new SubmissionReleased(command.ProgramId, command.ProposalId, command.At))
            : Decision.Nothing;

    // --- Evolve ---

    public static SubmissionRegister? Evolve(SubmissionRegister? state, object @event) => @event switch
    {
        SubmissionAdmitted admitted => Or(state, admitted.ProgramId) is var register
            ? register with { Open = register.Open.SetItem(admitted.ProposalId.ToString(), admitted.Applicant) }
            : null,
        EarlierSubmissionsCounted counted => Or(state, counted.ProgramId) with { IsComplete = true },
        SubmissionReleased released => state! with { Open = state.Open.Remove(released.ProposalId.ToString()) },
        _ => state,
    };

    private static SubmissionRegister Or(SubmissionRegister? state, string programId) =>
        state ?? new SubmissionRegister(StreamId(programId), ImmutableDictionary<string, Address>.Empty);

    // They are in, whatever the rules now say: who was let in once is not put out.
    private static IReadOnlyList<object> Count(AdmitSubmission command, SubmissionRegister? state) => state?.IsComplete == true
        ? []
        :
        [
            .. command.Earlier
                .Where(earlier => state?.Open.ContainsKey(earlier.ProposalId.ToString()) != true)
                .Select(earlier => new SubmissionAdmitted(command.ProgramId, earlier.ProposalId, earlier.Applicant, command.At)),
            new EarlierSubmissionsCounted(command.ProgramId, command.At),
        ];
}

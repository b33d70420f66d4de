using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Proposals;

/// <summary>What a reviewer says.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    Approve,
    Reject,

    /// <summary>Rejects; where all who reject say so, the deposit is forfeited.</summary>
    Spam,
}

// --- Commands ---

/// <summary>A reviewer's scores, comment and vote; it replaces the reviewer's last one until the committee has decided.</summary>
/// <param name="ContentHash">What was reviewed.</param>
/// <param name="Scores">By criterion of the rubric.</param>
/// <param name="Comment">Markdown, public.</param>
public sealed record RecordReview(
    Hash32 ProposalId,
    Address Reviewer,
    Hash32 ContentHash,
    Verdict Verdict,
    ValueList<int> Scores,
    string Comment,
    DateTimeOffset At);

/// <summary>A reviewer sends a proposal back to its applicant.</summary>
public sealed record RequestChanges(Hash32 ProposalId, Address Reviewer, string Reason, DateTimeOffset At);

/// <summary>A reviewer has an interest that nobody declared: from here on they do not review, and what they said does not count.</summary>
/// <param name="Nature">One line, public.</param>
public sealed record DeclareConflict(Hash32 ProposalId, Address Reviewer, string Nature, DateTimeOffset At);

// --- Events ---

public sealed record ReviewRecorded(
    Hash32 ProposalId,
    Address Reviewer,
    Hash32 ContentHash,
    Verdict Verdict,
    ValueList<int> Scores,
    string Comment,
    DateTimeOffset At);

public sealed record ChangesRequested(Hash32 ProposalId, Address Reviewer, string Reason, DateTimeOffset At);

public sealed record ConflictDeclared(Hash32 ProposalId, Address Reviewer, string Nature, DateTimeOffset At);

/// <summary>The committee lets the proposal through to the vote.</summary>
public sealed record ProposalScreened(Hash32 ProposalId, DateTimeOffset At);

// --- Rejections ---

public sealed record NotUnderReview() : Rejection("NOT_UNDER_REVIEW", "The proposal's program has no review.");

public sealed record ReviewComesFirst(ReviewStage Stage) : Rejection(
    "REVIEW_COMES_FIRST",
    Stage == ReviewStage.Screening ? "The committee has not let the proposal through yet." : "The committee decides, not a vote.");

public sealed record ConflictOfInterest(Address Reviewer, string Interest)
    : Rejection("CONFLICT_OF_INTEREST", $"{Reviewer} has an interest in the proposal: {Interest}");

// --- State ---

/// <summary>The review of a proposal by its program's committee.</summary>
public sealed partial record Proposal
{
    /// <summary>The rules with which it was submitted; null where it is not reviewed.</summary>
    public ReviewRules? Review { get; init; }

    /// <summary>The reviews of the content as it is, one a reviewer, in their order. An appeal begins with none.</summary>
    public ValueList<ReviewRecorded> Reviews { get; init; } = [];

    /// <summary>What a reviewer last asked to be changed; null where nobody did.</summary>
    public ChangesRequested? Changes { get; init; }

    /// <summary>When the committee let it through to the vote.</summary>
    public DateTimeOffset? ScreenedAt { get; init; }

    /// <summary>When the committee rejected it; null where it did not, or an appeal overturned that.</summary>
    public DateTimeOffset? ReviewRejectedAt { get; init; }

    /// <summary>The interests that reviewers declared themselves.</summary>
    public ValueList<ConflictDeclared> ReviewerConflicts { get; init; } = [];

    /// <summary>Why an account may not review it, or null.</summary>
    public string? InterestOf(Address account) =>
        account == Applicant ? "it is the applicant."
        : account == Content.Recipient ? "it is the recipient."
        : Content.Conflicts.FirstOrDefault(conflict => conflict.Account == account)?.Nature
            ?? ReviewerConflicts.FirstOrDefault(conflict => conflict.Reviewer == account)?.Nature;

    // --- Decide ---

    public static Decision Decide(RecordReview command, Proposal? state)
    {
        if (RefuseReviewer(command.Reviewer, state) is { } refusal)
            return refusal;
        var recorded = new ReviewRecorded(
            command.ProposalId, command.Reviewer, command.ContentHash, command.Verdict, command.Scores, command.Comment, command.At);
        if (state!.Reviews.Any(review => review with { At = command.At } == recorded))
            return Decision.Nothing;
        if (!state.IsReviewed)
            return new WrongProposalState(state.State, "before the committee's decision");
        if (command.ContentHash != state.ContentHash)
            return new ContentDiffers(state.ContentHash!.Value, command.ContentHash);
        if (command.Scores.Count != state.Review!.Rubric.Count || command.Scores.Any(score => score is < 0 or > ReviewRules.ScoreMax))
            return new InvalidValue("scores", $"There must be {state.Review.Rubric.Count}, each 0 to {ReviewRules.ScoreMax}.");
        if (ReasonProblem("comment", command.Comment) is { } problem)
            return problem;
        return Decision.Accept([recorded, .. Conclude(EvolveReview(state, recorded), command.At)]);
    }

    public static Decision Decide(RequestChanges command, Proposal? state)
    {
        if (RefuseReviewer(command.Reviewer, state) is { } refusal)
            return refusal;
        if (state!.State == ProposalState.ChangesRequested)
            return Decision.Nothing;
        if (!state.IsReviewed || state.State == ProposalState.Appealed)
            return new WrongProposalState(state.State, "in review");
        return ReasonProblem("reason", command.Reason) is { } problem
            ? problem
            : Decision.Accept(new ChangesRequested(command.ProposalId, command.Reviewer, command.Reason, command.At));
    }

    public static Decision Decide(DeclareConflict command, Proposal? state)
    {
        if (state?.ReviewerConflicts.Any(conflict => conflict.Reviewer == command.Reviewer) == true)
            return Decision.Nothing;
        if (RefuseReviewer(command.Reviewer, state) is { } refusal)
            return refusal is ConflictOfInterest ? Decision.Nothing : refusal;
        if (!LineText.IsLine(command.Nature, ProposalContent.LineLengthMax))
            return new InvalidValue("nature", $"Must have 1 to {ProposalContent.LineLengthMax} characters on one line.");
        var declared = new ConflictDeclared(command.ProposalId, command.Reviewer, command.Nature, command.At);
        var after = EvolveReview(state!, declared);
        return Decision.Accept([declared, .. after.IsReviewed ? Conclude(after, command.At) : []]);
    }

    // --- Evolve ---

    // What was said of another content says nothing of this one.
    private static Proposal EvolveReview(Proposal state, object @event) => @event switch
    {
        ReviewRecorded recorded => state with
        {
            State = state.State == ProposalState.Submitted ? ProposalState.InReview : state.State,
            Reviews = [.. state.Reviews.Where(review => review.Reviewer != recorded.Reviewer), recorded],
        },
        ChangesRequested requested => state with { State = ProposalState.ChangesRequested, Changes = requested },
        ConflictDeclared declared => state with
        {
            Reviews = state.IsReviewed || state.State == ProposalState.ChangesRequested
                ? [.. state.Reviews.Where(review => review.Reviewer != declared.Reviewer)]
                : state.Reviews,
            ReviewerConflicts = [.. state.ReviewerConflicts, declared],
        },
        ProposalSubmitted submitted when submitted.ContentHash != state.ContentHash => state with { Reviews = [] },
        ProposalScreened screened => state with { State = ProposalState.Submitted, ScreenedAt = screened.At, ReviewRejectedAt = null },
        ProposalAppealed appealed => state with { State = ProposalState.Appealed, Appeal = appealed, Reviews = [] },
        AppealOfProposalDecided decided => state with { State = ProposalState.Rejected, AppealDecision = decided },
        _ => state,
    };

    private bool IsReviewed =>
        State is ProposalState.InReview or ProposalState.Appealed || (State == ProposalState.Submitted && ScreenedAt is null);

    private static Rejection? RefuseReviewer(Address reviewer, Proposal? state)
    {
        if (state is null or { State: ProposalState.Draft })
            return new NotFound("proposal");
        if (state.Review is not { } rules)
            return new NotUnderReview();
        if (!rules.Reviewers.Contains(reviewer))
            return new Forbidden("Only a reviewer of the program reviews its proposals.");
        return state.InterestOf(reviewer) is { } interest ? new ConflictOfInterest(reviewer, interest) : null;
    }

    private static InvalidValue? ReasonProblem(string field, string text) =>
        string.IsNullOrWhiteSpace(text) || text.Length > ReasonLengthMax || text.Contains('\0', StringComparison.Ordinal)
            ? new InvalidValue(field, $"Must have 1 to {ReasonLengthMax} characters, without the null character.")
            : null;

    // What the committee has come to: approval as soon as enough approve, rejection as soon as no longer enough can.
    private static IReadOnlyList<object> Conclude(Proposal state, DateTimeOffset at)
    {
        var rules = state.Review!;
        var approvals = state.Reviews.Count(review => review.Verdict == Verdict.Approve);
        if (approvals >= rules.Needed)
            return state.Concluded(isApproved: true, $"{approvals} reviewers approve.", null, at);
        var rejections = state.Reviews.Count - approvals;
        var eligible = rules.Reviewers.Count(one => state.InterestOf(one) is null);
        if (eligible - rejections >= rules.Needed)
            return [];
        var reason = rejections == 0
            ? $"Only {eligible} reviewers have no interest in it; {rules.Needed} would have to approve."
            : $"{rejections} reviewers reject; {rules.Needed} would have to approve.";
        var isSpam = rejections > 0 && state.Reviews.Count(review => review.Verdict == Verdict.Spam) == rejections;
        return [.. state.Concluded(isApproved: false, reason, null, at), .. isSpam ? state.Forfeit(reason, at) : []];
    }
}

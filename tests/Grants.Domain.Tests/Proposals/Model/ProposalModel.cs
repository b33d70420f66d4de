using Grants.Domain.Proposals;

namespace Grants.Domain.Tests.Proposals.Model;

internal enum ActKind
{
    Draft,
    Revise,
    Submit,
    Withdraw,
    Cancel,
    Review,
    RequestChanges,
    DeclareConflict,
    Appeal,
    DecideAppeal,
    OpenVoting,
    CloseVoting,
}

/// <summary>Something that somebody tries.</summary>
/// <param name="Who">0 is the applicant; of reviewers 0 to 2 may review until they declare an interest, 3 has one, 4 is none.</param>
/// <param name="Text">Which of the texts is written, where one is.</param>
/// <param name="Says">Yes or no, where it is asked for.</param>
/// <param name="Hours">Since the last one.</param>
internal sealed record Act(ActKind Kind, int Who, int Text, bool Says, int Hours);

/// <summary>
/// What a proposal does, in the plainest words: one field a fact, one branch a rule. Two approvals of four decide, one of the four has
/// an interest.
/// </summary>
internal sealed class ProposalModel(ReviewStage? stage)
{
    public const int AppealHours = 5;

    public const int VotingHours = 2;

    private readonly Dictionary<int, bool> votes = [];
    private readonly HashSet<int> conflicted = [3];
    private int text;
    private int? submitted;
    private bool screened;
    private long? rejectedByReviewAt;
    private bool appealed;
    private (bool ByGuardian, bool Upheld)? decided;
    private long closesAt;

    public ProposalState? State { get; private set; }

    public int Revision { get; private set; }

    /// <summary>The code of the refusal; null where the act is done, now or before.</summary>
    public string? Try(Act act, long now) => act.Kind switch
    {
        ActKind.Draft => Draft(act),
        ActKind.OpenVoting or ActKind.CloseVoting when State is null => "NOT_FOUND",
        ActKind.OpenVoting => OpenVoting(now),
        ActKind.CloseVoting => CloseVoting(act.Says, now),
        ActKind.Cancel or ActKind.Review or ActKind.RequestChanges or ActKind.DeclareConflict or ActKind.DecideAppeal
            when State is null or ProposalState.Draft => "NOT_FOUND",
        ActKind.Cancel => Cancel(),
        ActKind.Review => RefuseReviewer(act.Who) ?? Review(act, now),
        ActKind.DeclareConflict => DeclareConflict(act.Who, now),
        ActKind.RequestChanges => RefuseReviewer(act.Who) ?? RequestChanges(),
        ActKind.DecideAppeal => DecideAppeal(act.Says, now),
        _ when State is null || act.Who != 0 => "NOT_FOUND",
        ActKind.Revise => Revise(act),
        ActKind.Submit => Submit(),
        ActKind.Withdraw => Withdraw(),
        _ => Appeal(now),
    };

    private string? Draft(Act act)
    {
        if (State is not null)
            return act.Who == 0 && act.Text == text ? null : "PROPOSAL_EXISTS";
        (State, text, Revision) = (ProposalState.Draft, act.Text, 1);
        return null;
    }

    private string? Revise(Act act)
    {
        if (act.Text == text)
            return null;
        if (State is not (ProposalState.Draft or ProposalState.ChangesRequested))
            return "WRONG_PROPOSAL_STATE";
        if (!act.Says)
            return "STALE_REVISION";
        (text, Revision) = (act.Text, Revision + 1);
        return null;
    }

    private string? Submit()
    {
        if (State is ProposalState.Submitted or ProposalState.InReview)
            return null;
        if (State is not (ProposalState.Draft or ProposalState.ChangesRequested))
            return "WRONG_PROPOSAL_STATE";
        if (stage is not null && 4 - conflicted.Count < 2)
            return "COMMITTEE_IN_CONFLICT";
        if (submitted != text)
            votes.Clear();
        State = State == ProposalState.Draft ? ProposalState.Submitted : ProposalState.InReview;
        submitted = text;
        return null;
    }

    private string? Withdraw()
    {
        if (State is ProposalState.Approved or ProposalState.Rejected or ProposalState.Cancelled)
            return "WRONG_PROPOSAL_STATE";
        State = ProposalState.Withdrawn;
        return null;
    }

    private string? Cancel()
    {
        if (State is ProposalState.Approved or ProposalState.Withdrawn)
            return "WRONG_PROPOSAL_STATE";
        State = ProposalState.Cancelled;
        return null;
    }

    private string? RefuseReviewer(int who) =>
        stage is null || submitted is null ? "NOT_UNDER_REVIEW"
        : who == 4 ? "FORBIDDEN"
        : conflicted.Contains(who) ? "CONFLICT_OF_INTEREST" : null;

    private bool InReview =>
        State is ProposalState.InReview or ProposalState.Appealed || (State == ProposalState.Submitted && !screened);

    private string? Review(Act act, long now)
    {
        if (votes.TryGetValue(act.Who, out var said) && said == act.Says)
            return null;
        if (!InReview)
            return "WRONG_PROPOSAL_STATE";
        votes[act.Who] = act.Says;
        if (State == ProposalState.Submitted)
            State = ProposalState.InReview;
        Count(now);
        return null;
    }

    private string? DeclareConflict(int who, long now)
    {
        if (RefuseReviewer(who) is var refused and not null)
            return refused == "CONFLICT_OF_INTEREST" ? null : refused;
        conflicted.Add(who);
        if (InReview || State == ProposalState.ChangesRequested)
            votes.Remove(who);
        if (InReview)
            Count(now);
        return null;
    }

    private void Count(long now)
    {
        if (votes.Values.Count(yes => yes) >= 2)
            Conclude(true, false, now);
        else if (4 - conflicted.Count - votes.Values.Count(yes => !yes) < 2)
            Conclude(false, false, now);
    }

    private string? RequestChanges()
    {
        if (State == ProposalState.ChangesRequested)
            return null;
        if (!InReview || State == ProposalState.Appealed)
            return "WRONG_PROPOSAL_STATE";
        State = ProposalState.ChangesRequested;
        return null;
    }

    private string? Appeal(long now)
    {
        if (State == ProposalState.Appealed)
            return null;
        if (State != ProposalState.Rejected || rejectedByReviewAt is not { } at)
            return "WRONG_PROPOSAL_STATE";
        if (appealed || now >= at + AppealHours)
            return "APPEAL_CLOSED";
        (State, appealed) = (ProposalState.Appealed, true);
        votes.Clear();
        return null;
    }

    private string? DecideAppeal(bool upheld, long now)
    {
        if (decided is { } before)
            return before == (true, upheld) ? null : "APPEAL_CLOSED";
        if (State != ProposalState.Appealed)
            return "WRONG_PROPOSAL_STATE";
        Conclude(upheld, true, now);
        return null;
    }

    private void Conclude(bool yes, bool byGuardian, long now)
    {
        if (State == ProposalState.Appealed)
            decided = (byGuardian, yes);
        else if (!yes)
            rejectedByReviewAt = now;
        State = !yes ? ProposalState.Rejected : stage == ReviewStage.Decision ? ProposalState.Approved : ProposalState.Submitted;
        if (State == ProposalState.Submitted)
            (screened, rejectedByReviewAt) = (true, null);
    }

    private string? OpenVoting(long now)
    {
        if (State == ProposalState.Voting)
            return null;
        if (State is ProposalState.Submitted or ProposalState.InReview && stage is not null && !screened)
            return "REVIEW_COMES_FIRST";
        if (State != ProposalState.Submitted)
            return "WRONG_PROPOSAL_STATE";
        (State, closesAt) = (ProposalState.Voting, now + VotingHours);
        return null;
    }

    private string? CloseVoting(bool passed, long now)
    {
        if (State != ProposalState.Voting)
            return null;
        if (now < closesAt)
            return "VOTING_STILL_OPEN";
        (State, rejectedByReviewAt) = (passed ? ProposalState.Approved : ProposalState.Rejected, null);
        return null;
    }
}

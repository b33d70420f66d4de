using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Awards;

// --- Commands ---

/// <param name="Milestone">From 1.</param>
/// <param name="EvidenceHash">Keccak-256 of what is behind the link.</param>
/// <param name="EvidenceLink">Where the evidence is.</param>
public sealed record SubmitMilestone(
    Hash32 AwardId, int Milestone, Hash32 EvidenceHash, string EvidenceLink, Address SubmittedBy, DateTimeOffset At);

/// <param name="EvidenceHash">What the reviewer has seen; zero where a milestone is rejected without evidence.</param>
/// <param name="Amount">Base units, for an acceptance in part; else ignored.</param>
/// <param name="Reason">Public.</param>
/// <param name="FinalizedBlock">The finalized block on which what is refused goes back to the treasury.</param>
public sealed record ReviewMilestone(
    Hash32 AwardId,
    int Milestone,
    Hash32 EvidenceHash,
    MilestoneVerdict Verdict,
    UInt256 Amount,
    string Reason,
    Address ReviewedBy,
    BlockRef FinalizedBlock,
    DateTimeOffset At);

/// <summary>Other terms for a milestone that is still open. Its amount and when that vests never change: the vault holds them.</summary>
/// <param name="Reason">Public.</param>
public sealed record AmendMilestone(
    Hash32 AwardId, int Milestone, MilestoneTerms Terms, string Reason, Address AmendedBy, DateTimeOffset At);

// --- Events ---

public sealed record MilestoneSubmitted(
    Hash32 AwardId, int Milestone, Hash32 EvidenceHash, string EvidenceLink, Address SubmittedBy, DateTimeOffset At);

/// <param name="Accepted">Base units that may be paid for it.</param>
public sealed record MilestoneReviewed(
    Hash32 AwardId,
    int Milestone,
    Hash32 EvidenceHash,
    MilestoneVerdict Verdict,
    UInt256 Accepted,
    string Reason,
    Address ReviewedBy,
    DateTimeOffset At);

public sealed record MilestoneAmended(
    Hash32 AwardId,
    int Milestone,
    MilestoneTerms Before,
    MilestoneTerms After,
    string Reason,
    Address AmendedBy,
    DateTimeOffset At);

// --- Rejections ---

public sealed record MilestonesPending() : Rejection("MILESTONES_PENDING", "What is left of this award waits for its milestones.");

public sealed record MilestoneClosed(MilestoneStatus Status)
    : Rejection("MILESTONE_CLOSED", $"The milestone is {Status.ToString().ToLowerInvariant()} for good.");

public sealed record MilestoneNotSubmitted(MilestoneStatus Status)
    : Rejection("MILESTONE_NOT_SUBMITTED", $"The milestone is {Status.ToString().ToLowerInvariant()}: there is nothing to review.");

public sealed record MilestoneOverdue(long DueAt, long At)
    : Rejection("MILESTONE_OVERDUE", $"The milestone was due at {DueAt}; it is {At}, seconds since 1970. A manager can amend it.");

public sealed record EvidenceChanged(Hash32 Current)
    : Rejection("EVIDENCE_CHANGED", $"The evidence is now {Current}: look at it before judging.");

// --- State ---

public enum MilestoneVerdict
{
    Accept,
    AcceptPart,

    /// <summary>Other evidence may be submitted.</summary>
    Return,

    /// <summary>For good: it can never be paid.</summary>
    Reject,
}

public enum MilestoneStatus
{
    Open,
    Submitted,
    Returned,
    Accepted,
    Rejected,
}

/// <param name="DueAt">Seconds since 1970: evidence is taken until then.</param>
public sealed record MilestoneTerms(string Title, string Description, long DueAt);

/// <param name="Number">From 1.</param>
/// <param name="Amount">Base units that wait for it.</param>
/// <param name="Accepted">Base units that may be paid for it; null while there is no verdict for good.</param>
/// <param name="Reason">Of the last review.</param>
public sealed record AwardMilestone(
    int Number,
    MilestoneTerms Terms,
    UInt256 Amount,
    MilestoneStatus Status,
    Hash32 EvidenceHash = default,
    string EvidenceLink = "",
    UInt256? Accepted = null,
    string Reason = "")
{
    [JsonIgnore]
    public bool IsClosed => Status is MilestoneStatus.Accepted or MilestoneStatus.Rejected;
}

public sealed partial record Award
{
    /// <summary>The longest link to evidence, in UTF-16 units.</summary>
    public const int EvidenceLinkLengthMax = 2_000;

    public ImmutableList<AwardMilestone> Milestones { get; init; } = [];

    private ImmutableDictionary<int, UInt256> AcceptedAmounts => Milestones
        .Where(milestone => milestone.Accepted is not null)
        .ToImmutableDictionary(milestone => milestone.Number, milestone => milestone.Accepted!.Value);

    public static Decision Decide(SubmitMilestone command, Award? state)
    {
        if (state?.MilestoneOf(command.Milestone) is not { } milestone)
            return new NotFound("milestone");
        if (command.EvidenceHash == Hash32.Zero)
            return new InvalidValue("evidenceHash", "The hash of the evidence must be given.");
        if (!IsLink(command.EvidenceLink))
            return new InvalidValue("evidenceLink", $"Must be an https or ipfs link of at most {EvidenceLinkLengthMax} characters.");
        if (milestone.EvidenceHash == command.EvidenceHash && milestone.EvidenceLink == command.EvidenceLink
            && milestone.Status != MilestoneStatus.Returned)
            return Decision.Nothing;
        if (milestone.IsClosed)
            return new MilestoneClosed(milestone.Status);
        if (state.Cancellation is { } cancellation)
            return new AwardIsCancelled(cancellation.Mode);
        var at = command.At.ToUnixTimeSeconds();
        return at > milestone.Terms.DueAt
            ? new MilestoneOverdue(milestone.Terms.DueAt, at)
            : Decision.Accept(new MilestoneSubmitted(
                command.AwardId, command.Milestone, command.EvidenceHash, command.EvidenceLink, command.SubmittedBy, command.At));
    }

    public static Decision Decide(ReviewMilestone command, Award? state)
    {
        if (state?.MilestoneOf(command.Milestone) is not { } milestone)
            return new NotFound("milestone");
        if (ProblemOf(command, milestone) is { } problem)
            return problem;
        var reviewed = new MilestoneReviewed(
            command.AwardId,
            command.Milestone,
            command.EvidenceHash,
            command.Verdict,
            AcceptedBy(command, milestone),
            command.Reason,
            command.ReviewedBy,
            command.At);
        var after = state.AfterMilestone(reviewed)!;
        if (after.MilestoneOf(command.Milestone) is { } judged
            && (judged.Status, judged.Accepted) == (milestone.Status, milestone.Accepted))
            return Decision.Nothing;
        if (milestone.IsClosed)
            return new MilestoneClosed(milestone.Status);
        if (state.ReservedAt is null)
            return new AwardNotReserved();
        var isMissed = command.Verdict == MilestoneVerdict.Reject && command.At.ToUnixTimeSeconds() > milestone.Terms.DueAt;
        if (milestone.Status != MilestoneStatus.Submitted && !isMissed)
            return new MilestoneNotSubmitted(milestone.Status);
        if (milestone.EvidenceHash != command.EvidenceHash)
            return new EvidenceChanged(milestone.EvidenceHash);
        return after.TakeBackSurplus(command.FinalizedBlock, command.Reason) is { } clawback
            ? Decision.Accept(reviewed, clawback)
            : Decision.Accept(reviewed);
    }

    public static Decision Decide(AmendMilestone command, Award? state)
    {
        if (state?.MilestoneOf(command.Milestone) is not { } milestone)
            return new NotFound("milestone");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        if (string.IsNullOrWhiteSpace(command.Terms.Title) || command.Terms.Title.Length > ReasonLengthMax)
            return new InvalidValue("title", $"Must have 1 to {ReasonLengthMax} characters.");
        if (command.Terms.Description.Length > 10_000)
            return new InvalidValue("description", "Must have at most 10,000 characters.");
        if (command.Terms.DueAt is < 0 or > VestingCurve.InstantMax)
            return new InvalidValue("dueAt", $"Must be 0 to {VestingCurve.InstantMax} seconds since 1970.");
        if (milestone.Terms == command.Terms)
            return Decision.Nothing;
        return milestone.IsClosed
            ? new MilestoneClosed(milestone.Status)
            : Decision.Accept(new MilestoneAmended(
                command.AwardId, command.Milestone, milestone.Terms, command.Terms, command.Reason, command.AmendedBy, command.At));
    }

    private Award? AfterMilestone(object @event) => @event switch
    {
        MilestoneSubmitted submitted => With(MilestoneOf(submitted.Milestone)! with
        {
            Status = MilestoneStatus.Submitted,
            EvidenceHash = submitted.EvidenceHash,
            EvidenceLink = submitted.EvidenceLink,
        }),
        MilestoneReviewed { Verdict: MilestoneVerdict.Return } returned => With(MilestoneOf(returned.Milestone)! with
        {
            Status = MilestoneStatus.Returned,
            Reason = returned.Reason,
        }),
        MilestoneReviewed reviewed => With(MilestoneOf(reviewed.Milestone)! with
        {
            Status = reviewed.Verdict == MilestoneVerdict.Reject ? MilestoneStatus.Rejected : MilestoneStatus.Accepted,
            Accepted = reviewed.Accepted,
            Reason = reviewed.Reason,
        }),
        MilestoneAmended amended => With(MilestoneOf(amended.Milestone)! with { Terms = amended.After }),
        _ => null,
    };

    private AwardMilestone? MilestoneOf(int number) => Milestones.Find(milestone => milestone.Number == number);

    private Award With(AwardMilestone changed) => this with
    {
        Milestones = Milestones.ConvertAll(milestone => milestone.Number == changed.Number ? changed : milestone),
    };

    private static InvalidValue? ProblemOf(ReviewMilestone command, AwardMilestone milestone)
    {
        if (!Enum.IsDefined(command.Verdict))
            return new InvalidValue("verdict", "Accept, accept in part, return or reject.");
        if (ReasonProblem(command.Reason) is { } problem)
            return problem;
        return command.Verdict == MilestoneVerdict.AcceptPart && (command.Amount.IsZero || command.Amount >= milestone.Amount)
            ? new InvalidValue("amount", $"A part is more than nothing and less than all, {milestone.Amount} base units.")
            : null;
    }

    private static UInt256 AcceptedBy(ReviewMilestone command, AwardMilestone milestone) => command.Verdict switch
    {
        MilestoneVerdict.Accept => milestone.Amount,
        MilestoneVerdict.AcceptPart => command.Amount,
        _ => UInt256.Zero,
    };

    private static bool IsLink(string link) => link.Length <= EvidenceLinkLengthMax
        && Uri.TryCreate(link, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "ipfs";

    // Those of the proposal, and those that only the schedule names.
    private static ImmutableList<AwardMilestone> MilestonesOf(AwardTerms terms)
    {
        var gated = ((terms.Vesting as TranchedVesting)?.Tranches ?? []).Where(tranche => tranche.Milestone is not null).ToLookup(
            tranche => tranche.Milestone!.Value);
        var written = terms.Milestones ?? [];
        var count = Math.Max(written.Count, gated.Select(group => group.Key).DefaultIfEmpty(0).Max());
        return
        [
            .. Enumerable.Range(1, count).Where(number => number <= written.Count || gated.Contains(number)).Select(
                number => new AwardMilestone(
                    number,
                    number <= written.Count
                        ? TermsOf(written[number - 1], terms.StartAt)
                        : new($"Milestone {number}", string.Empty, gated[number].Max(tranche => tranche.At)),
                    Sum(gated[number].Select(tranche => tranche.Amount)),
                    MilestoneStatus.Open)),
        ];
    }

    private static MilestoneTerms TermsOf(Milestone milestone, long startAt) =>
        new(milestone.Title, milestone.Description, startAt + milestone.DueAfterSeconds);
}

using Grants.Domain.Proposals;
using Grants.Primitives;
using static Grants.Domain.Tests.Programs.AProgram;
using static Grants.Domain.Tests.Proposals.AProposal;

namespace Grants.Domain.Tests.Proposals;

/// <summary>A committee of four, of whom three must approve, and what it says of Ada's proposal.</summary>
internal static class AReview
{
    public const long AppealSeconds = 3_600;

    public static readonly Address[] Reviewers = [Named("r1"), Named("r2"), Named("r3"), Named("r4")];

    public static readonly ReviewRules Rules = new(
        ReviewStage.Decision, [.. Reviewers], [new RubricCriterion("Impact", 3), new RubricCriterion("Team", 1)], null, AppealSeconds);

    public static readonly ReviewRules Screening = Rules with { Stage = ReviewStage.Screening };

    public static readonly DateTimeOffset ReviewedAt = At.AddHours(3);

    public static readonly ProposalAppealed Appealed = new(AProposal.Id, Ada, "They misread it.", ReviewedAt.AddMinutes(5));

    public static ProposalSubmitted Under(ReviewRules rules) => Submitted with { Review = rules };

    public static RecordReview Review(int reviewer, Verdict verdict) => new(
        AProposal.Id, Reviewers[reviewer], Content.Hash(), verdict, [8, 4], "Sound.", ReviewedAt);

    public static ReviewRecorded Recorded(int reviewer, Verdict verdict) => new(
        AProposal.Id, Reviewers[reviewer], Content.Hash(), verdict, [8, 4], "Sound.", ReviewedAt);

    /// <summary>Two of the four said no, so that no longer three can approve.</summary>
    public static object[] Turned(ReviewRules rules) =>
    [
        Drafted,
        Under(rules),
        Recorded(0, Verdict.Reject),
        Recorded(1, Verdict.Reject),
        new ProposalRejected(AProposal.Id, "2 reviewers reject; 3 would have to approve.", ReviewedAt),
    ];

    public static Func<Proposal?, Decision> Reviewing(RecordReview command) => state => Proposal.Decide(command, state);
}

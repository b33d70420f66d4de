using Grants.Domain.Awards;
using Grants.Primitives;
using GraphQL.Types;

namespace Grants.Service.Awards;

/// <summary>What somebody did about a milestone: evidence, a verdict or an amendment.</summary>
public sealed record MilestoneAct(int Milestone, Address Actor, DateTimeOffset At, string? Reason = null)
{
    public MilestoneSubmitted? Evidence { get; init; }

    public MilestoneReviewed? Review { get; init; }

    public MilestoneAmended? Amendment { get; init; }

    /// <summary>Null for an event that is about no milestone.</summary>
    public static MilestoneAct? Of(object @event) => @event switch
    {
        MilestoneSubmitted submitted => new(submitted.Milestone, submitted.SubmittedBy, submitted.At) { Evidence = submitted },
        MilestoneReviewed reviewed => new(reviewed.Milestone, reviewed.ReviewedBy, reviewed.At, reviewed.Reason) { Review = reviewed },
        MilestoneAmended amended => new(amended.Milestone, amended.AmendedBy, amended.At, amended.Reason) { Amendment = amended },
        _ => null,
    };
}

public sealed class MilestoneTermsGraphType : ObjectGraphType<MilestoneTerms>
{
    public MilestoneTermsGraphType()
    {
        Name = "MilestoneTerms";
        Field("title", terms => terms.Title);
        Field("description", terms => terms.Description).Description("Markdown, as written.");
        Field("dueAt", terms => terms.DueAt).Description("Evidence is taken until then; seconds since 1970.");
    }
}

public sealed class MilestoneActGraphType : ObjectGraphType<MilestoneAct>
{
    public MilestoneActGraphType()
    {
        Name = "MilestoneAct";
        Description = "What somebody did about a milestone: submitted evidence, gave a verdict, or amended its terms.";
        Field("milestone", act => act.Milestone).Description("From 1.");
        Field("actor", act => act.Actor);
        Field("at", act => act.At);
        Field("reason", act => act.Reason, nullable: true);
        Field<Api.Bytes32Scalar>("evidenceHash")
            .Description("That was submitted or judged.")
            .Resolve(context => context.Source.Evidence?.EvidenceHash ?? context.Source.Review?.EvidenceHash);
        Field<StringGraphType>("evidenceLink").Resolve(context => context.Source.Evidence?.EvidenceLink);
        Field<EnumerationGraphType<MilestoneVerdict>>("verdict").Resolve(context => context.Source.Review?.Verdict);
        Field<Api.UInt256Scalar>("accepted")
            .Description("Base units that may be paid by this verdict.")
            .Resolve(context => context.Source.Review?.Accepted);
        Field<MilestoneTermsGraphType>("before").Resolve(context => context.Source.Amendment?.Before);
        Field<MilestoneTermsGraphType>("after").Resolve(context => context.Source.Amendment?.After);
    }
}

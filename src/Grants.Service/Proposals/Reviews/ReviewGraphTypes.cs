using Grants.Domain;
using Grants.Domain.Proposals;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Proposals.Reviews;

/// <summary>A review with the rules that its scores are of.</summary>
public sealed record ScoredReview(ReviewRules Rules, ReviewRecorded Review);

/// <summary>A criterion and what it was given.</summary>
public sealed record CriterionScore(RubricCriterion Criterion, int Score);

/// <summary>An appeal with what became of it.</summary>
public sealed record DecidedAppeal(ProposalAppealed Appeal, AppealOfProposalDecided? Decision);

public sealed class VerdictGraphType : EnumerationGraphType<Verdict>
{
    public VerdictGraphType()
    {
        Name = "Verdict";
        Description = "SPAM rejects as well; where all who reject say it, the deposit is forfeited if the program says so.";
    }
}

public sealed class CriterionScoreGraphType : ObjectGraphType<CriterionScore>
{
    public CriterionScoreGraphType()
    {
        Name = "CriterionScore";
        Field("criterion", score => score.Criterion.Name);
        Field("weight", score => score.Criterion.Weight);
        Field("score", score => score.Score).Description($"0 to {ReviewRules.ScoreMax}.");
    }
}

public sealed class ReviewGraphType : ObjectGraphType<ScoredReview>
{
    public ReviewGraphType()
    {
        Name = "Review";
        Description = "What a reviewer said of a proposal.";
        Field("reviewer", source => source.Review.Reviewer);
        Field("contentHash", source => source.Review.ContentHash).Description("What was reviewed.");
        Field<NonNullGraphType<VerdictGraphType>>("verdict").Resolve(context => context.Source.Review.Verdict);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<CriterionScoreGraphType>>>>("scores").Resolve(context =>
            context.Source.Rules.Rubric.Zip(context.Source.Review.Scores, (criterion, score) => new CriterionScore(criterion, score)));
        Field<NonNullGraphType<StringGraphType>>("mean")
            .Description("Of the scores by their weights, exact: n, or n/d in lowest terms.")
            .Resolve(context => context.Source.Rules.MeanOf(context.Source.Review.Scores).ToString());
        Field("comment", source => source.Review.Comment).Description("Markdown, as written.");
        Field<NonNullGraphType<StringGraphType>>("commentHtml")
            .Resolve(context => RenderedMarkdown.ToHtml(context.Source.Review.Comment));
        Field("at", source => source.Review.At);
    }
}

public sealed class ReviewerConflictGraphType : ObjectGraphType<ConflictDeclared>
{
    public ReviewerConflictGraphType()
    {
        Name = "ReviewerConflict";
        Field("reviewer", conflict => conflict.Reviewer);
        Field("nature", conflict => conflict.Nature);
        Field("at", conflict => conflict.At);
    }
}

public sealed class ChangesRequestedGraphType : ObjectGraphType<ChangesRequested>
{
    public ChangesRequestedGraphType()
    {
        Name = "ChangesRequested";
        Field("reviewer", changes => changes.Reviewer);
        Field("reason", changes => changes.Reason);
        Field("at", changes => changes.At);
    }
}

public sealed class ProposalAppealGraphType : ObjectGraphType<DecidedAppeal>
{
    public ProposalAppealGraphType()
    {
        Name = "ProposalAppeal";
        Description = "The applicant's appeal against the committee's rejection: one, within the time that the rules give.";
        Field("reason", source => source.Appeal.Reason);
        Field("at", source => source.Appeal.At);
        Field<BooleanGraphType>("isUpheld").Description("Null until it is decided.").Resolve(context => context.Source.Decision?.IsUpheld);
        Field<AddressScalar>("decidedBy")
            .Description("The guardian who decided; null where the committee did, or nobody yet.")
            .Resolve(context => context.Source.Decision?.Guardian);
        Field<StringGraphType>("decisionReason").Resolve(context => context.Source.Decision?.Reason);
        Field<DateTimeScalar>("decidedAt").Resolve(context => context.Source.Decision?.At);
    }
}

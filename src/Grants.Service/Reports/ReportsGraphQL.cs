using Grants.Service.Api;
using Grants.Service.Proposals;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Reports;

public sealed class FunnelStepGraphType : ObjectGraphType<FunnelStep>
{
    public FunnelStepGraphType()
    {
        Name = "FunnelStep";
        Description = "How many proposals stand where, and what they ask for.";
        Field<NonNullGraphType<ProposalStateGraphType>>("state").Resolve(context => context.Source.State);
        Field("proposals", step => step.Proposals);
        Field("requestedAmount", step => step.RequestedAmount, nullable: true)
            .Description("Base units, summed; null where the sum is above 2^256 - 1.");
    }
}

public sealed class ProgramReportGraphType : ObjectGraphType<ProgramFigures>
{
    public ProgramReportGraphType()
    {
        Name = "ProgramReport";
        Description = "How a program goes. Amounts are base units of its token.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FunnelStepGraphType>>>>("funnel")
            .Description("A step for every state in which there is a proposal; drafts are private.")
            .Resolve(context => context.Source.Funnel);
        Field("budget", figures => figures.Budget);
        Field("committed", figures => figures.Committed).Description("Set aside for awards.");
        Field("released", figures => figures.Released).Description("Paid, on the finalized chain.");
        Field("clawedBack", figures => figures.ClawedBack).Description("Back in the treasury, on the finalized chain.");
        Field("remaining", figures => figures.Remaining).Description("Awarded, and neither paid nor back.");
        Field("milestonesDue", figures => figures.MilestonesDue).Description("Milestones whose deadline is over.");
        Field("milestonesOnTime", figures => figures.MilestonesOnTime)
            .Description("Those of them with evidence that was taken before it and not sent back.");
        Field<BasisPointsScalar>("onTimeShare")
            .Description("The part of the milestones due that came on time, rounded down; null where none was due.")
            .Resolve(context => context.Source.OnTimeShare);
    }
}

public static class ReportsGraphQL
{
    public static void Extend(ObjectGraphType query)
    {
        PayoutGraphQL.Extend(query);
        query.Field<ProgramReportGraphType>("programReport")
            .Description("How a program goes: its funnel, its money, its milestones.")
            .Argument<NonNullGraphType<StringGraphType>>("programId")
            .ResolveAsync(async context => await ProgramRecords.ReadAsync(
                context.Service<IQuerySession>(), context.GetArgument<string>("programId"), context.CancellationToken) is { } records
                    ? ProgramFigures.Of(records, context.Service<TimeProvider>().GetUtcNow().ToUnixTimeSeconds())
                    : null);
    }
}

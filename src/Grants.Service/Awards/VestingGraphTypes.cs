using Grants.Domain;
using Grants.Domain.Awards;
using GraphQL.Types;

namespace Grants.Service.Awards;

public sealed class VestingTrancheGraphType : ObjectGraphType<VestingTranche>
{
    public VestingTrancheGraphType()
    {
        Name = "VestingTranche";
        Field("at", tranche => tranche.At).Description("Vested from this second on, since 1970.");
        Field("amount", tranche => tranche.Amount).Description("Base units.");
        Field("milestone", tranche => tranche.Milestone, nullable: true).Description("Must be accepted before it is paid.");
    }
}

public sealed class VestingGraphType : ObjectGraphType<VestingCurve>
{
    public VestingGraphType()
    {
        Name = "Vesting";
        Description = "When an award's amount vests: along a line or, where there are tranches, by those alone. Chain time.";
        Field("beginsAt", curve => curve.BeginsAt).Description("Seconds since 1970.");
        Field("endsAt", curve => curve.EndsAt).Description("Seconds since 1970, without pauses.");
        Field<LongGraphType>("cliffSeconds").Resolve(context => (context.Source as LinearVesting)?.CliffSeconds);
        Field<LongGraphType>("granularitySeconds").Resolve(context => (context.Source as LinearVesting)?.GranularitySeconds);
        Field<EnumerationGraphType<CliffMode>>("cliffMode").Resolve(context => (context.Source as LinearVesting)?.CliffMode);
        Field<Api.UInt256Scalar>("startUnlock").Resolve(context => (context.Source as LinearVesting)?.StartUnlock);
        Field<Api.UInt256Scalar>("cliffUnlock").Resolve(context => (context.Source as LinearVesting)?.CliffUnlock);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<VestingTrancheGraphType>>>>("tranches")
            .Description("In order of time; none for a line.")
            .Resolve(context => (context.Source as TranchedVesting)?.Tranches ?? []);
    }
}

public sealed class VestingPauseGraphType : ObjectGraphType<VestingPause>
{
    public VestingPauseGraphType()
    {
        Name = "VestingPause";
        Field("fromAt", pause => pause.FromAt).Description("Seconds since 1970.");
        Field("toAt", pause => pause.ToAt, nullable: true).Description("Null while it lasts.");
    }
}

public sealed class VestingCancellationGraphType : ObjectGraphType<VestingCancellation>
{
    public VestingCancellationGraphType()
    {
        Name = "VestingCancellation";
        Field("at", cancellation => cancellation.At).Description("Seconds since 1970: nothing vests later.");
        Field<NonNullGraphType<EnumerationGraphType<CancellationMode>>>("mode").Resolve(context => context.Source.Mode);
    }
}

public sealed class AwardMilestoneGraphType : ObjectGraphType<AwardMilestone>
{
    public AwardMilestoneGraphType()
    {
        Name = "AwardMilestone";
        Field("number", milestone => milestone.Number).Description("From 1.");
        Field("title", milestone => milestone.Terms.Title);
        Field("description", milestone => milestone.Terms.Description).Description("Markdown, as written.");
        Field("dueAt", milestone => milestone.Terms.DueAt).Description("Evidence is taken until then; seconds since 1970.");
        Field("amount", milestone => milestone.Amount).Description("Base units that wait for it.");
        Field<NonNullGraphType<EnumerationGraphType<MilestoneStatus>>>("status").Resolve(context => context.Source.Status);
        Field("evidenceHash", milestone => milestone.EvidenceHash).Description("Zero while there is none.");
        Field("evidenceLink", milestone => milestone.EvidenceLink);
        Field("accepted", milestone => milestone.Accepted, nullable: true)
            .Description("Base units that may be paid for it; null while there is no verdict for good.");
        Field("reason", milestone => milestone.Reason).Description("Of the last review.");
    }
}

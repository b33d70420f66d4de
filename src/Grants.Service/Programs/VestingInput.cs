using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;
using GraphQL.Types;

namespace Grants.Service.Programs;

public sealed record VestingPartInput(
    [property: Description("After the start; seconds.")] long AfterSeconds,
    [property: Description("Of the award's amount; all sum to 10,000, and the last takes the remainder.")] BasisPoints Share,
    [property: Description("The milestone that must be accepted before it is paid, from 1.")] int? Milestone);

public sealed record VestingInput(
    [property: Description("After the start; before it nothing but the start unlock is vested. Seconds.")] long CliffSeconds,
    [property: Description("From the start until everything is vested. Seconds; 0 where there are parts.")] long DurationSeconds,
    [property: Description("Into how many equal tranches the duration is cut; absent for a line.")] int? Tranches,
    [property: Description("Of a line: the share that is vested at the start.")] BasisPoints? StartUnlock,
    [property: Description("Of a line: the share that is vested at the cliff beside the line.")] BasisPoints? CliffUnlock,
    [property: Description("The steps of a line, seconds; 1 where absent.")] long? GranularitySeconds,
    [property: Description("Whether a line begins at its cliff, as where absent, or back at the start.")] CliffMode? CliffMode,
    [property: Description("How often a line is paid, from its start on, seconds; at each of its steps where absent.")]
    long? ReleasePeriodSeconds,
    [property: Description("Tranches that are written down, in order of time.")] IReadOnlyList<VestingPartInput>? Parts,
    [property: Description("For how long in all an award may be paused, seconds; not at all where absent.")] long? PauseBudgetSeconds)
{
    public VestingTemplate ToTemplate() => new(
        CliffSeconds,
        DurationSeconds,
        Tranches ?? 0,
        StartUnlock ?? default,
        CliffUnlock ?? default,
        GranularitySeconds ?? 1,
        CliffMode ?? Domain.CliffMode.FromCliff,
        ReleasePeriodSeconds ?? 0,
        Parts is null ? null : [.. Parts.Select(part => new VestingPart(part.AfterSeconds, part.Share, part.Milestone))],
        PauseBudgetSeconds ?? 0);
}

public sealed class VestingPartGraphType : ObjectGraphType<VestingPart>
{
    public VestingPartGraphType()
    {
        Name = "VestingPart";
        Field("afterSeconds", part => part.AfterSeconds).Description("After the start.");
        Field("share", part => part.Share).Description("Of the award's amount.");
        Field("milestone", part => part.Milestone, nullable: true).Description("Must be accepted before it is paid.");
    }
}

public sealed class VestingTemplateGraphType : ObjectGraphType<VestingTemplate>
{
    public VestingTemplateGraphType()
    {
        Name = "VestingTemplate";
        Description = "Vesting without its start and its amount: by its parts, else by the proposal's milestones, else in equal "
            + "tranches, else along a line.";
        Field("cliffSeconds", template => template.CliffSeconds);
        Field("durationSeconds", template => template.DurationSeconds);
        Field("tranches", template => template.Tranches).Description("0 for a line.");
        Field("startUnlock", template => template.StartUnlock);
        Field("cliffUnlock", template => template.CliffUnlock);
        Field("granularitySeconds", template => template.GranularitySeconds);
        Field<NonNullGraphType<EnumerationGraphType<CliffMode>>>("cliffMode").Resolve(context => context.Source.CliffMode);
        Field("releasePeriodSeconds", template => template.ReleasePeriodSeconds).Description("0: at each step.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<VestingPartGraphType>>>>("parts")
            .Resolve(context => context.Source.Parts ?? []);
        Field("pauseBudgetSeconds", template => template.PauseBudgetSeconds);
    }
}

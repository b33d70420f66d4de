using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Service.Api;
using Grants.Service.Api.Nodes;
using GraphQL.Types;

namespace Grants.Service.Reinvestment;

public sealed class RuleKindGraphType : EnumerationGraphType<RuleKind>
{
    public RuleKindGraphType() => Name = "BreachRule";
}

public sealed class BreachStatusGraphType : EnumerationGraphType<BreachStatus>
{
    public BreachStatusGraphType() => Name = "BreachStatus";
}

public sealed class BreachAppealGraphType : ObjectGraphType<BreachAppeal>
{
    public BreachAppealGraphType()
    {
        Name = "BreachAppeal";
        Description = "What the recipient says against a breach, and what people decided.";
        Field("by", appeal => appeal.By);
        Field("reason", appeal => appeal.Reason);
        Field("at", appeal => appeal.At);
        Field<AddressScalar>("decidedBy").Description("Null until it is decided.").Resolve(context => context.Source.DecidedBy);
        Field("isUpheld", appeal => appeal.IsUpheld).Description("Whether the breach was dismissed.");
        Field<StringGraphType>("decisionReason").Resolve(context => context.Source.DecisionReason);
    }
}

public sealed class SanctionGraphType : ObjectGraphType<SanctionApplied>
{
    public SanctionGraphType()
    {
        Name = "Sanction";
        Description = "What followed from a confirmed breach.";
        Field<NonNullGraphType<EnumerationGraphType<SanctionKind>>>("kind").Resolve(context => context.Source.Kind);
        Field("share", sanction => sanction.Share).Description("Of what was unreleased, where it was clawed back.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("programs")
            .Description("From which the wallets are barred, where they are; from all where empty.")
            .Resolve(context => context.Source.Programs);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AddressScalar>>>>("signedBy").Resolve(context => context.Source.SignedBy);
        Field("evidenceRoot", sanction => sanction.EvidenceRoot).Description("Merkle root over the ids of the flows that it rests on.");
        Field("block", sanction => sanction.Block).Description("The finalized block that it rests on.");
    }
}

public sealed class BreachGraphType : ObjectGraphType<BreachView>
{
    public BreachGraphType()
    {
        Name = "Breach";
        Description = "A rule that finalized evidence shows to be broken, as it opened.";
        this.IsNode(view => view.Breach.BreachId, BreachesGraphQL.LoadManyAsync);
        Field("breachId", view => view.Opened.Breach.BreachId);
        Field("ruleId", view => view.Breach.BrokenRuleId).Description("The rule of the award's policy.");
        Field<NonNullGraphType<RuleKindGraphType>>("rule").Resolve(context => context.Source.Opened.Breach.Rule);
        Field<NonNullGraphType<BreachStatusGraphType>>("status").Resolve(context => context.Source.Breach.Status);
        Field("required", view => view.Opened.Breach.Required);
        Field("actual", view => view.Opened.Breach.Actual);
        Field("shortfall", view => view.Opened.Breach.Shortfall).Description("Base units that would cure it.");
        Field("openedAt", view => view.Opened.Breach.OpenedAt).Description("Seconds since 1970, chain time.");
        Field("cureEndsAt", view => view.Breach.CureEndsAt).Description("Seconds since 1970, chain time.");
        Field("confirmedAt", view => view.Breach.ConfirmedAt)
            .Description("When it is confirmed unless it is cured or appealed. Seconds since 1970, chain time.");
        Field("why", view => view.Opened.Why).Description("What is wrong and what would cure it, in sentences.");
        Field("explanation", view => view.Breach.Explain(18, view.Rule)).Description("The same as it stands now.");
        Field<BreachAppealGraphType>("appeal").Resolve(context => context.Source.Breach.Appeal);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SanctionGraphType>>>>("sanctions")
            .Resolve(context => context.Source.Sanctions);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("evidenceIds")
            .Description("The flows that it rests on.")
            .Resolve(context => context.Source.Opened.Breach.EvidenceIds);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FlowGraphType>>>>("evidence")
            .Description("The flows that it rests on, each with its log on the chain.")
            .Resolve(context => context.Source.Evidence);
    }
}

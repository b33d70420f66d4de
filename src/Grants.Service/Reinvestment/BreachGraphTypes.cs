using Grants.Domain;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Service.Api;
using Grants.Service.Api.Errors;
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

public sealed class SanctionQuestionGraphType : ObjectGraphType<SanctionQuestioned>
{
    public SanctionQuestionGraphType()
    {
        Name = "SanctionQuestion";
        Description =
            "What was listed later speaks against a sanction: its breach would not have been confirmed. Nothing is undone by itself.";
        Field<NonNullGraphType<EnumerationGraphType<SanctionKind>>>("kind").Resolve(context => context.Source.Kind);
        Field("why", question => question.Why);
        Field("listVersion", question => question.ListVersion).Description("Of the space's watch list by which it is told so.");
        Field("block", question => question.Block).Description("The finalized block after which it is told so.");
        Field<NonNullGraphType<StringGraphType>>("nextStep")
            .Description("What a manager of the program can do; in Korean for who asks for it by Accept-Language.")
            .Resolve(context => ((RequestContext)context.UserContext).Language == Messages.Korean
                ? NextStepInKorean(context.Source.Kind)
                : SanctionQuestioned.NextStep(context.Source.Kind));
    }

    private static string NextStepInKorean(SanctionKind kind) => kind switch
    {
        SanctionKind.Pause => "지원을 계속해야 한다면 resumeVesting으로 시계를 다시 돌리십시오.",
        SanctionKind.Blacklist => "이 지갑들이 다시 지원을 받아야 한다면 liftBlacklisting으로 차단을 푸십시오.",
        _ => "회수된 금액은 금고에 있습니다. 다시 수령인의 것이어야 한다면 같은 금액의 제안으로 새로 지원하십시오. 결정은 다른 제안과 같습니다.",
    };
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
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SanctionQuestionGraphType>>>>("questions")
            .Description("What was listed later and speaks against sanctions of it.")
            .Resolve(context => context.Source.Questions);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("evidenceIds")
            .Description("The flows that it rests on.")
            .Resolve(context => context.Source.Opened.Breach.EvidenceIds);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<FlowGraphType>>>>("evidence")
            .Description("The flows that it rests on, each with its log on the chain.")
            .Resolve(context => context.Source.Evidence);
    }
}

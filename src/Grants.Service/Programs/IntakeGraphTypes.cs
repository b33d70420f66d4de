using Grants.Domain;
using Grants.Domain.Programs;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Programs;

public sealed class SubmissionRoundGraphType : ObjectGraphType<SubmissionRound>
{
    public SubmissionRoundGraphType()
    {
        Name = "SubmissionRound";
        Field("name", round => round.Name);
        Field("opensAt", round => round.OpensAt);
        Field("closesAt", round => round.ClosesAt).Description("Proposals are taken until before this instant.");
    }
}

public sealed class DepositRulesGraphType : ObjectGraphType<DepositRules>
{
    public DepositRulesGraphType()
    {
        Name = "DepositRules";
        Description = "What whoever submits pays and gets back when the proposal has ended.";
        Field("token", rules => rules.Token);
        Field("amount", rules => rules.Amount).Description("At least; base units.");
        Field("holder", rules => rules.Holder).Description("Who keeps it until it is given back.");
        Field("isForfeitedAsSpam", rules => rules.IsForfeitedAsSpam).Description("A proposal that is screened out as spam loses it.");
    }
}

public sealed class IntakeGraphType : ObjectGraphType<IntakeRules>
{
    public IntakeGraphType()
    {
        Name = "Intake";
        Description = "What a program asks of the proposals that it takes. An applicant has one open proposal at a time in any case.";
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<SubmissionRoundGraphType>>>>("rounds")
            .Description("Numbered from 1; proposals are taken at any time where there are none.")
            .Resolve(context => context.Source.Rounds);
        Field<StringGraphType>("form").Description("JSON Schema of the answers.").Resolve(context => context.Source.Form);
        Field("leastAmount", intake => intake.LeastAmount).Description("Base units.");
        Field<UInt256Scalar>("mostAmount").Description("Base units.").Resolve(context => context.Source.MostAmount);
        Field<IntGraphType>("openProposalsMax").Resolve(context => context.Source.OpenProposalsMax);
        Field("powerToPropose", intake => intake.PowerToPropose).Description("Base units of voting power.");
        Field<DepositRulesGraphType>("deposit")
            .Description("Null where none is asked for. Where power is asked for as well, either will do.")
            .Resolve(context => context.Source.Deposit);
    }
}

public sealed class CriterionGraphType : ObjectGraphType<RubricCriterion>
{
    public CriterionGraphType()
    {
        Name = "Criterion";
        Field("name", criterion => criterion.Name);
        Field("weight", criterion => criterion.Weight);
    }
}

public sealed class ReviewRulesGraphType : ObjectGraphType<ReviewRules>
{
    public ReviewRulesGraphType()
    {
        Name = "ReviewRules";
        Description = "Who reviews proposals, and how. Frozen in the proposal when it is submitted.";
        Field<NonNullGraphType<EnumerationGraphType<ReviewStage>>>("stage").Resolve(context => context.Source.Stage);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<AddressScalar>>>>("reviewers").Resolve(context => context.Source.Reviewers);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<CriterionGraphType>>>>("rubric").Resolve(context => context.Source.Rubric);
        Field("approvalsNeeded", rules => rules.Needed).Description("Of all reviewers.");
        Field("managersJudgeMilestones", rules => rules.ManagersJudgeMilestones)
            .Description("Besides the reviewers, program managers judge the milestones of awards.");
        Field("appealSeconds", rules => rules.AppealSeconds).Description("After a rejection; 0 where there is no appeal.");
    }
}

public sealed class ProgramAmendmentGraphType : ObjectGraphType<ProgramAmendment>
{
    public ProgramAmendmentGraphType()
    {
        Name = "ProgramAmendment";
        Field("version", amendment => amendment.Version).Description("Of the terms that it made; the opening made version 1.");
        Field("actor", amendment => amendment.Actor);
        Field("reason", amendment => amendment.Reason);
        Field("at", amendment => amendment.At);
    }
}

public sealed class ProgramTermsGraphType : ObjectGraphType<ProgramOpened>
{
    public ProgramTermsGraphType()
    {
        Name = "ProgramTerms";
        Description = "A version of a program's terms.";
        Field("name", terms => terms.Name);
        Field("budget", terms => terms.Budget).Description("Base units.");
        Field<NonNullGraphType<VotingRulesGraphType>>("votingRules").Resolve(context => context.Source.VotingRules);
        Field<NonNullGraphType<VestingTemplateGraphType>>("vesting").Resolve(context => context.Source.Vesting);
        Field("policyHash", terms => terms.Policy.Hash).Description("Binds every rule of the reinvestment policy.");
        Field<IntakeGraphType>("intake").Resolve(context => context.Source.Intake);
        Field<ReviewRulesGraphType>("review").Resolve(context => context.Source.Review);
    }
}

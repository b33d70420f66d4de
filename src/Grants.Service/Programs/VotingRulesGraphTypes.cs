using Grants.Domain;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Programs;

public sealed class QuorumGraphType : ObjectGraphType<Quorum>
{
    public QuorumGraphType()
    {
        Name = "Quorum";
        Field<NonNullGraphType<EnumerationGraphType<QuorumKind>>>("kind").Resolve(context => context.Source.Kind);
        Field("least", quorum => quorum.Least).Description("Base units of power, basis points of the supply, or accounts.");
        Field<NonNullGraphType<EnumerationGraphType<QuorumCounting>>>("counting").Resolve(context => context.Source.Counting);
    }
}

public sealed class ThresholdGraphType : ObjectGraphType<Threshold>
{
    public ThresholdGraphType()
    {
        Name = "Threshold";
        Field<NonNullGraphType<EnumerationGraphType<ThresholdKind>>>("kind").Resolve(context => context.Source.Kind);
        Field("value", threshold => threshold.Value).Description("Basis points, or base units of power against, by the kind.");
    }
}

public sealed class PowerStrategyKindGraphType : EnumerationGraphType<PowerStrategyKind>
{
    public PowerStrategyKindGraphType() => Name = "PowerStrategyKind";

    // ERC20_BALANCE: the number belongs to the standard's name.
    protected override string ChangeEnumCase(string val) =>
        base.ChangeEnumCase(val).Replace("ERC_20", "ERC20", StringComparison.Ordinal);
}

public sealed class PowerStrategyGraphType : ObjectGraphType<PowerStrategy>
{
    public PowerStrategyGraphType()
    {
        Name = "PowerStrategy";
        Field<NonNullGraphType<PowerStrategyKindGraphType>>("kind").Resolve(context => context.Source.Kind);
        Field("contract", strategy => strategy.Contract).Description("The token, venue, vault or pair; zero for a list.");
        Field("weight", strategy => strategy.Weight);
        Field("token", strategy => strategy.Token).Description("The token that counts in a pair; zero otherwise.");
        Field("registry", strategy => strategy.Registry).Description("The delegate registry; zero where there is none.");
        Field("registryId", strategy => strategy.RegistryId).Description("The id of this space's delegations in the registry.");
    }
}

public sealed class VotingRulesGraphType : ObjectGraphType<VotingRules>
{
    public VotingRulesGraphType()
    {
        Name = "VotingRules";
        Description = "The rules of a vote. Frozen in the proposal when the vote opens.";
        Field("system", rules => rules.System);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("choices")
            .Description("Counted from 1.")
            .Resolve(context => context.Source.Choices);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<IntGraphType>>>>("approvingChoices")
            .Resolve(context => context.Source.ApprovingChoices);
        Field("abstainChoice", rules => rules.AbstainChoice).Description("0 where there is none.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<QuorumGraphType>>>>("quorums").Resolve(context => context.Source.Quorums);
        Field<NonNullGraphType<ThresholdGraphType>>("threshold").Resolve(context => context.Source.Threshold);
        Field("discussionSeconds", rules => rules.DiscussionSeconds);
        Field("votingPeriodSeconds", rules => rules.VotingPeriodSeconds);
        Field("lateQuorumExtensionSeconds", rules => rules.LateQuorumExtensionSeconds);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<PowerStrategyGraphType>>>>("powerStrategies")
            .Resolve(context => context.Source.Power.Strategies);
        Field<UInt256Scalar>("capPerVoter").Description("Base units.").Resolve(context => context.Source.Power.CapPerVoter);
        Field<VotingRulesGraphType>("revote")
            .Description("The rules of the one more vote that a rejected proposal may have.")
            .Resolve(context => context.Source.Revote);
    }
}

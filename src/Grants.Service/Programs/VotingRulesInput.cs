using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.Programs;

public sealed record QuorumInput(
    QuorumKind Kind,
    [property: Description("Base units of power, basis points of the supply, or accounts, by the kind.")] UInt256 Least,
    [property: Description("Whose power counts; all where absent.")] QuorumCounting? Counting);

public sealed record ThresholdInput(
    ThresholdKind Kind,
    [property: Description("Basis points for a supermajority, base units of power against for an optimistic vote; else absent.")]
    UInt256? Value);

public sealed record ListedPowerInput(Address Account, [property: Description("Base units.")] UInt256 Power);

public sealed record PowerStrategyInput(
    PowerStrategyKind Kind,
    [property: Description("The token, venue, vault or pair; absent for a list.")] Address? Contract,
    [property: Description("By which its power is multiplied; 1 where absent.")] int? Weight,
    [property: Description("The token that counts in a pair.")] Address? Token,
    [property: Description("The delegate registry of delegated balances.")] Address? Registry,
    IReadOnlyList<ListedPowerInput>? List,
    [property: Description("The id of this space's delegations in the registry; those under zero alone where absent.")]
    Hash32? RegistryId);

public sealed record PowerRulesInput(
    [property: Description("Their weighted sum is the power.")] IReadOnlyList<PowerStrategyInput> Strategies,
    [property: Description("The most that one account can have, base units.")] UInt256? CapPerVoter);

public sealed record VotingRulesInput(
    [property: Description("basic@1, single-choice@1, approval@1, weighted@1, quadratic@1, ranked-choice@1, copeland@1, optimistic@1.")]
    string System,
    [property: Description("What can be chosen; of basic@1 and optimistic@1 always for, against and abstain.")]
    IReadOnlyList<string>? Choices,
    [property: Description("The numbers of the choices that approve, from 1; the first where absent.")]
    IReadOnlyList<int>? ApprovingChoices,
    [property: Description("The number of the choice that takes no side, where there is one.")] int? AbstainChoice,
    [property: Description("All of them must be met.")] IReadOnlyList<QuorumInput> Quorums,
    ThresholdInput Threshold,
    [property: Description("The least time between submission and the opening of the vote, seconds.")] long? DiscussionSeconds,
    [property: Description("How long ballots are taken, seconds.")] long VotingPeriodSeconds,
    [property: Description("How long ballots are still taken at least after the quorums are first met, seconds.")]
    long? LateQuorumExtensionSeconds,
    PowerRulesInput Power,
    [property: Description("The rules of the one more vote that a rejected proposal may have.")] VotingRulesInput? Revote)
{
    public VotingRules ToRules()
    {
        var hasSides = System is VotingRules.Basic or VotingRules.Optimistic;
        return new VotingRules(
            System,
            Choices is null && hasSides ? VotingRules.Sides : [.. Choices ?? []],
            [.. ApprovingChoices ?? [1]],
            AbstainChoice ?? (hasSides ? 3 : 0),
            [.. Quorums.Select(quorum => new Quorum(quorum.Kind, quorum.Least, quorum.Counting ?? QuorumCounting.All))],
            new Threshold(Threshold.Kind, Threshold.Value ?? UInt256.Zero),
            DiscussionSeconds ?? 0,
            VotingPeriodSeconds,
            LateQuorumExtensionSeconds ?? 0,
            new PowerRules([.. Power.Strategies.Select(StrategyOf)], Power.CapPerVoter),
            Revote?.ToRules());
    }

    private static PowerStrategy StrategyOf(PowerStrategyInput input) => new(
        input.Kind,
        input.Contract ?? Address.Zero,
        input.Weight ?? 1,
        input.Token ?? Address.Zero,
        input.Registry ?? Address.Zero,
        [.. (input.List ?? []).Select(listed => new ListedPower(listed.Account, listed.Power))],
        input.RegistryId ?? Hash32.Zero);
}

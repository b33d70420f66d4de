using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.Programs;

public sealed record SubmissionRoundInput(
    [property: Description("One line.")] string Name,
    DateTimeOffset OpensAt,
    [property: Description("Proposals are taken until before this instant.")] DateTimeOffset ClosesAt);

public sealed record DepositInput(
    Address Token,
    [property: Description("At least; base units.")] UInt256 Amount,
    [property: Description("Who keeps it until it is given back, and takes nothing else: neither vault nor treasury.")] Address Holder,
    [property: Description("A proposal that is screened out as spam loses it.")] bool IsForfeitedAsSpam)
{
    public DepositRules ToRules() => new(Token, Amount, Holder, IsForfeitedAsSpam);
}

public sealed record IntakeInput(
    [property: Description("By their openings, none overlapping; numbered from 1. Proposals are taken at any time where there are none.")]
    IReadOnlyList<SubmissionRoundInput>? Rounds,
    [property: Description("JSON Schema (2020-12) of the answers that a proposal gives, without patterns and references.")]
    string? Form,
    [property: Description("The least that may be asked for, base units.")] UInt256? LeastAmount,
    [property: Description("The most that may be asked for, base units.")] UInt256? MostAmount,
    [property: Description("How many proposals may be submitted and undecided at the same time.")] int? OpenProposalsMax,
    [property: Description("The voting power that an applicant must have at the last final block, base units.")]
    UInt256? PowerToPropose,
    [property: Description("What whoever submits pays and gets back. Where power is asked for as well, either will do.")]
    DepositInput? Deposit)
{
    public IntakeRules ToRules() => new(
        [.. (Rounds ?? []).Select(round => new SubmissionRound(round.Name, round.OpensAt, round.ClosesAt))],
        Form,
        LeastAmount ?? UInt256.Zero,
        MostAmount,
        OpenProposalsMax,
        PowerToPropose ?? UInt256.Zero,
        Deposit?.ToRules());
}

public sealed record CriterionInput(
    [property: Description("One line.")] string Name, [property: Description("1 to 100.")] int Weight);

public sealed record ReviewRulesInput(
    [property: Description("Whether the committee lets proposals through to the vote, or decides instead of it.")] ReviewStage Stage,
    [property: Description("The committee.")] IReadOnlyList<Address> Reviewers,
    [property: Description("What is scored, 0 to 10 each.")] IReadOnlyList<CriterionInput>? Rubric,
    [property: Description("How many of all reviewers must approve; two thirds, rounded up, where absent.")] int? ApprovalsNeeded,
    [property: Description("How long after its rejection a proposal may be appealed; not at all where absent.")] long? AppealSeconds,
    [property: Description("Besides the reviewers, program managers judge the milestones of awards.")] bool? ManagersJudgeMilestones)
{
    public ReviewRules ToRules() => new(
        Stage,
        [.. Reviewers],
        [.. (Rubric ?? []).Select(criterion => new RubricCriterion(criterion.Name, criterion.Weight))],
        ApprovalsNeeded,
        AppealSeconds ?? 0,
        ManagersJudgeMilestones ?? false);
}

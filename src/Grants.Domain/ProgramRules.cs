using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>A time in which a program takes proposals: from the opening until before the closing.</summary>
/// <param name="Name">One line.</param>
public sealed record SubmissionRound(string Name, DateTimeOffset OpensAt, DateTimeOffset ClosesAt);

/// <summary>What whoever submits pays and gets back, against a flood of proposals.</summary>
/// <param name="Amount">At least; base units.</param>
/// <param name="Holder">
/// Who keeps it until then, and takes nothing else: neither the vault, which pays awards alone, nor a treasury to which tokens return.
/// </param>
/// <param name="IsForfeitedAsSpam">A proposal that is screened out as spam loses it.</param>
public sealed record DepositRules(Address Token, UInt256 Amount, Address Holder, bool IsForfeitedAsSpam);

/// <summary>What a program asks of the proposals that it takes.</summary>
/// <param name="Rounds">By their openings, none overlapping; numbered from 1. Empty where proposals are taken at any time.</param>
/// <param name="Form">JSON Schema of the answers that a proposal gives; null where there is no form.</param>
/// <param name="LeastAmount">That may be asked for, base units.</param>
/// <param name="MostAmount">That may be asked for, base units; null where only the budget bounds it.</param>
/// <param name="OpenProposalsMax">Submitted and not decided at the same time; null where any number may be.</param>
/// <param name="PowerToPropose">
/// The voting power that an applicant must have at the last final block, as a vote would count it, base units; zero where none is
/// needed.
/// </param>
/// <param name="Deposit">Paid by who submits; null where none is. Where voting power is asked for as well, either will do.</param>
public sealed record IntakeRules(
    ValueList<SubmissionRound> Rounds,
    string? Form,
    UInt256 LeastAmount,
    UInt256? MostAmount,
    int? OpenProposalsMax,
    UInt256 PowerToPropose,
    DepositRules? Deposit = null)
{
    public const int RoundsMax = 100;

    public const int NameLengthMax = 100;

    /// <summary>The longest form, in UTF-16 units.</summary>
    public const int FormLengthMax = 20_000;

    /// <summary>Everything is taken, at any time.</summary>
    public static IntakeRules Anything { get; } = new([], null, UInt256.Zero, null, null, UInt256.Zero);

    /// <summary>The first thing wrong with these rules, or null.</summary>
    public Rejection? Validate()
    {
        if (Rounds.Count > RoundsMax)
            return Invalid("rounds", $"There can be at most {RoundsMax} rounds.");
        if (Rounds.Any(round => !LineText.IsLine(round.Name, NameLengthMax)))
            return Invalid("rounds", $"A round has a name of 1 to {NameLengthMax} characters on one line.");
        if (Rounds.Any(round => round.OpensAt >= round.ClosesAt))
            return Invalid("rounds", "A round opens before it closes.");
        if (Rounds.Zip(Rounds.Skip(1)).Any(pair => pair.First.ClosesAt > pair.Second.OpensAt))
            return Invalid("rounds", "Rounds are in their order, and one opens when the one before is closed.");
        if (Form is not null && (Form.Length > FormLengthMax || Form.Contains('\0', StringComparison.Ordinal)))
            return Invalid("form", $"Must have at most {FormLengthMax} characters, without the null character.");
        if (MostAmount is { } most && (most.IsZero || most < LeastAmount))
            return Invalid("mostAmount", "Must be above zero and not below the least amount.");
        if (Deposit is { } deposit && (deposit.Token.IsZero || deposit.Holder.IsZero || deposit.Amount.IsZero))
            return Invalid("deposit", "A deposit is of a token and above zero, and somebody holds it.");
        return OpenProposalsMax is <= 0 ? Invalid("openProposalsMax", "Must be above zero.") : null;
    }

    /// <summary>The number of the round that is open, from 1; 0 where there are no rounds; null where none is open.</summary>
    public int? RoundAt(DateTimeOffset at)
    {
        if (Rounds.Count == 0)
            return 0;
        foreach (var (i, round) in Rounds.Index())
        {
            if (round.OpensAt <= at && at < round.ClosesAt)
                return i + 1;
        }

        return null;
    }

    private static InvalidValue Invalid(string field, string problem) => new($"intake.{field}", problem);
}

/// <summary>What the committee's word does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ReviewStage>))]
public enum ReviewStage
{
    /// <summary>It lets a proposal through to the vote.</summary>
    Screening,

    /// <summary>It decides; there is no vote.</summary>
    Decision,
}

/// <summary>What reviewers score.</summary>
/// <param name="Name">One line.</param>
/// <param name="Weight">1 to <see cref="ReviewRules.WeightMax"/>.</param>
public sealed record RubricCriterion(string Name, int Weight);

/// <summary>Who reviews the proposals to a program, and how. Frozen in the proposal when it is submitted.</summary>
/// <param name="Stage">What the committee's word does.</param>
/// <param name="Reviewers">The committee.</param>
/// <param name="Rubric">What is scored, in this order; may be empty.</param>
/// <param name="ApprovalsNeeded">Of all reviewers, those in conflict included; null for two thirds of them, rounded up.</param>
/// <param name="AppealSeconds">How long after its rejection an applicant may appeal; 0 where nobody may.</param>
/// <param name="ManagersJudgeMilestones">Besides the reviewers, program managers judge the milestones of awards.</param>
public sealed record ReviewRules(
    ReviewStage Stage,
    ValueList<Address> Reviewers,
    ValueList<RubricCriterion> Rubric,
    int? ApprovalsNeeded,
    long AppealSeconds,
    bool ManagersJudgeMilestones = false)
{
    public const int ReviewersMax = 50;

    public const int CriteriaMax = 20;

    public const int NameLengthMax = 100;

    public const int WeightMax = 100;

    public const int ScoreMax = 10;

    /// <summary>How many reviewers must approve.</summary>
    [JsonIgnore]
    public int Needed => ApprovalsNeeded ?? ((2 * Reviewers.Count) + 2) / 3;

    /// <summary>The first thing wrong with these rules, or null.</summary>
    public Rejection? Validate()
    {
        if (!Enum.IsDefined(Stage))
            return Invalid("stage", "The stage is of no known kind.");
        if (Reviewers.Count is 0 or > ReviewersMax || Reviewers.Distinct().Count() < Reviewers.Count || Reviewers.Any(one => one.IsZero))
            return Invalid("reviewers", $"There must be 1 to {ReviewersMax} reviewers, each once.");
        if (Rubric.Count > CriteriaMax || Rubric.DistinctBy(criterion => criterion.Name).Count() < Rubric.Count)
            return Invalid("rubric", $"There can be at most {CriteriaMax} criteria, each once.");
        if (Rubric.Any(criterion => !LineText.IsLine(criterion.Name, NameLengthMax) || criterion.Weight is < 1 or > WeightMax))
            return Invalid("rubric", $"A criterion is named in 1 to {NameLengthMax} characters on one line and weighs 1 to {WeightMax}.");
        if (ApprovalsNeeded is { } needed && (needed < 1 || needed > Reviewers.Count))
            return Invalid("approvalsNeeded", $"Must be 1 to {Reviewers.Count}, the number of reviewers.");
        return AppealSeconds is < 0 or > VotingRules.SecondsMax
            ? Invalid("appealSeconds", $"Must be 0 to {VotingRules.SecondsMax} seconds.")
            : null;
    }

    /// <summary>
    /// The mean of the scores by the weights of their criteria, exact, 0 to <see cref="ScoreMax"/>; zero without a rubric.
    /// </summary>
    public Rational MeanOf(IReadOnlyList<int> scores) => Rubric.Count == 0
        ? Rational.Zero
        : new Rational(
            Rubric.Zip(scores, (criterion, score) => criterion.Weight * score).Sum(), Rubric.Sum(criterion => criterion.Weight));

    private static InvalidValue Invalid(string field, string problem) => new($"review.{field}", problem);
}

using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

/// <summary>The rules of a vote. Part of the program; frozen in the proposal when voting opens.</summary>
/// <param name="System">The voting system and its version, one of <see cref="Systems"/>.</param>
/// <param name="Choices">What can be chosen, counted from 1. Of <c>basic@1</c> and <c>optimistic@1</c>: for, against, abstain.</param>
/// <param name="ApprovingChoices">The choices that stand for approval, ascending.</param>
/// <param name="AbstainChoice">The choice that takes no side, or 0 where there is none.</param>
/// <param name="Quorums">All of them must be met; may be empty.</param>
/// <param name="Threshold">How the sides are compared.</param>
/// <param name="DiscussionSeconds">The least time between submission and the opening of the vote.</param>
/// <param name="VotingPeriodSeconds">How long ballots are taken.</param>
/// <param name="LateQuorumExtensionSeconds">
/// How long ballots are still taken at least after the quorums are first met; 0 for no extension. A vote is extended once.
/// </param>
/// <param name="Power">Where voting power comes from.</param>
/// <param name="Revote">The rules of the one more vote that a rejected proposal may have; null where it may not.</param>
public sealed record VotingRules(
    string System,
    ValueList<string> Choices,
    ValueList<int> ApprovingChoices,
    int AbstainChoice,
    ValueList<Quorum> Quorums,
    Threshold Threshold,
    long DiscussionSeconds,
    long VotingPeriodSeconds,
    long LateQuorumExtensionSeconds,
    PowerRules Power,
    VotingRules? Revote = null)
{
    /// <summary>For, against, abstain.</summary>
    public const string Basic = "basic@1";

    /// <summary>For, against, abstain; rejected only where enough vote against.</summary>
    public const string Optimistic = "optimistic@1";

    /// <summary>Ten years: nobody means more.</summary>
    public const long SecondsMax = 10L * 365 * 86_400;

    public const int ChoicesMax = 100;

    public const int ChoiceLengthMax = 100;

    public const int QuorumsMax = 10;

    /// <summary>All voting systems.</summary>
    public static ValueList<string> Systems { get; } =
    [
        Basic, "single-choice@1", "approval@1", "weighted@1", "quadratic@1", "ranked-choice@1", "copeland@1", Optimistic,
    ];

    /// <summary>The choices of <c>basic@1</c> and <c>optimistic@1</c>.</summary>
    public static ValueList<string> Sides { get; } = ["for", "against", "abstain"];

    /// <summary>Whether the choices are the fixed three.</summary>
    public bool HasSides => System is Basic or Optimistic;

    /// <summary>Rules of <c>basic@1</c>: no discussion time, no extension, no re-vote.</summary>
    public static VotingRules ForAndAgainst(
        ValueList<Quorum> quorums, Threshold threshold, long votingPeriodSeconds, params ReadOnlySpan<PowerStrategy> strategies) =>
        new(Basic, Sides, [1], 3, quorums, threshold, 0, votingPeriodSeconds, 0, new PowerRules([.. strategies]));

    /// <summary>The first thing wrong with these rules, or null.</summary>
    public Rejection? Validate()
    {
        if (!Systems.Contains(System))
            return Invalid("system", $"The voting system must be one of {string.Join(", ", Systems)}.");
        if (VotingPeriodSeconds is <= 0 or > SecondsMax)
            return Invalid("votingPeriodSeconds", $"Must be 1 to {SecondsMax} seconds.");
        if (DiscussionSeconds is < 0 or > SecondsMax)
            return Invalid("discussionSeconds", $"Must be 0 to {SecondsMax} seconds.");
        if (LateQuorumExtensionSeconds is < 0 or > SecondsMax)
            return Invalid("lateQuorumExtensionSeconds", $"Must be 0 to {SecondsMax} seconds.");
        return ChoicesProblem() ?? QuorumsProblem() ?? ThresholdProblem() ?? (Power.Validate() ?? RevoteProblem());
    }

    private InvalidValue? ChoicesProblem()
    {
        if (HasSides)
            return Choices.SequenceEqual(Sides) && ApprovingChoices.SequenceEqual([1]) && AbstainChoice == 3
                ? null
                : Invalid("choices", $"The choices of {System} are for, against and abstain.");
        if (Choices.Count is < 2 or > ChoicesMax)
            return Invalid("choices", $"There must be 2 to {ChoicesMax} choices.");
        if (Choices.Any(choice => !LineText.IsLine(choice, ChoiceLengthMax)))
            return Invalid("choices", $"A choice has 1 to {ChoiceLengthMax} characters on one line.");
        if (Choices.Distinct().Count() < Choices.Count)
            return Invalid("choices", "Two choices have the same name.");
        if (ApprovingChoices.Count == 0 || ApprovingChoices.Zip(ApprovingChoices.Skip(1)).Any(pair => pair.First >= pair.Second)
            || ApprovingChoices[0] < 1 || ApprovingChoices[^1] > Choices.Count || ApprovingChoices.Contains(AbstainChoice))
            return Invalid("approvingChoices", "Must name choices by their numbers, ascending, none of them the one that abstains.");
        return AbstainChoice < 0 || AbstainChoice > Choices.Count
            || (AbstainChoice > 0 && System is not ("single-choice@1" or "weighted@1" or "quadratic@1"))
                ? Invalid("abstainChoice", $"Must be 0, or the number of a choice where the system lets one abstain; {System} may not.")
                : null;
    }

    private InvalidValue? QuorumsProblem()
    {
        if (Quorums.Count > QuorumsMax)
            return Invalid("quorums", $"There can be at most {QuorumsMax} quorums.");
        if (Quorums.Any(quorum => !Enum.IsDefined(quorum.Kind) || !Enum.IsDefined(quorum.Counting)))
            return Invalid("quorums", "A quorum is of no known kind.");
        if (Quorums.Any(quorum => quorum.Kind == QuorumKind.SupplyShare && quorum.Least > BasisPoints.Whole))
            return Invalid("quorums", $"A share must be 0 to {BasisPoints.Whole} basis points.");
        return !HasSides && Quorums.Any(quorum => quorum.Counting != QuorumCounting.All)
            ? Invalid("quorums", $"{System} has no sides: its quorums count all power.")
            : null;
    }

    private InvalidValue? ThresholdProblem()
    {
        if (!Enum.IsDefined(Threshold.Kind))
            return Invalid("threshold", "A threshold is of no known kind.");
        if ((System == Optimistic) != (Threshold.Kind == ThresholdKind.Against))
            return Invalid("threshold", $"{Optimistic} has a threshold of power against, and only that.");
        return Threshold.Kind switch
        {
            ThresholdKind.SimpleMajority when !Threshold.Value.IsZero => Invalid("threshold", "A simple majority has no value."),
            ThresholdKind.Supermajority when Threshold.Value.IsZero || Threshold.Value > BasisPoints.Whole =>
                Invalid("threshold", $"Must be 1 to {BasisPoints.Whole} basis points: nothing would ever be rejected, or approved."),
            ThresholdKind.Against when Threshold.Value.IsZero =>
                Invalid("threshold", "Must be above zero: nothing would ever be approved."),
            _ => null,
        };
    }

    private InvalidValue? RevoteProblem() => Revote switch
    {
        null => null,
        { Revote: not null } => Invalid("revote", "There is one re-vote, no more."),
        _ => Revote.Validate() is InvalidValue problem
            ? problem with { Field = problem.Field.Replace("votingRules", "votingRules.revote", StringComparison.Ordinal) }
            : null,
    };

    private static InvalidValue Invalid(string field, string problem) => new($"votingRules.{field}", problem);
}

/// <summary>What a quorum is a quorum of.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuorumKind>))]
public enum QuorumKind
{
    /// <summary>Voting power, base units.</summary>
    Power,

    /// <summary>Voting power as basis points of the supply at the snapshot block, rounded up to a base unit.</summary>
    SupplyShare,

    /// <summary>Accounts that voted, once each.</summary>
    Voters,
}

/// <summary>Whose power counts for a quorum of power.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<QuorumCounting>))]
public enum QuorumCounting
{
    All,
    ForAndAbstain,
    For,
}

/// <summary>A least participation. A vote may have several; all of them must be met.</summary>
/// <param name="Kind">What is counted.</param>
/// <param name="Least">Base units, basis points or accounts, by the kind.</param>
/// <param name="Counting">Whose power; only <c>basic@1</c> and <c>optimistic@1</c> have sides to choose from.</param>
public sealed record Quorum(QuorumKind Kind, UInt256 Least, QuorumCounting Counting = QuorumCounting.All)
{
    /// <summary>What must be reached, in the unit of what is counted: a share is rounded up.</summary>
    public UInt256 Needed(UInt256 supply) => Kind == QuorumKind.SupplyShare
        ? new UInt256(((supply.ToBigInteger() * Least.ToBigInteger()) + BasisPoints.Whole - 1) / BasisPoints.Whole)
        : Least;
}

/// <summary>How the sides are compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ThresholdKind>))]
public enum ThresholdKind
{
    /// <summary>For is more than against. A tie is rejected.</summary>
    SimpleMajority,

    /// <summary>For is at least these basis points of for and against, exactly, and above zero.</summary>
    Supermajority,

    /// <summary>Against is below this power, in base units: an optimistic vote is approved unless enough object.</summary>
    Against,
}

/// <summary>What approves.</summary>
/// <param name="Kind">How the sides are compared.</param>
/// <param name="Value">Zero, basis points, or base units, by the kind.</param>
public sealed record Threshold(ThresholdKind Kind, UInt256 Value)
{
    public static Threshold SimpleMajority { get; } = new(ThresholdKind.SimpleMajority, UInt256.Zero);

    /// <summary>A share of for in for and against.</summary>
    public static Threshold Supermajority(BasisPoints share) => new(ThresholdKind.Supermajority, (UInt256)share.Value);

    /// <summary>Whether the scores of the two sides pass.</summary>
    public bool IsMet(Rational @for, Rational against) => Kind switch
    {
        ThresholdKind.SimpleMajority => @for > against,
        ThresholdKind.Supermajority => !@for.IsZero
            && @for * new Rational(BasisPoints.Whole, 1) >= (@for + against) * (Rational)Value,
        _ => against < (Rational)Value,
    };
}

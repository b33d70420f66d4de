using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain;

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

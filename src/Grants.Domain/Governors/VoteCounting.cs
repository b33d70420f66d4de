using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.Governors;

/// <summary>What a voter of a governor can say.</summary>
public enum VoteChoices
{
    /// <summary>Against, for or abstain, once.</summary>
    Bravo,

    /// <summary>Besides, shares of the votes for each, as often as votes are left.</summary>
    Fractional,

    /// <summary>Besides, a holder votes for itself, which is taken from its delegate's vote.</summary>
    Overridable,
}

/// <summary>The votes of a proposal, base units.</summary>
public sealed record VoteTally(UInt256 Against, UInt256 For, UInt256 Abstain)
{
    /// <summary>No votes.</summary>
    public static VoteTally None { get; } = new(UInt256.Zero, UInt256.Zero, UInt256.Zero);

    // No token has so many votes; a contract that claims it must not stop those that do not.
    public static VoteTally operator +(VoteTally a, VoteTally b) =>
        new(Sum(a.Against, b.Against), Sum(a.For, b.For), Sum(a.Abstain, b.Abstain));

    public static VoteTally operator -(VoteTally a, VoteTally b) => new(
        UInt256.SubtractToZero(a.Against, b.Against), UInt256.SubtractToZero(a.For, b.For), UInt256.SubtractToZero(a.Abstain, b.Abstain));

    private static UInt256 Sum(UInt256 a, UInt256 b) =>
        new(BigInteger.Min(a.ToBigInteger() + b.ToBigInteger(), UInt256.MaxValue.ToBigInteger()));
}

/// <summary>
/// How a governor counts, as its <c>COUNTING_MODE()</c> says: GovernorCountingSimple, GovernorCountingFractional and
/// GovernorCountingOverridable of OpenZeppelin Contracts 5.7, and the same with a quorum of votes for alone.
/// </summary>
/// <param name="Choices">What a vote can say.</param>
/// <param name="AbstainCounts">Whether abstentions count towards the quorum.</param>
public sealed record VoteCounting(VoteChoices Choices, bool AbstainCounts)
{
    /// <summary>The support of a fractional vote.</summary>
    public const int FractionalSupport = 255;

    /// <summary>Reads the contract's words, a query string. Null where anything in it is not known exactly.</summary>
    public static VoteCounting? Parse(string mode)
    {
        var parts = mode.Split('&').Select(part => part.Split('=', 2)).ToList();
        if (parts.Any(part => part.Length != 2) || parts.DistinctBy(part => part[0]).Count() != parts.Count)
            return null;
        var said = parts.ToDictionary(part => part[0], part => part[1]);
        bool? abstains = said.Remove("quorum", out var quorum)
            ? quorum switch
            {
                "for,abstain" => true,
                "for" or "bravo" => false,
                _ => null,
            }
            : null;
        VoteChoices? choices = string.Join('&', said.OrderByDescending(part => part.Key, StringComparer.Ordinal)
            .Select(part => $"{part.Key}={part.Value}")) switch
            {
                "support=bravo" => VoteChoices.Bravo,
                "support=bravo,fractional&params=fractional" => VoteChoices.Fractional,
                "support=bravo,override&overridable=true" => VoteChoices.Overridable,
                _ => null,
            };
        return abstains is { } counts && choices is { } known ? new VoteCounting(known, counts) : null;
    }

    /// <summary>What a vote adds. Nothing where the governor could not have counted it.</summary>
    /// <param name="support">0 against, 1 for, 2 abstain, or <see cref="FractionalSupport"/>.</param>
    /// <param name="weight">Base units; of a fractional vote, what it used up now.</param>
    /// <param name="parameters">Of a fractional vote: against, for and abstain, 16 bytes each.</param>
    public VoteTally Of(int support, UInt256 weight, ReadOnlySpan<byte> parameters) => support switch
    {
        0 => VoteTally.None with { Against = weight },
        1 => VoteTally.None with { For = weight },
        2 => VoteTally.None with { Abstain = weight },
        FractionalSupport when Choices == VoteChoices.Fractional && parameters.Length == 48 => new VoteTally(
            UInt256.FromBytes(parameters[..16]), UInt256.FromBytes(parameters[16..32]), UInt256.FromBytes(parameters[32..])),
        _ => VoteTally.None,
    };

    /// <summary>Whether the votes reach a quorum: at least so many for, or for and abstaining.</summary>
    public bool Reaches(VoteTally votes, UInt256 quorum) =>
        votes.For.ToBigInteger() + (AbstainCounts ? votes.Abstain.ToBigInteger() : BigInteger.Zero) >= quorum.ToBigInteger();
}

using Grants.Primitives;

namespace Grants.Domain;

/// <summary>What a voting system makes of the ballots.</summary>
/// <param name="Scores">By choice, in base units of voting power where the system has no unit of its own; exact.</param>
/// <param name="Power">The power of all ballots that count, base units.</param>
/// <param name="Voters">Accounts counted, once each.</param>
/// <param name="Winner">The number of the choice that won, from 1; 0 where none did or the best are tied.</param>
/// <param name="Derivation">How it came about.</param>
public sealed record VoteCount(ValueList<Rational> Scores, UInt256 Power, int Voters, int Winner, Derivation Derivation);

/// <summary>How a count came about, so that a person can follow it.</summary>
/// <param name="Explanation">In sentences.</param>
/// <param name="Rounds">The rounds of a system that has rounds; otherwise empty.</param>
/// <param name="Pairwise">Row over column, the power that prefers the one to the other; empty where nothing is compared in pairs.</param>
public sealed record Derivation(string Explanation, ValueList<CountingRound> Rounds, ValueList<ValueList<UInt256>> Pairwise);

/// <param name="Scores">By choice; zero for a choice that is out.</param>
/// <param name="Eliminated">The choices that leave after this round.</param>
/// <param name="Exhausted">The power of ballots that name no choice that is still in, base units.</param>
public sealed record CountingRound(ValueList<UInt256> Scores, ValueList<int> Eliminated, UInt256 Exhausted);

/// <param name="Quorum">What was asked for.</param>
/// <param name="Needed">In the unit of what is counted.</param>
/// <param name="Reached">In the unit of what is counted.</param>
public sealed record QuorumFinding(Quorum Quorum, UInt256 Needed, UInt256 Reached)
{
    public bool IsMet => Reached >= Needed;
}

/// <summary>What a vote came to under its rules.</summary>
/// <param name="Count">The count of the ballots.</param>
/// <param name="Quorums">What became of each quorum, in the order of the rules.</param>
/// <param name="ThresholdMet">Whether the sides compare as the threshold asks.</param>
/// <param name="IsApproved">All quorums and the threshold are met, and an approving choice won where the system has a winner.</param>
/// <param name="Reason">Why, in a sentence.</param>
public sealed record VotingOutcome(
    VoteCount Count, ValueList<QuorumFinding> Quorums, bool ThresholdMet, bool IsApproved, string Reason)
{
    /// <summary>All of them.</summary>
    public bool QuorumMet => Quorums.All(finding => finding.IsMet);
}

/// <summary>The certified result of a vote, and the log that it rests on.</summary>
/// <param name="Outcome">What the ballots came to.</param>
/// <param name="BallotCount">Ballots accepted in all, replaced ones included.</param>
/// <param name="BallotRoot">Root of the tree (RFC 6962) of exactly this vote's ballots, in the order of the log.</param>
/// <param name="LogSize">Size of the space's ballot log when the vote closed.</param>
/// <param name="LogRoot">Its root (RFC 6962) at that size.</param>
public sealed record VotingResult(VotingOutcome Outcome, long BallotCount, Hash32 BallotRoot, long LogSize, Hash32 LogRoot);

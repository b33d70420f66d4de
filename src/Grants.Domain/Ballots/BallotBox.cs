using Grants.Domain.Ballots.Systems;
using Grants.Primitives;

namespace Grants.Domain.Ballots;

// --- Events ---

/// <summary>Ballots accepted in one transaction. The only record of a ballot; the current ballots follow from these.</summary>
/// <param name="Proposal">The vote's id.</param>
/// <param name="Ballots">In the order of the ballot log.</param>
public sealed record BallotsRecorded(Hash32 Proposal, IReadOnlyList<BallotRecord> Ballots);

/// <param name="Index">Its place in the proposal's ballot log, from 0.</param>
/// <param name="Ballot">What was signed.</param>
/// <param name="Power">The voter's power at the snapshot block, base units.</param>
/// <param name="Signature">As given, hexadecimal.</param>
/// <param name="SignatureKind">How it was verified.</param>
/// <param name="Digest">The EIP-712 digest that was signed.</param>
/// <param name="AcceptedAt">The server's time.</param>
public sealed record BallotRecord(
    long Index,
    SignedBallot Ballot,
    UInt256 Power,
    string Signature,
    SignatureKind SignatureKind,
    Hash32 Digest,
    DateTimeOffset AcceptedAt);

public enum SignatureKind
{
    /// <summary>secp256k1 by the voter's own key.</summary>
    Ecdsa,

    /// <summary>The voter is a contract that vouched for the signature (ERC-1271).</summary>
    Erc1271,
}

// --- Rejections ---

public sealed record VotingNotOpen() : Rejection("VOTING_NOT_OPEN", "No vote is open on this proposal.");

public sealed record OutsideVotingWindow(DateTimeOffset OpensAt, DateTimeOffset ClosesAt)
    : Rejection("OUTSIDE_VOTING_WINDOW", $"Ballots are taken from {OpensAt:O} until before {ClosesAt:O}.");

public sealed record WrongSpace(string Expected) : Rejection("WRONG_SPACE", $"The ballot must name the space {Expected}.");

public sealed record WrongProposalHash(Hash32 Expected)
    : Rejection("WRONG_PROPOSAL_HASH", $"The ballot must bind the submitted content {Expected}.");

public sealed record BallotExpired(long ExpiresAt)
    : Rejection("BALLOT_EXPIRED", $"The ballot's expiry {ExpiresAt} is over, or more than a week ahead.");

public sealed record InvalidChoice(string Choice, string Rule) : Rejection("INVALID_CHOICE", Rule);

public sealed record NoVotingPower(Address Voter)
    : Rejection("NO_VOTING_POWER", $"{Voter} had no voting power at the snapshot block.");

public sealed record NonceNotAbove(UInt256 Current)
    : Rejection("NONCE_NOT_ABOVE", $"The voter's last ballot has nonce {Current}; another must have a higher one.");

public sealed record InvalidSignature(string Problem) : Rejection("INVALID_SIGNATURE", Problem);

// --- State ---

/// <summary>The frozen facts of an open vote that a ballot is held against.</summary>
/// <param name="Space">The space that votes.</param>
/// <param name="VoteId">What a ballot names as its proposal: see <c>VotingOpened</c>.</param>
/// <param name="ProposalHash">The content hash of the proposal as submitted.</param>
/// <param name="Rules">The rules with which the vote opened.</param>
public sealed record VotingWindow(
    string Space, Hash32 VoteId, Hash32 ProposalHash, VotingRules Rules, DateTimeOffset OpensAt, DateTimeOffset ClosesAt);

/// <summary>The rules of the door: what is refused before any signature is looked at, cheapest first.</summary>
public static class BallotBox
{
    /// <summary>A signed ballot may lie for a week before it is cast, no longer.</summary>
    public const long ExpirySecondsMax = 7 * 86_400;

    /// <summary>The longest reason, in UTF-16 units.</summary>
    public const int ReasonLengthMax = 2_000;

    /// <summary>The first objection to the ballot, or null.</summary>
    public static Rejection? Refuse(SignedBallot ballot, VotingWindow window, UInt256 power, DateTimeOffset at)
    {
        if (ballot.Space != window.Space)
            return new WrongSpace(window.Space);
        if (ballot.Proposal != window.VoteId)
            return new VotingNotOpen();
        if (ballot.ProposalHash != window.ProposalHash)
            return new WrongProposalHash(window.ProposalHash);
        if (at < window.OpensAt || at >= window.ClosesAt)
            return new OutsideVotingWindow(window.OpensAt, window.ClosesAt);
        var now = at.ToUnixTimeSeconds();
        if (ballot.ExpiresAt <= now || ballot.ExpiresAt > now + ExpirySecondsMax)
            return new BallotExpired(ballot.ExpiresAt);
        var system = VotingSystem.Of(window.Rules.System);
        if (!system.Accepts(ballot.Choice, window.Rules.Choices.Count))
            return new InvalidChoice(ballot.Choice, system.ChoiceRule);
        if (ballot.Reason.Length > ReasonLengthMax || !IsText(ballot.Reason))
            return new InvalidValue("reason", $"At most {ReasonLengthMax} characters of Unicode, without the null character.");
        return power.IsZero ? new NoVotingPower(ballot.Voter) : null;
    }

    // Half of a surrogate pair is no character: it could be signed in one form and stored in another, or in none.
    private static bool IsText(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\0' || (char.IsSurrogate(text[i]) && (i + 1 == text.Length || !char.IsSurrogatePair(text[i], text[++i]))))
                return false;
        }

        return true;
    }

    /// <summary>The order of re-votes is the signed nonce: a ballot replaces another only with a higher one.</summary>
    public static Rejection? RefuseNonce(UInt256 nonce, UInt256? current) =>
        current is { } last && nonce <= last ? new NonceNotAbove(last) : null;
}

using Grants.Domain;
using Grants.Domain.Ballots.Log;
using Grants.Service.Api;

namespace Grants.Service.Ballots.Recording;

/// <summary>What whoever cast a ballot can hold the service to: the ballot's place in the space's log, under a signed head.</summary>
/// <param name="LogIndex">The place, from 0.</param>
/// <param name="Head">The first head that includes it.</param>
public sealed record BallotReceipt(long LogIndex, SignedTreeHead Head);

/// <summary>Either a receipt, or why there is none.</summary>
public sealed record CastAnswer(BallotReceipt? Receipt, Rejection? Rejection)
{
    public static implicit operator CastAnswer(Rejection rejection) => new(null, rejection);
}

/// <summary>Too many ballots wait. Nothing was recorded.</summary>
public sealed record Overloaded(int RetryAfterSeconds) : RetryLater(
    "OVERLOADED", "Too many ballots are waiting; nothing was recorded. Cast this one again in a moment.", RetryAfterSeconds);

/// <summary>The database did not take the ballot. Nothing was recorded.</summary>
public sealed record NotRecorded(int RetryAfterSeconds) : RetryLater(
    "NOT_RECORDED", "The ballot could not be written; nothing was recorded. Cast this one again later.", RetryAfterSeconds);

/// <summary>The ballot may have been recorded or not. It is never recorded twice.</summary>
public sealed record UnknownOutcome(int RetryAfterSeconds) : RetryLater(
    "UNKNOWN_OUTCOME", "Whether the ballot was recorded is not known yet: cast the very same one again to hear it.", RetryAfterSeconds);

/// <summary>The voter is a contract and the node that could ask it is away. Nothing was recorded.</summary>
public sealed record SignatureNotChecked(int RetryAfterSeconds) : RetryLater(
    "SIGNATURE_NOT_CHECKED",
    "The voter's contract cannot be asked now; nothing was recorded. Cast this ballot again later.",
    RetryAfterSeconds);

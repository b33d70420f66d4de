using Grants.Primitives;

namespace Grants.Domain.Ballots.Export;

/// <summary>
/// The result of a vote, to be signed once by the log key (EIP-712 type <c>VoteCertificate</c>). Two different ones of one vote
/// prove that the service told two stories.
/// </summary>
/// <param name="Terms">SHA-256 of the JSON of <see cref="VoteTerms"/>, as published.</param>
/// <param name="Ballots">Accepted in all, replaced ones included.</param>
/// <param name="VoteRoot">Root of the tree (RFC 6962) of exactly this vote's leaves, in the order of the log.</param>
/// <param name="Outcome">SHA-256 of the JSON of the outcome, as published.</param>
/// <param name="LogSize">Leaves of the space's log when the vote was closed.</param>
/// <param name="LogRoot">Its root at that size.</param>
public sealed record VoteCertificate(
    string Space,
    Hash32 Vote,
    Hash32 Terms,
    Hash32 PowerRoot,
    long Ballots,
    Hash32 VoteRoot,
    bool Approved,
    Hash32 Outcome,
    long LogSize,
    Hash32 LogRoot)
{
    public TypedStruct ToTyped() => new(
        "VoteCertificate",
        [
            new("space", "string", Space),
            new("vote", "bytes32", Vote),
            new("terms", "bytes32", Terms),
            new("powerRoot", "bytes32", PowerRoot),
            new("ballots", "uint64", (UInt256)Ballots),
            new("voteRoot", "bytes32", VoteRoot),
            new("approved", "bool", Approved),
            new("outcome", "bytes32", Outcome),
            new("logSize", "uint64", (UInt256)LogSize),
            new("logRoot", "bytes32", LogRoot),
        ]);
}

/// <param name="Signature">Of the log key, hexadecimal: r, s and the recovery value 27 or 28.</param>
public sealed record SignedVoteCertificate(VoteCertificate Certificate, string Signature);

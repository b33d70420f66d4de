using Grants.Primitives;

namespace Grants.Domain.Ballots;

/// <summary>One voter's choice on one proposal, as signed (EIP-712 type <c>Ballot</c>).</summary>
/// <param name="Space">The space that votes.</param>
/// <param name="Proposal">The vote's id: the proposal's id, and for a re-vote an id of its own.</param>
/// <param name="ProposalHash">The content hash of the proposal as submitted.</param>
/// <param name="Voter">Whose voting power is used.</param>
/// <param name="Choice">
/// Canonical JSON of the choice, as the voting system defines it; for <c>basic@1</c>: 1 for, 2 against, 3 abstain.
/// </param>
/// <param name="Nonce">Grows with each ballot of this voter on this proposal.</param>
/// <param name="ExpiresAt">Seconds since 1970; the ballot is refused from then on.</param>
/// <param name="Reason">Free text, public.</param>
public sealed record SignedBallot(
    string Space,
    Hash32 Proposal,
    Hash32 ProposalHash,
    Address Voter,
    string Choice,
    UInt256 Nonce,
    long ExpiresAt,
    string Reason)
{
    /// <summary>What the voter's wallet shows and signs.</summary>
    public TypedStruct ToTyped() => new(
        "Ballot",
        [
            new("space", "string", Space),
            new("proposal", "bytes32", Proposal),
            new("proposalHash", "bytes32", ProposalHash),
            new("voter", "address", Voter),
            new("choice", "string", Choice),
            new("nonce", "uint256", Nonce),
            new("expiresAt", "uint64", (UInt256)ExpiresAt),
            new("reason", "string", Reason),
        ]);
}

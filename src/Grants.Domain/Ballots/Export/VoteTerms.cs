using Grants.Primitives;

namespace Grants.Domain.Ballots.Export;

/// <summary>All that was fixed of a vote apart from its ballots; the certificate binds the hash of its JSON.</summary>
/// <param name="Vote">What ballots name as their proposal.</param>
/// <param name="ProposalHash">The content hash of the proposal as submitted.</param>
/// <param name="OpensAt">Milliseconds since 1970, rounded down.</param>
/// <param name="ClosesAt">
/// Milliseconds since 1970, rounded up; ballots were taken until before it. Later than planned where the vote was extended.
/// </param>
public sealed record VoteTerms(
    string Space,
    long ChainId,
    Hash32 Proposal,
    Hash32 Vote,
    int Round,
    Hash32 ProposalHash,
    VotingRules Rules,
    PowerFacts Snapshot,
    long OpensAt,
    long ClosesAt);

/// <summary>The voting power of everybody at one block, as committed to when the vote opened.</summary>
/// <param name="Block">Finalized; contracts were asked for signatures (ERC-1271) as of it.</param>
/// <param name="Root">Merkle root of all voting power.</param>
/// <param name="Total">Base units.</param>
/// <param name="Supply">What a quorum by share is a share of, base units.</param>
/// <param name="Accounts">With power above zero.</param>
public sealed record PowerFacts(BlockRef Block, Hash32 Root, UInt256 Total, UInt256 Supply, int Accounts);

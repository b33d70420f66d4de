using Grants.Domain.Ballots;
using Grants.Primitives;

namespace Grants.Service.Ballots.Recording;

/// <summary>A ballot that passed the door: the window and the nonce are left to judge.</summary>
/// <param name="Vote">The frozen facts of its vote.</param>
/// <param name="Power">The voter's power at the snapshot block, base units.</param>
public sealed record AdmittedBallot(
    StoredVote Vote, SignedBallot Ballot, string Signature, SignatureKind Kind, Hash32 Digest, UInt256 Power);

using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.VotingPower;

namespace Grants.Service.Ballots;

/// <summary>A ballot that passed the door: the writer has only the nonce left to judge.</summary>
public sealed record AdmittedBallot(SignedBallot Ballot, string Signature, SignatureKind Kind, Hash32 Digest, UInt256 Power);

/// <summary>Checks a ballot, cheapest first: shape, window, power, then ECDSA, then the voter's contract.</summary>
public sealed class BallotDoor(
    BallotStore ballots, PowerStore power, AccountSignatures signatures, ChainIdentity chain, TimeProvider clock)
{
    public async Task<(AdmittedBallot? Ballot, Rejection? Rejection)> AdmitAsync(
        SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        var window = await ballots.WindowAsync(ballot.Proposal, cancellation);
        if (window is null)
            return (null, new VotingNotOpen());
        var votingPower = await power.PowerOfAsync(ballot.Proposal, ballot.Voter, cancellation);
        if (BallotBox.Refuse(ballot, window.Window, votingPower, clock.GetUtcNow()) is { } refusal)
            return (null, refusal);
        if (window.Closed)
            return (null, new VotingNotOpen());
        var digest = BallotTypedData.Of(ballot, chain.ChainId).Digest();
        var (kind, rejection) = await signatures.VerifyAsync(ballot.Voter, digest, signature, window.SnapshotHash, cancellation);
        return rejection is null
            ? (new AdmittedBallot(ballot, signature, kind, digest, votingPower), null)
            : (null, rejection);
    }
}

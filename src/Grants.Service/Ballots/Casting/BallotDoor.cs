using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Ballots.Recording;
using Microsoft.Extensions.Options;

namespace Grants.Service.Ballots.Casting;

/// <summary>Checks a ballot, cheapest first: shape and window from memory, power, then ECDSA, then the voter's contract.</summary>
public sealed class BallotDoor(
    OpenVotes votes,
    PowerLookup power,
    AccountSignatures signatures,
    ChainIdentity chain,
    TimeProvider clock,
    IOptions<CastingOptions> options) : IDisposable
{
    private readonly SemaphoreSlim contractCalls = new(options.Value.ContractCallsMax);

    /// <param name="space">In which it is handed in: a vote of another space is none.</param>
    public async Task<(AdmittedBallot? Ballot, Rejection? Rejection)> AdmitAsync(
        string space, SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        if (await votes.FindAsync(space, ballot.Proposal, cancellation) is not { } vote)
            return (null, new VotingNotOpen());

        // As if the voter had power: whatever else is wrong costs no query.
        if (BallotBox.Refuse(ballot, vote.Window, UInt256.One, clock.GetUtcNow()) is { } objection)
            return (null, objection);
        if (vote.Closed)
            return (null, new VotingNotOpen());
        var votingPower = await power.PowerOfAsync(ballot.Proposal, ballot.Voter, cancellation);
        if (votingPower.IsZero)
            return (null, new NoVotingPower(ballot.Voter));
        var digest = DigestOf(ballot);
        if (AccountSignatures.IsOwn(ballot.Voter, digest, signature))
            return (new AdmittedBallot(vote, ballot, signature, SignatureKind.Ecdsa, digest, votingPower), null);
        return await AskContractAsync(vote, ballot, signature, digest, votingPower, cancellation);
    }

    /// <summary>What the voter signed.</summary>
    public Hash32 DigestOf(SignedBallot ballot) => BallotTypedData.Digest(ballot, chain.ChainId);

    public void Dispose() => contractCalls.Dispose();

    private async Task<(AdmittedBallot? Ballot, Rejection? Rejection)> AskContractAsync(
        StoredVote vote, SignedBallot ballot, string signature, Hash32 digest, UInt256 votingPower, CancellationToken cancellation)
    {
        if (!await contractCalls.WaitAsync(TimeSpan.Zero, cancellation))
            return (null, new Overloaded(options.Value.RetryAfterSeconds));
        try
        {
            var (kind, rejection) = await signatures.VerifyAsync(ballot.Voter, digest, signature, vote.SnapshotHash, cancellation);
            return rejection is null
                ? (new AdmittedBallot(vote, ballot, signature, kind, digest, votingPower), null)
                : (null, rejection);
        }
        catch (RpcException)
        {
            return (null, new SignatureNotChecked(options.Value.RetryAfterSeconds));
        }
        finally
        {
            contractCalls.Release();
        }
    }
}

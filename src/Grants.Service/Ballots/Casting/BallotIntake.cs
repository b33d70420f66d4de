using Grants.Domain.Ballots;
using Grants.Service.Ballots.Recording;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Grants.Service.Ballots.Casting;

/// <summary>Where ballots are handed in: bounds how many are on their way, and knows again what was recorded before.</summary>
public sealed class BallotIntake(
    BallotDoor door,
    OpenVotes votes,
    BallotWriter writer,
    NpgsqlDataSource database,
    BallotMetrics metrics,
    IOptions<CastingOptions> options)
{
    private int onTheWay;

    /// <summary>Casts a ballot. Cast again, the very same ballot gets the same receipt, even after the close.</summary>
    public async Task<CastAnswer> CastAsync(SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        var answer = await BoundedAsync(ballot, signature, cancellation);
        metrics.Answered(answer);
        return answer;
    }

    /// <summary>Casts many; one answer a ballot, in their order. None is refused for the sake of another.</summary>
    public async Task<IReadOnlyList<CastAnswer>> CastAsync(
        IReadOnlyList<(SignedBallot Ballot, string Signature)> ballots, CancellationToken cancellation) =>
        await Task.WhenAll(ballots.Select(ballot =>
            Task.Run(() => CastAsync(ballot.Ballot, ballot.Signature, cancellation), cancellation)));

    private async Task<CastAnswer> BoundedAsync(SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref onTheWay) <= options.Value.WaitingMax
                ? await AdmitAsync(ballot, signature, cancellation)
                : new Overloaded(options.Value.RetryAfterSeconds);
        }
        finally
        {
            Interlocked.Decrement(ref onTheWay);
        }
    }

    private async Task<CastAnswer> AdmitAsync(SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        var (admitted, refusal) = await door.AdmitAsync(ballot, signature, cancellation);
        if (admitted is null)
        {
            return refusal is VotingNotOpen or OutsideVotingWindow or BallotExpired
                && await RecordedAsync(ballot, cancellation) is { } receipt
                    ? new CastAnswer(receipt, null)
                    : refusal!;
        }

        var answer = await writer.CastAsync(admitted, cancellation);
        if (answer.Rejection is VotingNotOpen or OutsideVotingWindow)
            votes.Forget(ballot.Proposal);
        return answer;
    }

    // Whoever did not hear the answer in time may ask after the close.
    private async Task<BallotReceipt?> RecordedAsync(SignedBallot ballot, CancellationToken cancellation)
    {
        if (await CurrentBallots.FindAsync(database, ballot.Proposal, ballot.Voter, cancellation) is not { } current
            || current.Digest != door.DigestOf(ballot))
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var heads = await TreeHeads.FirstWithAsync(connection, ballot.Space, [current.LogIndex], cancellation);
        return new BallotReceipt(current.LogIndex, heads.Single().Head);
    }
}

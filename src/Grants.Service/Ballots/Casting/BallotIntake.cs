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

    /// <summary>Casts a ballot in a space. Cast again, the very same ballot gets the same receipt, even after the close.</summary>
    public async Task<CastAnswer> CastAsync(string space, SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        var answer = await BoundedAsync(space, ballot, signature, cancellation);
        metrics.Answered(answer);
        return answer;
    }

    /// <summary>Casts many; one answer a ballot, in their order. None is refused for the sake of another.</summary>
    public async Task<IReadOnlyList<CastAnswer>> CastAsync(
        string space, IReadOnlyList<(SignedBallot Ballot, string Signature)> ballots, CancellationToken cancellation) =>
        await Task.WhenAll(ballots.Select(ballot =>
            Task.Run(() => CastAsync(space, ballot.Ballot, ballot.Signature, cancellation), cancellation)));

    private async Task<CastAnswer> BoundedAsync(
        string space, SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        try
        {
            return Interlocked.Increment(ref onTheWay) <= options.Value.WaitingMax
                ? await AdmitAsync(space, ballot, signature, cancellation)
                : new Overloaded(options.Value.RetryAfterSeconds);
        }
        finally
        {
            Interlocked.Decrement(ref onTheWay);
        }
    }

    private async Task<CastAnswer> AdmitAsync(
        string space, SignedBallot ballot, string signature, CancellationToken cancellation)
    {
        var (admitted, refusal) = await door.AdmitAsync(space, ballot, signature, cancellation);
        if (admitted is null)
        {
            return refusal is VotingNotOpen or OutsideVotingWindow or BallotExpired
                && await RecordedAsync(space, ballot, cancellation) is { } receipt
                    ? new CastAnswer(receipt, null)
                    : refusal!;
        }

        var answer = await writer.CastAsync(admitted, cancellation);
        if (answer.Rejection is VotingNotOpen or OutsideVotingWindow)
            votes.Forget(space, ballot.Proposal);
        return answer;
    }

    // Whoever did not hear the answer in time may ask after the close.
    private async Task<BallotReceipt?> RecordedAsync(string space, SignedBallot ballot, CancellationToken cancellation)
    {
        // What was signed names its space, so that no ballot of another one has this digest.
        if (ballot.Space != space
            || await CurrentBallots.FindAsync(database, ballot.Proposal, ballot.Voter, cancellation) is not { } current
            || current.Digest != door.DigestOf(ballot))
            return null;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        var heads = await TreeHeads.FirstWithAsync(connection, space, [current.LogIndex], cancellation);
        return new BallotReceipt(current.LogIndex, heads.Single().Head);
    }
}

using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Primitives;

namespace Grants.Service.Ballots.Recording;

/// <summary>The part of a vote's row that a transaction holds while it writes ballots.</summary>
/// <param name="QuorumMetAt">When the quorums were first met, where that was looked for.</param>
/// <param name="Chunks">Events in the stream of the vote's ballots.</param>
internal sealed record HeldWindow(DateTimeOffset OpensAt, DateTimeOffset ClosesAt, bool Closed, DateTimeOffset? QuorumMetAt, int Chunks);

/// <summary>Whose ballot in which vote.</summary>
internal readonly record struct BallotKey(Hash32 Vote, Address Voter);

/// <summary>A ballot that was accepted and replaced since.</summary>
internal sealed record EarlierBallot(Hash32 Digest, long LogIndex);

/// <summary>The place of a ballot in the space's log, or why it has none.</summary>
internal readonly record struct Verdict(long LogIndex, Rejection? Rejection);

/// <summary>
/// Judges the ballots of a batch one after the other, on rows that its transaction holds. Whatever was accepted before, in this
/// batch or an older one, is the same act and gets its old place.
/// </summary>
internal sealed class BatchJudgement(
    IReadOnlyDictionary<Hash32, HeldWindow> windows,
    IReadOnlyDictionary<BallotKey, CurrentBallot> before,
    Dictionary<(BallotKey Key, UInt256 Nonce), EarlierBallot> earlier,
    long firstIndex,
    DateTimeOffset at)
{
    private readonly Dictionary<BallotKey, CurrentBallot> now = new(before);

    /// <summary>The ballots that are new, in the order of the log.</summary>
    public List<(AdmittedBallot Ballot, BallotRecord Record)> Accepted { get; } = [];

    /// <summary>Ballots that no longer count, each with the nonce that it had.</summary>
    public List<CurrentBallot> Replaced { get; } = [];

    /// <summary>The ballots that count after this batch, of the voters that it changed.</summary>
    public IEnumerable<CurrentBallot> Counting => Accepted.Select(accepted => KeyOf(accepted.Ballot)).Distinct().Select(key => now[key]);

    /// <summary>The one that counted before it, or null.</summary>
    public CurrentBallot? Before(CurrentBallot ballot) => before.GetValueOrDefault(new BallotKey(ballot.Vote, ballot.Voter));

    public Verdict Judge(AdmittedBallot admitted)
    {
        var (ballot, key) = (admitted.Ballot, KeyOf(admitted));
        var last = now.GetValueOrDefault(key);
        if (last?.Digest == admitted.Digest)
            return new Verdict(last.LogIndex, null);
        if (earlier.TryGetValue((key, ballot.Nonce), out var same) && same.Digest == admitted.Digest)
            return new Verdict(same.LogIndex, null);
        if (!windows.TryGetValue(key.Vote, out var window) || window.Closed)
            return new Verdict(default, new VotingNotOpen());
        if (at < window.OpensAt || at >= window.ClosesAt)
            return new Verdict(default, new OutsideVotingWindow(window.OpensAt, window.ClosesAt));
        if (ballot.ExpiresAt <= at.ToUnixTimeSeconds())
            return new Verdict(default, new BallotExpired(ballot.ExpiresAt));
        return BallotBox.RefuseNonce(ballot.Nonce, last?.Nonce) is { } refusal
            ? new Verdict(default, refusal)
            : new Verdict(Accept(admitted, key, last, window.Chunks + 1), null);
    }

    private long Accept(AdmittedBallot admitted, BallotKey key, CurrentBallot? last, int chunk)
    {
        var (ballot, index) = (admitted.Ballot, firstIndex + Accepted.Count);
        if (last is not null)
        {
            Replaced.Add(last);
            earlier[(key, last.Nonce)] = new EarlierBallot(last.Digest, last.LogIndex);
        }

        Accepted.Add((
            admitted,
            new BallotRecord(index, ballot, admitted.Power, admitted.Signature, admitted.Kind, admitted.Digest, at)));
        now[key] = new CurrentBallot(
            key.Vote,
            key.Voter,
            ballot.Nonce,
            ballot.Choice,
            ballot.Reason,
            admitted.Power,
            admitted.Kind == SignatureKind.Erc1271,
            index,
            chunk,
            admitted.Digest,
            at);
        return index;
    }

    private static BallotKey KeyOf(AdmittedBallot admitted) => new(admitted.Ballot.Proposal, admitted.Ballot.Voter);
}

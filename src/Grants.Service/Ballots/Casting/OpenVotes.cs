using System.Collections.Concurrent;
using Grants.Primitives;

namespace Grants.Service.Ballots.Casting;

/// <summary>
/// The frozen facts of the votes that ballots come for, kept in memory: rules never change. That a vote was extended or closed
/// is read again; the last word has the row that the writer holds.
/// </summary>
public sealed class OpenVotes(BallotStore ballots, TimeProvider clock)
{
    private const int VotesMax = 1_000;

    private readonly ConcurrentDictionary<Hash32, StoredVote> known = new();

    /// <summary>Null where there is no such vote.</summary>
    public async ValueTask<StoredVote?> FindAsync(Hash32 vote, CancellationToken cancellation)
    {
        if (known.TryGetValue(vote, out var found) && clock.GetUtcNow() < found.Window.ClosesAt)
            return found;
        var stored = await ballots.VoteAsync(vote, cancellation);
        if (stored is null or { Closed: true })
        {
            known.TryRemove(vote, out _);
            return stored;
        }

        if (known.Count >= VotesMax)
            known.Clear();
        return known[vote] = stored;
    }

    /// <summary>Has the vote read again, because a row contradicted it.</summary>
    public void Forget(Hash32 vote) => known.TryRemove(vote, out _);
}

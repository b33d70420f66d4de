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

    private readonly ConcurrentDictionary<(string Space, Hash32 Vote), StoredVote> known = new();

    /// <summary>Null where the space has no such vote.</summary>
    public async ValueTask<StoredVote?> FindAsync(string space, Hash32 vote, CancellationToken cancellation)
    {
        if (known.TryGetValue((space, vote), out var found) && clock.GetUtcNow() < found.Window.ClosesAt)
            return found;
        var stored = await ballots.VoteAsync(space, vote, cancellation);
        if (stored is null or { Closed: true })
        {
            Forget(space, vote);
            return stored;
        }

        if (known.Count >= VotesMax)
            known.Clear();
        return known[(space, vote)] = stored;
    }

    /// <summary>Has the vote read again, because a row contradicted it.</summary>
    public void Forget(string space, Hash32 vote) => known.TryRemove((space, vote), out _);
}

using Grants.Domain.Ballots;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Marten;

namespace Grants.Service.Ballots;

/// <summary>The ballots that counted at a moment, from the record of all of them: the rows of now know no other.</summary>
public static class PastBallots
{
    /// <summary>The most ballots of the record that are read for one page.</summary>
    public const int BallotsMax = 20_000;

    /// <summary>All that counted then, one a voter, in no order; none where the space of the session has no such vote.</summary>
    /// <exception cref="ProtocolError">More than <paramref name="most"/> were cast until then.</exception>
    public static async Task<IReadOnlyCollection<CurrentBallot>> ReadAsync(
        IQuerySession session, Hash32 vote, AsOfInput moment, int most, CancellationToken cancellation)
    {
        var (last, count, stream) = (new Dictionary<Address, CurrentBallot>(), 0, BallotStore.StreamId(vote));
        var chunks = session.Events.QueryAllRawEvents().Where(e => e.StreamKey == stream).Until(moment).OrderBy(e => e.Version);
        await foreach (var chunk in chunks.ToAsyncEnumerable(cancellation))
        {
            foreach (var record in ((BallotsRecorded)chunk.Data).Ballots)
            {
                if (++count > most)
                {
                    throw new ProtocolError(
                        ProtocolError.PastTooLong, $"The past of a vote with more than {most:N0} ballots is not listed.");
                }

                last[record.Ballot.Voter] = CurrentBallot.Of(record, chunk.Version);
            }
        }

        return last.Values;
    }

    /// <summary>A page of these, as <see cref="CurrentBallots.ListAsync"/> has one of now.</summary>
    public static IReadOnlyList<CurrentBallot> PageOf(
        IEnumerable<CurrentBallot> ballots, BallotFilter? filter, BallotOrder order, BallotPlace? after, int limit)
    {
        var found = ballots.Where(ballot =>
            (filter?.Voter is null || ballot.Voter == filter.Voter) && (filter?.Choice is null || ballot.Choice == filter.Choice));
        var ordered = order == BallotOrder.LogIndex
            ? found.OrderBy(ballot => ballot.LogIndex)
            : found.OrderByDescending(ballot => ballot.Power).ThenBy(ballot => ballot.LogIndex);
        return [.. ordered.Where(ballot => after is not { } place || IsBehind(ballot, place, order)).Take(limit)];
    }

    private static bool IsBehind(CurrentBallot ballot, BallotPlace place, BallotOrder order) => order == BallotOrder.LogIndex
        ? ballot.LogIndex > place.LogIndex
        : ballot.Power < place.Power || (ballot.Power == place.Power && ballot.LogIndex > place.LogIndex);
}

using System.Numerics;
using Grants.Domain.Ballots;
using Grants.Primitives;

namespace Grants.Service.Ballots.Recording;

/// <summary>What a batch adds to the sums of a vote, and takes away.</summary>
/// <param name="Ballots">Accepted in the batch, replaced ones included.</param>
/// <param name="Voters">Voters who had not voted before.</param>
/// <param name="Power">Theirs, base units.</param>
internal sealed record TallyChange(
    Hash32 Vote, long Ballots, int Voters, BigInteger Power, IReadOnlyList<KeyValuePair<string, BigInteger>> Cells)
{
    public static IReadOnlyList<TallyChange> Of(BatchJudgement judged)
    {
        var counting = judged.Counting.ToLookup(ballot => ballot.Vote);
        return
        [
            .. from vote in judged.Accepted.GroupBy(accepted => accepted.Ballot.Vote.Window.VoteId)
               let rules = vote.First().Ballot.Vote.Window.Rules
               let before = counting[vote.Key].Select(judged.Before).OfType<CurrentBallot>()
               let added = Tally.Of(rules, counting[vote.Key].Select(ballot => (ballot.Choice, ballot.Power)))
               let taken = Tally.Of(rules, before.Select(ballot => (ballot.Choice, ballot.Power)))
               select new TallyChange(
                   vote.Key,
                   vote.LongCount(),
                   added.Voters - taken.Voters,
                   added.Power.ToBigInteger() - taken.Power.ToBigInteger(),
                   Difference(added, taken)),
        ];
    }

    private static KeyValuePair<string, BigInteger>[] Difference(Tally added, Tally taken) =>
    [
        .. from cell in added.Cells.Keys.Union(taken.Cells.Keys)
           let change = added[cell] - taken[cell]
           where !change.IsZero
           select KeyValuePair.Create(cell, change),
    ];
}

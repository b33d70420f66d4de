using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Service.Ballots;

/// <summary>
/// Counts a vote again from the record of its ballots, one after the other in the order of the log. Keeps what it needs of each
/// voter's last ballot, and nothing of those before.
/// </summary>
public sealed class VoteRecount(VotingRules rules)
{
    private readonly Dictionary<Address, (UInt256 Nonce, string Choice, UInt256 Power)> last = [];

    /// <summary>The tree of exactly these ballots.</summary>
    public LogFrontier Log { get; } = new();

    /// <exception cref="InvalidDataException">The voter's last ballot in the record is not older than this one.</exception>
    public void Add(BallotRecord record)
    {
        var ballot = record.Ballot;
        if (last.TryGetValue(ballot.Voter, out var earlier) && ballot.Nonce <= earlier.Nonce)
            throw new InvalidDataException($"Ballot {record.Index} of {ballot.Voter} does not come after the one that it replaces.");
        last[ballot.Voter] = (ballot.Nonce, ChoiceOf(ballot), record.Power);
        Log.Append(BallotLog.Leaf(record));
    }

    public Tally Tally() => Grants.Domain.Ballots.Tally.Of(rules, last.Values.Select(ballot => (ballot.Choice, ballot.Power)));

    // Most voters choose what others chose: one text for all of them.
    private readonly Dictionary<string, string> choices = new(StringComparer.Ordinal);

    private string ChoiceOf(SignedBallot ballot)
    {
        if (choices.TryGetValue(ballot.Choice, out var known))
            return known;
        if (choices.Count < 10_000)
            choices.Add(ballot.Choice, ballot.Choice);
        return ballot.Choice;
    }
}

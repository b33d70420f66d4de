using System.Collections.Immutable;
using System.Numerics;
using System.Runtime.InteropServices;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;

namespace Grants.Domain.Ballots;

/// <summary>
/// The fold of the ballots: a sum, exact, independent of the order of the voters, kept up to date ballot by ballot.
/// </summary>
/// <param name="Voters">Accounts counted, once each.</param>
/// <param name="Power">The sum of their power, base units.</param>
/// <param name="Cells">The sums that the voting system asks for; none of them zero.</param>
public sealed record Tally(int Voters, UInt256 Power, ImmutableSortedDictionary<string, BigInteger> Cells)
{
    public static Tally Empty { get; } = new(
        0, UInt256.Zero, ImmutableSortedDictionary.Create<string, BigInteger>(StringComparer.Ordinal));

    /// <summary>The sum of a cell; zero where nothing was added.</summary>
    public BigInteger this[string cell] => Cells.GetValueOrDefault(cell);

    public bool Equals(Tally? other) =>
        other is not null && Voters == other.Voters && Power == other.Power && Cells.SequenceEqual(other.Cells);

    public override int GetHashCode() => HashCode.Combine(Voters, Power, Cells.Count);

    /// <summary>Counts a voter's ballot.</summary>
    public Tally Add(VotingRules rules, string choice, UInt256 power) =>
        this with { Voters = Voters + 1, Power = Power + power, Cells = Sum(rules, choice, power, 1) };

    /// <summary>Takes a voter's ballot back, before another is counted in its place.</summary>
    public Tally Remove(VotingRules rules, string choice, UInt256 power) =>
        this with { Voters = Voters - 1, Power = Power - power, Cells = Sum(rules, choice, power, -1) };

    /// <summary>Folds a vote's ballots: the highest nonce of each voter counts.</summary>
    public static Tally Fold(VotingRules rules, IEnumerable<BallotRecord> ballots)
    {
        var last = new Dictionary<Address, BallotRecord>();
        foreach (var record in ballots)
        {
            if (!last.TryGetValue(record.Ballot.Voter, out var earlier) || record.Ballot.Nonce > earlier.Ballot.Nonce)
                last[record.Ballot.Voter] = record;
        }

        return Of(rules, last.Values.Select(record => (record.Ballot.Choice, record.Power)));
    }

    /// <summary>Counts ballots of as many voters at once.</summary>
    public static Tally Of(VotingRules rules, IEnumerable<(string Choice, UInt256 Power)> ballots)
    {
        var (system, voters, power) = (VotingSystem.Of(rules.System), 0, BigInteger.Zero);
        var cells = new Dictionary<string, BigInteger>();
        foreach (var ballot in ballots)
        {
            voters++;
            power += ballot.Power.ToBigInteger();
            foreach (var (cell, amount) in system.CellsOf(ballot.Choice, rules.Choices.Count, ballot.Power))
                CollectionsMarshal.GetValueRefOrAddDefault(cells, cell, out _) += amount;
        }

        return new Tally(
            voters, new UInt256(power), cells.Where(cell => !cell.Value.IsZero).ToImmutableSortedDictionary(StringComparer.Ordinal));
    }

    /// <summary>What the vote comes to.</summary>
    /// <param name="rules">The rules with which it opened.</param>
    /// <param name="supply">What a share of the supply is a share of, base units.</param>
    public VotingOutcome Outcome(VotingRules rules, UInt256 supply)
    {
        var count = VotingSystem.Of(rules.System).Count(this, rules);
        var quorums = Quorums(rules, supply);
        var (@for, against) = SidesOf(count, rules);
        var thresholdMet = rules.Threshold.IsMet(@for, against);
        var reason = Reason(rules, count, quorums, thresholdMet);
        return new VotingOutcome(count, quorums, thresholdMet, reason is null, reason ?? Approval(rules, count));
    }

    /// <summary>What becomes of each quorum: known without counting the choices against each other.</summary>
    public ValueList<QuorumFinding> Quorums(VotingRules rules, UInt256 supply) =>
        [.. rules.Quorums.Select(quorum => new QuorumFinding(quorum, quorum.Needed(supply), Reached(quorum)))];

    // Only systems with sides have quorums of a side, and their cells are the sides.
    private UInt256 Reached(Quorum quorum) => (quorum.Kind, quorum.Counting) switch
    {
        (QuorumKind.Voters, _) => (UInt256)Voters,
        (_, QuorumCounting.For) => new UInt256(this["1"]),
        (_, QuorumCounting.ForAndAbstain) => new UInt256(this["1"] + this["3"]),
        _ => Power,
    };

    // Whoever abstains is on no side. Where every other choice approves, a share is asked of the one that won, among them all.
    private static (Rational For, Rational Against) SidesOf(VoteCount count, VotingRules rules)
    {
        var (@for, against) = (Rational.Zero, Rational.Zero);
        var ofWinner = rules.Threshold.Kind == ThresholdKind.Supermajority
            && rules.ApprovingChoices.Count == rules.Choices.Count - (rules.AbstainChoice > 0 ? 1 : 0);
        for (var choice = 1; choice <= count.Scores.Count; choice++)
        {
            if (ofWinner ? choice == count.Winner : rules.ApprovingChoices.Contains(choice))
                @for += count.Scores[choice - 1];
            else if (choice != rules.AbstainChoice)
                against += count.Scores[choice - 1];
        }

        return (@for, against);
    }

    private static string? Reason(VotingRules rules, VoteCount count, ValueList<QuorumFinding> quorums, bool thresholdMet)
    {
        if (quorums.FirstOrDefault(finding => !finding.IsMet) is { } missed)
        {
            var unit = missed.Quorum.Kind == QuorumKind.Voters ? " voters" : "";
            return $"A quorum was not reached: {missed.Reached} of {missed.Needed}{unit}.";
        }

        if (!rules.HasSides && count.Winner == 0)
            return "The best choices are tied, or nobody chose.";
        if (!rules.HasSides && !rules.ApprovingChoices.Contains(count.Winner))
            return $"The choice that won, {rules.Choices[count.Winner - 1]}, does not approve.";
        return (thresholdMet, rules.Threshold.Kind) switch
        {
            (true, _) => null,
            (_, ThresholdKind.Against) => "Enough power is against.",
            _ => "The share of for is below the threshold.",
        };
    }

    private static string Approval(VotingRules rules, VoteCount count) => rules switch
    {
        { HasSides: false } => $"{rules.Choices[count.Winner - 1]} won, with the quorums and the threshold met.",
        { Threshold.Kind: ThresholdKind.Against } => "Too little power is against.",
        _ => "The quorums and the threshold are met.",
    };

    private ImmutableSortedDictionary<string, BigInteger> Sum(VotingRules rules, string choice, UInt256 power, int sign)
    {
        var cells = Cells.ToBuilder();
        foreach (var (cell, amount) in VotingSystem.Of(rules.System).CellsOf(choice, rules.Choices.Count, power))
        {
            var sum = cells.GetValueOrDefault(cell) + (sign * amount);
            if (sum.IsZero)
                cells.Remove(cell);
            else
                cells[cell] = sum;
        }

        return cells.ToImmutable();
    }
}

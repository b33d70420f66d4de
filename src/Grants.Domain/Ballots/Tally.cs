using Grants.Primitives;

namespace Grants.Domain.Ballots;

/// <summary>
/// The fold of the ballots under <c>basic@1</c>: sums of voting power, exact. Independent of the order of the voters.
/// </summary>
/// <param name="For">Base units of voting power.</param>
/// <param name="Against">Base units of voting power.</param>
/// <param name="Abstain">Base units of voting power.</param>
/// <param name="Voters">Accounts counted, once each.</param>
public sealed record Tally(UInt256 For, UInt256 Against, UInt256 Abstain, int Voters)
{
    public static Tally Empty { get; } = new(UInt256.Zero, UInt256.Zero, UInt256.Zero, 0);

    /// <summary>Counts a voter's first ballot.</summary>
    public Tally Add(BasicChoice choice, UInt256 power) => Sum(choice, power) with { Voters = Voters + 1 };

    /// <summary>Counts a voter's ballot in place of the earlier one.</summary>
    public Tally Replace(BasicChoice earlier, BasicChoice choice, UInt256 power) => Less(earlier, power).Sum(choice, power);

    /// <summary>for + abstain >= quorum.</summary>
    public bool QuorumMet(VotingRules rules) => For + Abstain >= rules.Quorum;

    /// <summary>
    /// for·10,000 >= threshold·(for + against), exactly, and for above zero. A tie passes only where the threshold is at
    /// most one half.
    /// </summary>
    public bool ThresholdMet(VotingRules rules) =>
        !For.IsZero
        && For.ToBigInteger() * BasisPoints.Whole >= (For.ToBigInteger() + Against.ToBigInteger()) * rules.Threshold.Value;

    /// <summary>Folds a proposal's ballot log: the highest nonce of each voter counts.</summary>
    public static Tally Fold(IEnumerable<BallotRecord> ballots)
    {
        var tally = Empty;
        foreach (var voter in ballots.GroupBy(record => record.Ballot.Voter))
        {
            var last = voter.MaxBy(record => record.Ballot.Nonce)!;
            if (BallotBox.TryChoice(last.Ballot.Choice, out var choice))
                tally = tally.Add(choice, last.Power);
        }

        return tally;
    }

    private Tally Sum(BasicChoice choice, UInt256 power) => choice switch
    {
        BasicChoice.For => this with { For = For + power },
        BasicChoice.Against => this with { Against = Against + power },
        _ => this with { Abstain = Abstain + power },
    };

    private Tally Less(BasicChoice choice, UInt256 power) => choice switch
    {
        BasicChoice.For => this with { For = For - power },
        BasicChoice.Against => this with { Against = Against - power },
        _ => this with { Abstain = Abstain - power },
    };
}

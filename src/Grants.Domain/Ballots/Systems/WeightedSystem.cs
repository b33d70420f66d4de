using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// A voter's power, split among choices: <c>weighted@1</c>. A choice is what <see cref="Weights"/> reads. The score of a choice
/// is the sum over the ballots of power · weight / weights of the ballot, an exact fraction; nothing is rounded, and the scores
/// add up to the power of all. The winner has the highest score; equal, there is none.
/// </summary>
/// <remarks>
/// A cell is the sum of power · numerator of the choice's shares with one denominator, in lowest terms: <c>2/3</c> holds the
/// thirds of choice 2.
/// </remarks>
internal sealed class WeightedSystem : VotingSystem
{
    public override string Id => "weighted@1";

    public override string ChoiceRule => Weights.Rule;

    public override bool Accepts(string choice, int choices) => Weights.Read(choice, choices) is not null;

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power)
    {
        var weights = Weights.Read(choice, choices)!;
        foreach (var part in weights.Parts)
        {
            var divisor = (int)BigInteger.GreatestCommonDivisor(part.Weight, weights.Sum);
            yield return new TallyCell(
                string.Create(CultureInfo.InvariantCulture, $"{part.Choice}/{weights.Sum / divisor}"),
                power.ToBigInteger() * (part.Weight / divisor));
        }
    }

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        Rational[] scores = new Rational[rules.Choices.Count];
        foreach (var shares in tally.Cells.Select(Shares).GroupBy(share => share.Choice))
            scores[shares.Key - 1] = Sum([.. shares]);
        var winner = Best(scores, rules.AbstainChoice);
        return new VoteCount(
            [.. scores],
            tally.Power,
            tally.Voters,
            winner,
            new Derivation("The power of each ballot is split by its weights, exactly. " + Verdict(rules, winner), [], []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) => Weights.Rewrite(choice, choices);

    private static (int Choice, int Denominator, BigInteger Sum) Shares(KeyValuePair<string, BigInteger> cell)
    {
        var slash = cell.Key.IndexOf('/', StringComparison.Ordinal);
        return (
            int.Parse(cell.Key.AsSpan(0, slash), NumberStyles.None, CultureInfo.InvariantCulture),
            int.Parse(cell.Key.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture),
            cell.Value);
    }

    // Over one denominator, so that there is one division into lowest terms.
    private static Rational Sum(IReadOnlyList<(int Choice, int Denominator, BigInteger Sum)> shares)
    {
        var whole = shares.Aggregate(
            BigInteger.One,
            (multiple, share) => multiple / BigInteger.GreatestCommonDivisor(multiple, share.Denominator) * share.Denominator);
        return new Rational(
            shares.Aggregate(BigInteger.Zero, (sum, share) => sum + (share.Sum * (whole / share.Denominator))), whole);
    }
}

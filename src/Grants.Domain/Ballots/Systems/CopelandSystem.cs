using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// Every choice against every other: <c>copeland@1</c>, as Snapshot counts it (snapshot.js 0.17.5, <c>voting/copeland.ts</c>).
/// A choice ranks all of the choices, the best first, such as <c>[2,1,3]</c>: one left out would be no opinion in some pairs and
/// make short ballots pay. Of a pair, the one that more power ranks above the other gets 2 points; equal, each gets 1. To the
/// points of a choice half of its average support is added: the power that ranks it above another, averaged over the others, as a
/// part of all power. That is at most a half, and so decides among equal points only. Scores are these sums as parts of all of
/// them, of the power of all: exact fractions in base units that add up to the power of all; nothing is rounded. The winner has
/// the highest score; equal, there is none.
/// </summary>
/// <remarks>
/// A cell is the power that ranks a choice above one with a higher number: <c>1>3</c>. The rest ranks them the other way.
/// </remarks>
internal sealed class CopelandSystem : VotingSystem
{
    public override string Id => "copeland@1";

    public override string ChoiceRule => "The choice must rank all of the choices by their numbers, the best first, such as [2,1,3].";

    public override bool Accepts(string choice, int choices) =>
        ChoiceText.Numbers(choice, choices) is { } ranking && ranking.Length == choices;

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power)
    {
        var (ranking, amount) = (ChoiceText.Numbers(choice, choices)!, power.ToBigInteger());
        for (var place = 0; place < ranking.Length; place++)
        {
            for (var below = place + 1; below < ranking.Length; below++)
            {
                if (ranking[place] < ranking[below])
                    yield return new TallyCell(Pair(ranking[place], ranking[below]), amount);
            }
        }
    }

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        var (choices, power) = (rules.Choices.Count, tally.Power.ToBigInteger());
        var pairwise = Pairwise(tally, choices);
        int[] points = [.. pairwise.Select((row, choice) => Points(row, choice, pairwise))];
        var unit = 2 * (choices - 1) * power; // of points, so that half of the average support is whole: the sum of the row
        BigInteger[] marks = [.. points.Select((won, choice) => (won * unit) + Sum(pairwise[choice]))];
        var all = Sum(marks);
        ValueList<Rational> scores = [.. marks.Select(mark => all.IsZero ? Rational.Zero : new Rational(mark * power, all))];
        var winner = Best(scores, abstainChoice: 0);
        return new VoteCount(
            scores,
            tally.Power,
            tally.Voters,
            winner,
            new Derivation(
                "Each choice has 2 points for every other that more power ranks below it, and 1 where they are equal: "
                + $"{string.Join(", ", rules.Choices.Zip(points, (name, won) => $"{name} {ChoiceText.Of(won)}"))}."
                + " Half of the average support is added and decides among equal points. "
                + Verdict(rules, winner),
                [],
                [.. pairwise.Select(row => (ValueList<UInt256>)[.. row.Select(preferring => new UInt256(preferring))])]));
    }

    protected override string? Rewrite(JsonElement choice, int choices) =>
        ChoiceText.Wholes(choice) is { } numbers ? ChoiceText.Of(numbers) : null;

    private static BigInteger[][] Pairwise(Tally tally, int choices)
    {
        BigInteger[][] pairwise = [.. Enumerable.Range(0, choices).Select(_ => new BigInteger[choices])];
        for (var row = 0; row < choices; row++)
        {
            for (var column = row + 1; column < choices; column++)
            {
                pairwise[row][column] = tally[Pair(row + 1, column + 1)];
                pairwise[column][row] = tally.Power.ToBigInteger() - pairwise[row][column];
            }
        }

        return pairwise;
    }

    private static int Points(BigInteger[] row, int choice, BigInteger[][] pairwise) =>
        row.Select((preferring, other) => other == choice ? 0 : 1 + (preferring - pairwise[other][choice]).Sign).Sum();

    private static BigInteger Sum(IEnumerable<BigInteger> numbers) => numbers.Aggregate(BigInteger.Zero, (sum, number) => sum + number);

    private static string Pair(int above, int below) => string.Create(CultureInfo.InvariantCulture, $"{above}>{below}");
}

using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// Many small voices weigh more than one large: <c>quadratic@1</c>, as quadratic funding counts and as Snapshot does
/// (snapshot.js 0.17.5, <c>voting/quadratic.ts</c>). A choice is what <see cref="Weights"/> reads. Each ballot adds
/// √(power · weight / weights of the ballot) to the root of a choice. The score of a choice is the square of its root as a part of
/// all squares, of the power of all: scores are in base units and add up to the power of all. Roots are rounded down to 64 binary
/// places, and from there on all is exact. The winner has the largest root; equal, there is none.
/// </summary>
/// <remarks>A cell is the root of a choice, in units of 2^-64.</remarks>
internal sealed class QuadraticSystem : VotingSystem
{
    private const int BinaryPlaces = 64;

    public override string Id => "quadratic@1";

    public override string ChoiceRule => Weights.Rule;

    public override bool Accepts(string choice, int choices) => Weights.Read(choice, choices) is not null;

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power)
    {
        var weights = Weights.Read(choice, choices)!;
        return weights.Parts.Select(part => new TallyCell(
            ChoiceText.Of(part.Choice),
            SquareRoot.Floor(((power.ToBigInteger() * part.Weight) << (2 * BinaryPlaces)) / weights.Sum)));
    }

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        BigInteger[] roots = [.. Enumerable.Range(1, rules.Choices.Count).Select(choice => tally[ChoiceText.Of(choice)])];
        BigInteger[] squares = [.. roots.Select(root => root * root)];
        var all = squares.Aggregate(BigInteger.Zero, (sum, square) => sum + square);
        var power = tally.Power.ToBigInteger();
        ValueList<Rational> scores = [.. squares.Select(square => all.IsZero ? Rational.Zero : new Rational(square * power, all))];
        var winner = Best(roots, rules.AbstainChoice);
        return new VoteCount(
            scores,
            tally.Power,
            tally.Voters,
            winner,
            new Derivation(
                "Each choice has the square of its sum of roots, as a part of all squares. The sums of roots, rounded down: "
                + $"{string.Join(", ", rules.Choices.Zip(roots, (name, root) => $"{name} {root >> BinaryPlaces}"))}. "
                + Verdict(rules, winner),
                [],
                []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) => Weights.Rewrite(choice, choices);
}

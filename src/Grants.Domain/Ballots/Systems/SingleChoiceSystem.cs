using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// One choice of many: <c>single-choice@1</c>. A choice is its number, such as <c>2</c>. The score of a choice is the sum of
/// the power of those who chose it; nothing is rounded. The winner has the highest score; equal, there is none.
/// </summary>
internal sealed class SingleChoiceSystem : VotingSystem
{
    public override string Id => "single-choice@1";

    public override string ChoiceRule => "The choice must be the number of one choice, such as 2.";

    public override bool Accepts(string choice, int choices) => ChoiceText.Number(choice, choices) > 0;

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power) =>
        [new TallyCell(choice, power.ToBigInteger())];

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        BigInteger[] sums = [.. Enumerable.Range(1, rules.Choices.Count).Select(choice => tally[ChoiceText.Of(choice)])];
        var winner = Best(sums, rules.AbstainChoice);
        return new VoteCount(
            [.. sums.Select(sum => (Rational)sum)],
            tally.Power,
            tally.Voters,
            winner,
            new Derivation("Each choice has the power of those who chose it. " + Verdict(rules, winner), [], []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) =>
        ChoiceText.Whole(choice) is { } number ? ChoiceText.Of(number) : null;
}

using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// Any number of choices, each with the whole power: <c>approval@1</c>. A choice is the list of the numbers, ascending, such
/// as <c>[1,3]</c>; at least one, none twice. The score of a choice is the sum of the power of those who approve of it, so the
/// scores may add up to more than the power of all; nothing is rounded. The winner has the highest score; equal, there is none.
/// </summary>
internal sealed class ApprovalSystem : VotingSystem
{
    public override string Id => "approval@1";

    public override string ChoiceRule => "The choice must list the numbers of the choices approved of, ascending, such as [1,3].";

    public override bool Accepts(string choice, int choices) =>
        ChoiceText.Numbers(choice, choices) is { } approved && approved.Zip(approved.Skip(1)).All(pair => pair.First < pair.Second);

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power) =>
        ChoiceText.Numbers(choice, choices)!.Select(approved => new TallyCell(ChoiceText.Of(approved), power.ToBigInteger()));

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        BigInteger[] sums = [.. Enumerable.Range(1, rules.Choices.Count).Select(choice => tally[ChoiceText.Of(choice)])];
        var winner = Best(sums, rules.AbstainChoice);
        return new VoteCount(
            [.. sums.Select(sum => (Rational)sum)],
            tally.Power,
            tally.Voters,
            winner,
            new Derivation("Each choice has the power of all who approve of it. " + Verdict(rules, winner), [], []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) =>
        ChoiceText.Wholes(choice) is { } numbers ? ChoiceText.Of(numbers.Order()) : null;
}

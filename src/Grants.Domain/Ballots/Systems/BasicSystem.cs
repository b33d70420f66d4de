using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// For, against, abstain: <c>basic@1</c>, and <c>optimistic@1</c>, which counts alike and differs in its threshold. The score
/// of a side is the sum of its voters' power. The winner is the larger of for and against; equal, there is none.
/// </summary>
internal sealed class BasicSystem(string id) : VotingSystem
{
    public override string Id => id;

    public override string ChoiceRule => "The choice must be 1 (for), 2 (against) or 3 (abstain).";

    public override bool Accepts(string choice, int choices) => choice is "1" or "2" or "3";

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power) =>
        [new TallyCell(choice, power.ToBigInteger())];

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        var (@for, against, abstain) = (tally["1"], tally["2"], tally["3"]);
        var winner = @for > against ? 1 : against > @for ? 2 : 0;
        return new VoteCount(
            [@for, against, abstain],
            tally.Power,
            tally.Voters,
            winner,
            new Derivation($"{@for} for, {against} against, {abstain} abstained, in base units of voting power.", [], []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) =>
        ChoiceText.Whole(choice) is { } number ? ChoiceText.Of(number) : null;
}

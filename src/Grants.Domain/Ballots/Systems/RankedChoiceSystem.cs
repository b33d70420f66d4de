using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// Instant run-off: <c>ranked-choice@1</c>. A choice ranks one or more of the choices, the best first, such as <c>[2,1,3]</c>;
/// none twice. In each round a ballot's whole power is with the first of its choices that is still in; a ballot that names none
/// is exhausted. Whoever has more than half of the power that is not exhausted has won; otherwise the last leaves and there is
/// another round. Two that are left with equal power leave no winner. Scores are those of the last round; nothing is rounded.
/// </summary>
/// <remarks>
/// Ties for the last place, in this order: those without any power leave together, which changes nothing for the others. Of the
/// others, those leave which had the least in the latest earlier round that tells them apart; then those with the least support,
/// which is for each ballot its power times the number of the tied that it ranks below; then all that are still tied. Where that
/// would be all that are left, there is no winner. So no tie depends on the order of the choices or of the ballots.
/// A cell is the power behind one ranking.
/// </remarks>
internal sealed class RankedChoiceSystem : VotingSystem
{
    public override string Id => "ranked-choice@1";

    public override string ChoiceRule => "The choice must rank one or more choices by their numbers, the best first, such as [2,1,3].";

    public override bool Accepts(string choice, int choices) => ChoiceText.Numbers(choice, choices) is not null;

    public override IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power) =>
        [new TallyCell(choice, power.ToBigInteger())];

    public override VoteCount Count(Tally tally, VotingRules rules)
    {
        var runoff = new Runoff(tally, rules.Choices);
        var winner = runoff.Run();
        return new VoteCount(
            [.. runoff.Scores.Select(score => (Rational)score)],
            tally.Power,
            tally.Voters,
            winner,
            new Derivation(string.Join(' ', runoff.Explanation), [.. runoff.Rounds], []));
    }

    protected override string? Rewrite(JsonElement choice, int choices) =>
        ChoiceText.Wholes(choice) is { } numbers ? ChoiceText.Of(numbers) : null;
}

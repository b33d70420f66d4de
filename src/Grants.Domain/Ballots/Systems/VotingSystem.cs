using System.Numerics;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Systems;

/// <summary>What one ballot adds to one cell of the tally.</summary>
public readonly record struct TallyCell(string Cell, BigInteger Amount);

/// <summary>
/// A voting system: what a valid choice is, what a ballot adds to the tally, and what the tally comes to. A tally is a sum
/// over the ballots, so replacing a ballot takes its cells away and adds others: no ballot is ever counted again.
/// A system of an id never changes; another rule is another version.
/// </summary>
public abstract class VotingSystem
{
    private static readonly Dictionary<string, VotingSystem> All = new VotingSystem[]
    {
        new BasicSystem(VotingRules.Basic),
        new SingleChoiceSystem(),
        new ApprovalSystem(),
        new WeightedSystem(),
        new QuadraticSystem(),
        new RankedChoiceSystem(),
        new CopelandSystem(),
        new BasicSystem(VotingRules.Optimistic),
    }.ToDictionary(system => system.Id);

    /// <summary>Name and version, such as <c>basic@1</c>.</summary>
    public abstract string Id { get; }

    /// <summary>What a valid choice is, as a sentence.</summary>
    public abstract string ChoiceRule { get; }

    /// <summary>The system of an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none; <see cref="VotingRules.Validate"/> has refused it.</exception>
    public static VotingSystem Of(string id) => All[id];

    /// <summary>Whether a text is the canonical JSON of a valid choice among so many.</summary>
    public abstract bool Accepts(string choice, int choices);

    /// <summary>
    /// The canonical text of a choice written as JSON allows: spaces, keys in any order, options in any order where the order
    /// says nothing, weights of zero. Null where it is no valid choice.
    /// </summary>
    public string? Canonical(JsonElement choice, int choices) =>
        Rewrite(choice, choices) is { } text && Accepts(text, choices) ? text : null;

    /// <summary>What a ballot adds to the tally. The choice is one that is accepted.</summary>
    public abstract IEnumerable<TallyCell> CellsOf(string choice, int choices, UInt256 power);

    /// <summary>What the tally comes to under the rules.</summary>
    public abstract VoteCount Count(Tally tally, VotingRules rules);

    /// <summary>Writes a choice as canonical JSON is written, valid or not; null where it is of another shape.</summary>
    protected abstract string? Rewrite(JsonElement choice, int choices);

    /// <summary>The choice with the highest score, which must be above zero; 0 where several have it. Who abstains wins nothing.</summary>
    protected static int Best<T>(IReadOnlyList<T> scores, int abstainChoice)
        where T : struct, IComparable<T>
    {
        var (best, winner) = (default(T), 0);
        for (var choice = 1; choice <= scores.Count; choice++)
        {
            var order = scores[choice - 1].CompareTo(best);
            if (choice == abstainChoice || order < 0)
                continue;
            (best, winner) = (scores[choice - 1], order > 0 ? choice : 0);
        }

        return winner;
    }

    /// <summary>Who won, in a sentence.</summary>
    protected static string Verdict(VotingRules rules, int winner) =>
        winner == 0 ? "None has the most." : $"{rules.Choices[winner - 1]} has the most.";
}

using System.Numerics;
using System.Text;
using System.Text.Json;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// How a ballot splits its power: <c>{"1":3,"2":1}</c>, three quarters and one quarter. Keys ascend, weights are whole and above
/// zero. Weights need not be in lowest terms: what is signed is what the voter wrote. In lowest terms they add up to at most 1,000, or to
/// a divisor of 10,000 (basis points), and so every sum of shares has a denominator that divides the least common multiple of
/// 1 to 1,000, a number of 433 digits: no voter can make the scores longer.
/// </summary>
internal sealed class Weights
{
    public const string Rule =
        "The choice must give choices their weights, with ascending keys, such as {\"1\":3,\"2\":1}: whole numbers from 1 to 1000000, "
        + "whose sum in lowest terms is at most 1000 or divides 10000.";

    private const int WeightMax = 1_000_000;

    private const int SumMax = 1_000;

    private const int BasisPointsSum = 10_000;

    private readonly List<(int Choice, int Weight)> parts;

    private Weights(List<(int Choice, int Weight)> parts, int sum)
    {
        this.parts = parts;
        Sum = sum;
    }

    /// <summary>Of all weights in lowest terms.</summary>
    public int Sum { get; }

    /// <summary>The choices with weights in lowest terms, ascending.</summary>
    public IReadOnlyList<(int Choice, int Weight)> Parts => parts;

    /// <summary>Reads canonical weights; null where they are not.</summary>
    public static Weights? Read(ReadOnlySpan<char> text, int choices)
    {
        if (text is not ['{', .. var list, '}'])
            return null;
        var parts = new List<(int Choice, int Weight)>();
        var (divisor, sum) = (BigInteger.Zero, 0L);
        foreach (var item in list.Split(','))
        {
            if (Part(list[item], choices) is not { Weight: > 0 } part || (parts.Count > 0 && part.Choice <= parts[^1].Choice))
                return null;
            parts.Add(part);
            divisor = BigInteger.GreatestCommonDivisor(divisor, part.Weight);
            sum += part.Weight;
        }

        var lowest = (int)divisor;
        sum /= lowest;
        return sum <= SumMax || BasisPointsSum % sum == 0
            ? new Weights([.. parts.Select(part => (part.Choice, part.Weight / lowest))], (int)sum)
            : null;
    }

    /// <summary>Canonical weights without those of zero; null where one is of another shape, or a key is there twice.</summary>
    public static string? Rewrite(JsonElement choice, int choices)
    {
        if (choice.ValueKind != JsonValueKind.Object)
            return null;
        var parts = new SortedDictionary<int, int>();
        foreach (var member in choice.EnumerateObject())
        {
            var key = ChoiceText.Number(member.Name, choices);
            if (key == 0 || ChoiceText.Whole(member.Value) is not { } weight || !parts.TryAdd(key, weight))
                return null;
        }

        var text = new StringBuilder("{");
        foreach (var (key, weight) in parts.Where(part => part.Value != 0))
            text.Append(text.Length > 1 ? "," : "").Append('"').Append(ChoiceText.Of(key)).Append("\":").Append(ChoiceText.Of(weight));
        return text.Append('}').ToString();
    }

    private static (int Choice, int Weight)? Part(ReadOnlySpan<char> text, int choices)
    {
        var end = text.IndexOf("\":", StringComparison.Ordinal);
        if (end < 1 || text[0] != '"')
            return null;
        var choice = ChoiceText.Number(text[1..end], choices);
        return choice == 0 ? null : (choice, ChoiceText.Number(text[(end + 2)..], WeightMax));
    }
}

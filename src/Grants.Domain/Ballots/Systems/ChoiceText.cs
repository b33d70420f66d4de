using System.Globalization;
using System.Text.Json;

namespace Grants.Domain.Ballots.Systems;

/// <summary>
/// Choices as canonical JSON: decimal numbers from 1 without a leading zero, no spaces. One meaning has one text, so that what
/// is signed, counted and compared is the same, and a key such as <c>"01"</c> is no key.
/// </summary>
internal static class ChoiceText
{
    /// <summary>Reads a number of 1 to <paramref name="max"/>; 0 where the text is none.</summary>
    public static int Number(ReadOnlySpan<char> text, int max)
    {
        if (text.Length is 0 or > 9 || text[0] == '0' || text.ContainsAnyExceptInRange('0', '9'))
            return 0;
        var number = int.Parse(text, NumberStyles.None, CultureInfo.InvariantCulture);
        return number <= max ? number : 0;
    }

    /// <summary>Reads <c>[2,1,3]</c>: one to <paramref name="choices"/> of the choices, each at most once; otherwise null.</summary>
    public static int[]? Numbers(ReadOnlySpan<char> text, int choices)
    {
        if (text is not ['[', .. var list, ']'] || list.IsEmpty || list.Count(',') >= choices)
            return null;
        var numbers = new int[list.Count(',') + 1];
        Span<bool> seen = stackalloc bool[VotingRules.ChoicesMax + 1];
        var next = 0;
        foreach (var item in list.Split(','))
        {
            var number = Number(list[item], choices);
            if (number == 0 || seen[number])
                return null;
            seen[number] = true;
            numbers[next++] = number;
        }

        return numbers;
    }

    public static string Of(int number) => number.ToString(CultureInfo.InvariantCulture);

    public static string Of(IEnumerable<int> numbers) => $"[{string.Join(',', numbers)}]";

    /// <summary>The whole number of an element; null where it is something else, such as <c>1.0</c>.</summary>
    public static int? Whole(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) ? number : null;

    /// <summary>The whole numbers of an array; null where it is something else.</summary>
    public static int[]? Wholes(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Array)
            return null;
        int?[] numbers = [.. element.EnumerateArray().Select(Whole)];
        return numbers.Contains(null) ? null : [.. numbers.Select(number => number!.Value)];
    }
}

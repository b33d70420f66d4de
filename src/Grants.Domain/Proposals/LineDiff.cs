using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Proposals;

[JsonConverter(typeof(JsonStringEnumConverter<DiffKind>))]
public enum DiffKind
{
    Same,
    Removed,
    Added,
}

public sealed record DiffLine(DiffKind Kind, string Text);

/// <summary>
/// How one text became another, by lines: a longest common subsequence, removed lines before added ones. Lines end with a line feed, a
/// carriage return before it belongs to the line.
/// </summary>
public static class LineDiff
{
    /// <summary>Where the changed parts have more pairs of lines than this, they are removed and added as a whole.</summary>
    public const int PairsMax = 1_000_000;

    public static ValueList<DiffLine> Between(string before, string after)
    {
        var (a, b) = (before.Split('\n'), after.Split('\n'));
        var start = 0;
        while (start < a.Length && start < b.Length && a[start] == b[start])
            start++;
        var end = 0;
        while (end < a.Length - start && end < b.Length - start && a[^(end + 1)] == b[^(end + 1)])
            end++;
        return
        [
            .. a[..start].Select(line => new DiffLine(DiffKind.Same, line)),
            .. Middle(a[start..^end], b[start..^end]),
            .. a[(a.Length - end)..].Select(line => new DiffLine(DiffKind.Same, line)),
        ];
    }

    private static List<DiffLine> Middle(string[] a, string[] b)
    {
        var lines = new List<DiffLine>();
        var (i, j) = (0, 0);
        if ((long)a.Length * b.Length <= PairsMax)
        {
            var longest = Longest(a, b);
            while (i < a.Length && j < b.Length)
            {
                if (a[i] == b[j])
                {
                    lines.Add(new DiffLine(DiffKind.Same, a[i++]));
                    j++;
                }
                else if (longest[i + 1, j] >= longest[i, j + 1])
                    lines.Add(new DiffLine(DiffKind.Removed, a[i++]));
                else
                    lines.Add(new DiffLine(DiffKind.Added, b[j++]));
            }
        }

        lines.AddRange(a[i..].Select(line => new DiffLine(DiffKind.Removed, line)));
        lines.AddRange(b[j..].Select(line => new DiffLine(DiffKind.Added, line)));
        return lines;
    }

    // By where the rests begin, how many lines they have in common.
    private static int[,] Longest(string[] a, string[] b)
    {
        var longest = new int[a.Length + 1, b.Length + 1];
        for (var i = a.Length - 1; i >= 0; i--)
        {
            for (var j = b.Length - 1; j >= 0; j--)
                longest[i, j] = a[i] == b[j] ? longest[i + 1, j + 1] + 1 : Math.Max(longest[i + 1, j], longest[i, j + 1]);
        }

        return longest;
    }
}

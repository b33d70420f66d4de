using CsCheck;
using Grants.Domain.Proposals;
using Xunit;

namespace Grants.Domain.Tests.Proposals.Revisions;

public sealed class LineDiffTests
{
    private static readonly Gen<string> Texts = Gen.OneOf("a", "b", "c", "").Array[1, 12].Select(lines => string.Join('\n', lines));

    [Fact]
    public void both_texts_can_be_read_from_the_difference() => Seeded.Check(
        Gen.Select(Texts, Texts),
        sample =>
        {
            var (before, after) = sample;
            var diff = LineDiff.Between(before, after);
            Assert.Equal(before, Text(diff, DiffKind.Removed));
            Assert.Equal(after, Text(diff, DiffKind.Added));
        });

    [Fact]
    public void as_many_lines_as_possible_stay() => Seeded.Check(
        Gen.Select(Texts, Texts),
        sample =>
        {
            var (before, after) = sample;
            Assert.Equal(
                Common(before.Split('\n'), after.Split('\n')),
                LineDiff.Between(before, after).Count(line => line.Kind == DiffKind.Same));
        });

    [Fact]
    public void a_text_that_is_too_different_is_replaced_as_a_whole()
    {
        var before = string.Join('\n', Enumerable.Range(0, 1_001).Select(i => $"a{i}"));
        var after = string.Join('\n', Enumerable.Range(0, 1_001).Select(i => $"b{i}").Append("a5").Append("end"));
        var diff = LineDiff.Between($"same\n{before}", $"same\n{after}");
        Assert.Equal(1, diff.Count(line => line.Kind == DiffKind.Same));
        Assert.Equal($"same\n{after}", Text(diff, DiffKind.Added));
    }

    private static string Text(IEnumerable<DiffLine> diff, DiffKind side) =>
        string.Join('\n', diff.Where(line => line.Kind == DiffKind.Same || line.Kind == side).Select(line => line.Text));

    // Every way to skip lines of the one.
    private static int Common(string[] a, string[] b)
    {
        var best = 0;
        for (var chosen = 0; chosen < 1 << a.Length; chosen++)
        {
            var count = System.Numerics.BitOperations.PopCount((uint)chosen);
            if (count <= best)
                continue;
            var at = 0;
            for (var i = 0; i < a.Length && at >= 0; i++)
            {
                if ((chosen & (1 << i)) != 0)
                    at = Array.IndexOf(b, a[i], at) + 1 is var next and > 0 ? next : -1;
            }

            best = at >= 0 ? count : best;
        }

        return best;
    }
}

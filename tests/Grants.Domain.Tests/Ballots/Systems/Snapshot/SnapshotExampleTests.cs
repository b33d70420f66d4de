using System.Text.Json;
using Grants.Ethereum.Tests.Oracles;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems.Snapshot;

/// <summary>The examples and expectations that Snapshot ships with its classes (<c>src/voting</c> of 0.17.5).</summary>
public sealed class SnapshotExampleTests
{
    [Fact]
    public async Task its_example_files_come_to_the_scores_that_they_state()
    {
        var files = (await Oracle.AskOneAsync(new { Ask = "tallyExamples" })).Of("snapshot");
        foreach (var (file, system) in new[]
        {
            ("singleChoice.json", "single-choice@1"), ("approval.json", "approval@1"), ("weighted.json", "weighted@1"),
            ("quadratic.json", "quadratic@1"), ("rankedChoice.json", "ranked-choice@1"),
        })
        {
            var example = files.GetProperty(file);
            var ours = Counted(example, system);
            var stated = example.GetProperty("scores").EnumerateArray().Select(score => SnapshotJs.Exactly(score.GetDouble()));
            SnapshotJs.Near(ours, [.. stated]);
            var votes = example.GetProperty("votes").EnumerateArray().Select(vote => vote.GetProperty("choice").GetRawText()).ToArray();
            Assert.Equal(votes.Length, example.GetProperty("scoresTotal").GetInt32());
            Assert.Equal(votes.Count(choice => choice != "[]"), ours.Voters);
        }
    }

    /// <summary>
    /// The file's own scores are those of a method that the package no longer has; its specs state these, without the ballot that
    /// leaves two out.
    /// </summary>
    [Fact]
    public async Task its_example_of_copeland_comes_to_the_scores_of_its_specs()
    {
        var example = (await Oracle.AskOneAsync(new { Ask = "tallyExamples" })).Of("snapshot").GetProperty("copeland.json");
        var count = Counted(example, "copeland@1");
        SnapshotJs.Near(count, [.. new[] { 1.4871794871794872, 1, 0.5128205128205128, 0 }.Select(SnapshotJs.Exactly)]);
        Assert.Equal(["58/39", "1", "20/39", "0"], count.Scores.Select(score => score.ToString()));
        Assert.Equal((3, 4), (count.Voters, example.GetProperty("votes").GetArrayLength()));
    }

    [Fact]
    public void its_copeland_specs_hold()
    {
        // Voting power of 1000000.75, 0.25 and 2500.5, in quarters.
        var mixed = Election.Of("copeland@1", 3, ("[1,2,3]", 4_000_003), ("[2,3,1]", 1), ("[3,1,2]", 10_002)).Count;
        double[] tokens = [668241.7037037036, 334074.5648148148, 185.23148148148144];
        SnapshotJs.Near(mixed, [.. tokens.Select(score => SnapshotJs.Exactly(score * 4))]);
        Assert.Equal(["0", "0", "0"], Election.Of("copeland@1", 3).Scores);
        var tied = Election.Of("copeland@1", 3, ("[1,2,3]", 20), ("[1,3,2]", 15), ("[2,1,3]", 20), ("[2,3,1]", 5), ("[3,2,1]", 10)).Count;
        Assert.True(tied.Scores[0] > tied.Scores[1] && tied.Scores[1] > tied.Scores[2]);
        Assert.Equal(1, tied.Winner);
    }

    [Fact]
    public void its_run_off_specs_hold()
    {
        Assert.Equal(
            ["0", "350", "150", "0"],
            Election.Of("ranked-choice@1", 4, ("[1,2,3,4]", 100), ("[2,1,3,4]", 200), ("[3,1,2,4]", 150), ("[4,1,2,3]", 50)).Scores);
        Assert.Equal(
            ["300", "450", "0", "0"],
            Election.Of("ranked-choice@1", 4, ("[1,2,3,4]", 100), ("[1,3,2,4]", 200), ("[2,1,3,4]", 150), ("[2,3,1,4]", 300)).Scores);
        Assert.Equal(
            ["450", "50", "0", "0"],
            Election.Of("ranked-choice@1", 4, ("[1,2,3,4]", 100), ("[1,3,2,4]", 200), ("[1,4,2,3]", 150), ("[2,1,3,4]", 50)).Scores);
    }

    private static VoteCount Counted(JsonElement example, string system)
    {
        var choices = example.GetProperty("proposal").GetProperty("choices").GetArrayLength();
        var ballots =
            from vote in example.GetProperty("votes").EnumerateArray()
            let choice = Election.Canonical(system, choices, Whole(vote.GetProperty("choice")))
            where choice is not null
            select (choice, UInt256.Parse(vote.GetProperty("balance").GetRawText()));
        return SnapshotJs.Count(system, choices, ballots);
    }

    // Two of the ballots have tenths for weights, such as 0.3.
    private static string Whole(JsonElement choice) =>
        choice.ValueKind == JsonValueKind.Object && choice.EnumerateObject().Any(part => !part.Value.TryGetInt32(out _))
            ? $"{{{string.Join(',', choice.EnumerateObject().Select(part => $"\"{part.Name}\":{part.Value.GetDecimal() * 10:0}"))}}}"
            : choice.GetRawText();
}

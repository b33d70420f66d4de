using System.Text.Json;
using Grants.Ethereum.Tests.Oracles;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems.Snapshot;

/// <summary>
/// Drawn votes, counted here and by Snapshot's own classes (0.17.5). What is meant to differ is listed in
/// <c>schema/voting/README.md</c>, each with a test in <see cref="SnapshotDifferenceTests"/>.
/// </summary>
public sealed class SnapshotDifferentialTests
{
    // Of 10,000: 5,000 votes a system.
    private const int ShareOfCases = 2;

    [Theory]
    [InlineData("basic@1")]
    [InlineData("single-choice@1")]
    [InlineData("approval@1")]
    [InlineData("weighted@1")]
    [InlineData("quadratic@1")]
    public Task scores_are_those_of_snapshot_but_for_its_rounding(string system) => Oracle.CompareAsync(
        random => DrawnElection.Draw(random, system),
        Question,
        (drawn, answer) =>
        {
            var theirs = SnapshotJs.Read(answer.Of("snapshot"));
            Assert.DoesNotContain(false, theirs.Valid);
            SnapshotJs.Near(drawn.Election.Count, theirs.Scores);
            SnapshotJs.Near(drawn.Election.Count with { Scores = [drawn.Tally.Power] }, [theirs.Total]);
        },
        ShareOfCases);

    /// <summary>Of whole powers whose sums a double holds, so that no comparison of sums is decided by rounding.</summary>
    [Fact]
    public Task copeland_is_that_of_snapshot() => Oracle.CompareAsync(
        random => DrawnElection.Draw(random, "copeland@1", exactInDoubles: true),
        Question,
        (drawn, answer) =>
        {
            var theirs = SnapshotJs.Read(answer.Of("snapshot"));
            SnapshotJs.Near(drawn.Election.Count, theirs.Scores);
            Assert.Equal((Rational)drawn.Tally.Power, theirs.Total);
        },
        ShareOfCases);

    [Fact]
    public async Task the_run_off_is_that_of_snapshot_where_no_last_place_is_tied()
    {
        var (alike, tied) = (0, 0);
        await Oracle.CompareAsync(
            random => DrawnElection.Draw(random, "ranked-choice@1", exactInDoubles: true),
            Question,
            (drawn, answer) =>
            {
                var (ours, theirs) = (drawn.Election.Count, SnapshotJs.Read(answer.Of("snapshot")));
                Assert.Equal((Rational)ours.Power, theirs.Total);
                if (ours.Derivation.Explanation.Contains("tied for the last place", StringComparison.Ordinal))
                {
                    tied++;
                    return;
                }

                alike++;
                Assert.Equal(ours.Scores, theirs.Scores);
            },
            ShareOfCases);
        Assert.True(alike > tied, $"{alike} compared, {tied} with a tie for the last place.");
    }

    [Theory]
    [InlineData("single-choice@1")]
    [InlineData("approval@1")]
    [InlineData("weighted@1")]
    [InlineData("quadratic@1")]
    [InlineData("ranked-choice@1")]
    [InlineData("copeland@1")]
    public async Task a_choice_is_valid_where_it_is_for_snapshot_but_for_the_listed_differences(string system)
    {
        var (valid, invalid) = (0, 0);
        await Oracle.CompareAsync(
            random => random.Next(4) == 0 ? DrawnElection.Choice(random, system, 3) : DrawnJson.Choice(random, 3),
            choice => SnapshotJs.Question(system, 3, [(choice, "1")]),
            (choice, answer) =>
            {
                var ours = Election.Canonical(system, 3, choice) is not null;
                var theirs = SnapshotJs.Read(answer.Of("snapshot")).Valid[0];
                if (ours && theirs)
                    valid++;
                else if (!ours && !theirs)
                    invalid++;
                else if (theirs)
                    Assert.True(IsRefusedHere(JsonElement.Parse(choice)), "valid for Snapshot only");
                else
                    Assert.True(system == "ranked-choice@1" && JsonElement.Parse(choice).GetArrayLength() < 3, "valid here only");
            },
            ShareOfCases);
        Assert.True(valid > 0 && invalid > 0, $"{valid} valid, {invalid} invalid.");
    }

    private static object Question(DrawnElection drawn) => SnapshotJs.Question(
        drawn.System, drawn.Choices, drawn.Ballots.Select(ballot => (ballot.Choice, ballot.Power.ToString())));

    // Nothing approved of; a number that is not written as one; a key that is not the number of a choice; a weight that is not whole, or
    // weights that are not in a simple proportion.
    private static bool IsRefusedHere(JsonElement choice) => choice.ValueKind switch
    {
        JsonValueKind.Number => !IsWhole(choice),
        JsonValueKind.Array => choice.GetArrayLength() == 0 || !choice.EnumerateArray().All(IsWhole),
        _ => choice.EnumerateObject().Any(part => part.Name is not ("1" or "2" or "3") || !IsWhole(part.Value))
            || choice.EnumerateObject().Sum(part => part.Value.GetInt32()) > 1_000,
    };

    private static bool IsWhole(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out _);
}

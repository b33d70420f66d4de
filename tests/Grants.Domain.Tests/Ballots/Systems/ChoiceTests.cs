using Grants.Domain.Ballots.Systems;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

/// <summary>What a valid choice is, by system, among three choices.</summary>
public sealed class ChoiceTests
{
    [Fact]
    public void every_system_of_the_rules_is_there_under_its_version()
    {
        foreach (var id in VotingRules.Systems)
        {
            Assert.Equal(id, VotingSystem.Of(id).Id);
            Assert.Throws<KeyNotFoundException>(() => VotingSystem.Of(id.Split('@')[0]));
        }
    }

    [Theory]
    [InlineData("basic@1", "1", "2", "3")]
    [InlineData("optimistic@1", "1", "2", "3")]
    [InlineData("single-choice@1", "1", "2", "3")]
    [InlineData("approval@1", "[1]", "[3]", "[1,3]", "[1,2,3]")]
    [InlineData("weighted@1", "{\"1\":1}", "{\"3\":1000000}", "{\"1\":3,\"2\":1}")]
    [InlineData("weighted@1", "{\"1\":50,\"3\":50}", "{\"1\":999,\"2\":1}", "{\"1\":3333,\"2\":6667}")]
    [InlineData("quadratic@1", "{\"1\":1}", "{\"3\":1000000}", "{\"1\":3,\"2\":1}", "{\"1\":50,\"3\":50}", "{\"1\":400000,\"2\":600000}")]
    [InlineData("ranked-choice@1", "[1]", "[2,1]", "[3,1,2]")]
    [InlineData("copeland@1", "[1,2,3]", "[3,1,2]")]
    public void a_canonical_choice_is_accepted_as_it_is(string system, params string[] choices)
    {
        foreach (var choice in choices)
        {
            Assert.True(VotingSystem.Of(system).Accepts(choice, 3), choice);
            Assert.Equal(choice, Election.Canonical(system, 3, choice));
        }
    }

    [Theory]
    [InlineData("basic@1", " 1", "1 ", "01", "+1", "1.0", "1e0", "\"1\"", "0", "4", "-1", "[1]", "{}", "null", "true", "", "١")]
    [InlineData("single-choice@1", " 1", "1 ", "01", "+1", "1.0", "1e0", "\"1\"", "0", "4")]
    [InlineData("single-choice@1", "-1", "[1]", "{}", "null", "true", "", "١", "99999999999999999999")]
    [InlineData("approval@1", "[]", "[3,1]", "[1,1]", "[0]", "[4]", "[1,]", "[,1]", "[1, 2]", "[01]")]
    [InlineData("approval@1", "[1.0]", "[\"1\"]", "[\"1\",1]", "[[1]]", "1", "[1", "1]", "", "[1,2,3,3]")]
    [InlineData("weighted@1", "{}", "{\"01\":1}", "{\"1.0\":1}", "{\"2\":1,\"1\":1}")]
    [InlineData("weighted@1", "{\"1\":1,\"1\":2}", "{\"1\":0}", "{\"1\":1,\"2\":0}", "{\"1\":-1}")]
    [InlineData("weighted@1", "{\"1\":0.5}", "{\"1\":1.0}", "{\"1\":01}", "{\"4\":1}", "{\"0\":1}", "{\"a\":1}")]
    [InlineData("weighted@1", "{\"1\":\"1\"}", "{\"1\": 1}", "{1:1}", "[1]", "1", "")]
    [InlineData("weighted@1", "{\"1\":1000001}", "{\"1\":1000,\"2\":1}", "{\"1\":9999,\"2\":2}", "{\"1\":1,}")]
    [InlineData("weighted@1", "{\"1\":1", "{\"1\":1}}", "{\"1\"1}", "{\"1\":}")]
    [InlineData("quadratic@1", "{}", "{\"01\":1}", "{\"2\":1,\"1\":1}", "{\"1\":1,\"1\":2}")]
    [InlineData("quadratic@1", "{\"1\":0}", "{\"1\":0.5}", "{\"4\":1}", "{\"1\":1000,\"2\":1}")]
    [InlineData("ranked-choice@1", "[]", "[1,1]", "[0]", "[4]", "[1,2,3,1]", "[1, 2]", "[01]", "[1.0]", "[\"1\"]", "1", "[1,2,]", "")]
    [InlineData("copeland@1", "[]", "[1]", "[1,2]", "[1,1,2]", "[1,2,4]", "[0,1,2]", "[1,2,3,1]", "[1, 2,3]", "[\"1\",2,3]", "1", "")]
    public void anything_else_is_refused(string system, params string[] choices)
    {
        foreach (var choice in choices)
            Assert.False(VotingSystem.Of(system).Accepts(choice, 3), choice);
    }

    [Theory]
    [InlineData("single-choice@1", " 2 ", "2")]
    [InlineData("approval@1", "[ 3, 1 ]", "[1,3]")]
    [InlineData("weighted@1", "{ \"2\": 1, \"1\": 3, \"3\": 0 }", "{\"1\":3,\"2\":1}")]
    [InlineData("quadratic@1", "{\"2\":6,\"1\":2}", "{\"1\":2,\"2\":6}")]
    [InlineData("ranked-choice@1", "[ 2, 1 ]", "[2,1]")]
    [InlineData("copeland@1", "[ 2,\n 1, 3 ]", "[2,1,3]")]
    public void a_choice_is_written_canonically(string system, string json, string canonical) =>
        Assert.Equal(canonical, Election.Canonical(system, 3, json));

    [Theory]
    [InlineData("single-choice@1", "1.0", "1e0", "\"1\"", "[1]", "null", "4", "99999999999")]
    [InlineData("approval@1", "[]", "[1,1]", "[\"1\"]", "[1.0]", "[null]", "{\"1\":1}", "1")]
    [InlineData("weighted@1", "{}", "{\"1\":0}", "{\"01\":1}", "{\"1\":1,\"1\":1}", "{\"1\":0,\"1\":1}")]
    [InlineData("weighted@1", "{\"4\":0,\"1\":1}", "{\"1\":\"1\"}", "{\"1\":1.5}", "[1]")]
    [InlineData("ranked-choice@1", "[]", "[1,1]", "[\"1\",1]", "\"[1]\"")]
    [InlineData("copeland@1", "[1]", "[1,2,2]", "{\"1\":1}")]
    public void what_is_no_valid_choice_has_no_canonical_text(string system, params string[] choices)
    {
        foreach (var choice in choices)
            Assert.Null(Election.Canonical(system, 3, choice));
    }

    [Fact]
    public void every_drawn_choice_is_canonical() => Seeded.Check(
        CsCheck.Gen.Int[0, 1_000_000],
        seed =>
        {
            var random = new Random(seed);
            foreach (var system in VotingRules.Systems)
            {
                var choice = DrawnElection.Choice(random, system, 3);
                Assert.True(VotingSystem.Of(system).Accepts(choice, 3), choice);
                Assert.Equal(choice, Election.Canonical(system, 3, choice));
            }
        });

    [Fact]
    public void a_hundred_choices_can_be_ranked()
    {
        var all = DrawnElection.Text(Enumerable.Range(1, VotingRules.ChoicesMax));
        foreach (var system in new[] { "approval@1", "ranked-choice@1", "copeland@1" })
            Assert.True(VotingSystem.Of(system).Accepts(all, VotingRules.ChoicesMax));
        Assert.False(VotingSystem.Of("approval@1").Accepts($"[{new string(',', 1_000_000)}]", VotingRules.ChoicesMax));
    }
}

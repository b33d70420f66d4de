using System.Text;
using System.Text.Json;
using Xunit;

namespace Grants.Cli.Tests;

public sealed class TallyVerbTests : IDisposable
{
    private const string Ranked = "{\"system\":\"ranked-choice@1\",\"choices\":[\"a\",\"b\",\"c\"]}";

    private const string Basic = "{\"system\":\"basic@1\"}";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("grants-cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void a_vote_is_counted_and_explained() => Assert.Equal(
        "{\"system\":\"ranked-choice@1\",\"scores\":[\"40\",\"60\",\"0\"],\"total\":\"100\",\"voters\":3,\"winner\":2,"
        + "\"outcome\":\"approved\",\"reason\":\"b won, with the quorums and the threshold met.\",\"quorums\":[],\"thresholdMet\":true,"
        + "\"derivation\":{\"explanation\":\"Round 1: 100 in play, a majority is 51. c leaves. "
        + "Round 2: 100 in play, a majority is 51. b has it.\","
        + "\"rounds\":[{\"scores\":[\"40\",\"35\",\"25\"],\"eliminated\":[3],\"exhausted\":\"0\"},"
        + "{\"scores\":[\"40\",\"60\",\"0\"],\"eliminated\":[],\"exhausted\":\"0\"}],\"pairwise\":[]}}",
        Tally(Ranked, Ballot(1, "40", "[1, 2, 3]"), Ballot(2, "35", "[2,3,1]"), Ballot(3, "25", "[3,2,1]")).Line());

    [Theory]
    [InlineData("basic@1", "1", "2", "10|1|0", 1)]
    [InlineData("single-choice@1", "3", "2", "0|1|10", 3)]
    [InlineData("approval@1", "[2,1]", "[1]", "11|10|0", 1)]
    [InlineData("weighted@1", "{\"2\": 2, \"1\": 1}", "{\"3\": 1}", "10/3|20/3|1", 2)]
    [InlineData("quadratic@1", "{\"1\":1,\"2\":9}", "{\"3\":1, \"1\":0}", "1|9|1", 2)]
    [InlineData("ranked-choice@1", "[2]", "[1,3]", "1|10|0", 2)]
    [InlineData("copeland@1", "[2,1,3]", "[1,2,3]", "100/27|197/27|0", 2)]
    public void every_system_takes_its_choices(string system, string ten, string one, string scores, int winner)
    {
        var rules = $"{{\"system\":\"{system}\",\"choices\":[\"a\",\"b\",\"c\"]}}";
        var printed = Printed(Tally(rules, Ballot(1, "10", ten), Ballot(2, "1", one)));
        Assert.Equal(scores, string.Join('|', printed.GetProperty("scores").EnumerateArray()));
        Assert.Equal(winner, printed.GetProperty("winner").GetInt32());
        Assert.Equal(("11", 2), (Text(printed, "total"), printed.GetProperty("voters").GetInt32()));
    }

    [Fact]
    public void no_power_passes_through_a_double()
    {
        var printed = Printed(Tally(
            "{\"system\":\"basic@1\"}",
            Ballot(1, "\"9007199254740993\"", "1"),
            Ballot(2, "9007199254740992", "2"),
            Ballot(3, "\"115792089237316195423570985008687907853269984665640564039457000000000000000000\"", "3")));
        Assert.Equal(("9007199254740993", "approved"), (printed.GetProperty("scores")[0].GetString(), Text(printed, "outcome")));
    }

    [Theory]
    [InlineData("null", "approved")]
    [InlineData("100", "approved")]
    [InlineData("\"100\"", "approved")]
    [InlineData("101", "rejected")]
    [InlineData("{\"kind\":\"POWER\",\"least\":\"70\",\"counting\":\"FOR\"}", "approved")]
    [InlineData("{\"kind\":\"POWER\",\"least\":71,\"counting\":\"FOR\"}", "rejected")]
    [InlineData("{\"kind\":\"POWER\",\"least\":\"80\",\"counting\":\"FOR_AND_ABSTAIN\"}", "approved")]
    [InlineData("{\"kind\":\"POWER\",\"least\":\"81\",\"counting\":\"FOR_AND_ABSTAIN\"}", "rejected")]
    [InlineData("{\"kind\":\"VOTERS\",\"least\":3}", "approved")]
    [InlineData("{\"kind\":\"VOTERS\",\"least\":4}", "rejected")]
    [InlineData("{\"kind\":\"SUPPLY_SHARE\",\"least\":1000}", "approved")]
    [InlineData("{\"kind\":\"SUPPLY_SHARE\",\"least\":1001}", "rejected")]
    [InlineData("[100,{\"kind\":\"VOTERS\",\"least\":3}]", "approved")]
    [InlineData("[100,{\"kind\":\"VOTERS\",\"least\":4}]", "rejected")]
    [InlineData("[]", "approved")]
    public void a_quorum_may_be_written_in_many_ways(string quorum, string outcome)
    {
        var rules = $"{{\"system\":\"basic@1\",\"supply\":\"1000\",\"quorum\":{quorum}}}";
        Assert.Equal(outcome, Text(Printed(Seventy(rules)), "outcome"));
    }

    [Fact]
    public void a_quorum_is_told_with_what_was_reached()
    {
        const string Rules = "{\"system\":\"basic@1\",\"supply\":1001,\"quorum\":{\"kind\":\"SUPPLY_SHARE\",\"least\":\"1000\"}}";
        var printed = Printed(Seventy(Rules));
        Assert.Equal(
            "{\"kind\":\"SUPPLY_SHARE\",\"counting\":\"ALL\",\"least\":\"1000\",\"needed\":\"101\",\"reached\":\"100\",\"met\":false}",
            printed.GetProperty("quorums")[0].GetRawText());
        Assert.Equal("A quorum was not reached: 100 of 101.", Text(printed, "reason"));
        Assert.True(printed.GetProperty("thresholdMet").GetBoolean());
    }

    [Theory]
    [InlineData("basic@1", "null", "approved")]
    [InlineData("basic@1", "7777", "approved")]
    [InlineData("basic@1", "\"7778\"", "rejected")]
    [InlineData("basic@1", "{\"kind\":\"SUPERMAJORITY\",\"value\":7778}", "rejected")]
    [InlineData("basic@1", "{\"kind\":\"SIMPLE_MAJORITY\"}", "approved")]
    [InlineData("optimistic@1", "20", "rejected")]
    [InlineData("optimistic@1", "21", "approved")]
    [InlineData("optimistic@1", "{\"kind\":\"AGAINST\",\"value\":\"21\"}", "approved")]
    public void a_threshold_may_be_written_in_many_ways(string system, string threshold, string outcome) => Assert.Equal(
        outcome, Text(Printed(Seventy($"{{\"system\":\"{system}\",\"threshold\":{threshold}}}")), "outcome"));

    [Fact]
    public void of_sides_the_names_do_not_matter_and_to_abstain_may_be_left_out()
    {
        var two = "{\"system\":\"basic@1\",\"choices\":[\"Yes\",\"No\"]}";
        Assert.Equal("[\"3\",\"2\"]", Printed(Tally(two, Ballot(1, "3", "1"), Ballot(2, "2", "2"))).GetProperty("scores").GetRawText());
        Assert.Contains("ballots[0]", Tally(two, Ballot(1, "3", "3")).Refusal(), StringComparison.Ordinal);
        var three = Printed(Tally("{\"system\":\"basic@1\",\"choices\":[\"Ja\",\"Nein\",\"-\"]}"));
        Assert.Equal(3, three.GetProperty("scores").GetArrayLength());
        Tally("{\"system\":\"basic@1\",\"choices\":[\"a\",\"b\",\"c\",\"d\"]}").Refusal();
    }

    [Fact]
    public void choices_that_do_not_approve_reject()
    {
        const string Rules =
            "{\"system\":\"single-choice@1\",\"choices\":[\"a\",\"b\",\"none\"],\"approvingChoices\":[1,2],\"abstainChoice\":null}";
        var printed = Printed(Tally(Rules, Ballot(1, "3", "3"), Ballot(2, "2", "1")));
        Assert.Equal(("rejected", "The choice that won, none, does not approve."), (Text(printed, "outcome"), Text(printed, "reason")));
    }

    [Fact]
    public void who_abstains_wins_nothing_and_approves_nothing()
    {
        const string Rules = "{\"system\":\"single-choice@1\",\"choices\":[\"a\",\"b\",\"abstain\"],\"abstainChoice\":3}";
        Assert.Equal(1, Printed(Tally(Rules, Ballot(1, "30", "3"), Ballot(2, "2", "1"))).GetProperty("winner").GetInt32());
        Assert.Equal(JsonValueKind.Null, Printed(Tally(Rules, Ballot(1, "30", "3"))).GetProperty("winner").ValueKind);
    }

    [Fact]
    public void without_nonces_the_last_ballot_of_a_voter_counts()
    {
        var printed = Printed(Tally(Basic, Ballot(1, "5", "1"), Ballot(2, "3", "1"), Ballot(1, "5", "2")));
        Assert.Equal(("[\"3\",\"5\",\"0\"]", 2), (printed.GetProperty("scores").GetRawText(), printed.GetProperty("voters").GetInt32()));
    }

    [Fact]
    public void with_nonces_the_highest_counts()
    {
        var printed = Printed(Tally(Basic, Ballot(1, "5", "1", "10"), Ballot(1, "5", "2", "\"9\""), Ballot(1, "5", "3", "2")));
        Assert.Equal("[\"5\",\"0\",\"0\"]", printed.GetProperty("scores").GetRawText());
        var equal = Tally(Basic, Ballot(2, "1", "1"), Ballot(1, "5", "1", "7"), Ballot(1, "5", "2", "7")).Refusal();
        Assert.StartsWith("ballots[2]: ", equal, StringComparison.Ordinal);
        Tally(Basic, Ballot(1, "5", "1", "7"), Ballot(1, "5", "2")).Refusal();
    }

    [Theory]
    [InlineData("{VOTER,\"power\":\"1\",\"choice\":[1,1]}", "invalid choice")]
    [InlineData("{VOTER,\"power\":\"1\",\"choice\":[4]}", "invalid choice")]
    [InlineData("{VOTER,\"power\":\"1\",\"choice\":[\"1\"]}", "invalid choice")]
    [InlineData("{VOTER,\"power\":\"1\",\"choice\":null}", "choice is missing")]
    [InlineData("{VOTER,\"power\":\"0\",\"choice\":[1]}", "above zero")]
    [InlineData("{VOTER,\"power\":-1,\"choice\":[1]}", "power must be")]
    [InlineData("{VOTER,\"power\":1.0,\"choice\":[1]}", "power must be")]
    [InlineData("{VOTER,\"power\":1e3,\"choice\":[1]}", "power must be")]
    [InlineData("{VOTER,\"power\":\"0x1\",\"choice\":[1]}", "power must be")]
    [InlineData("{VOTER,\"choice\":[1]}", "power is missing")]
    [InlineData("{\"voter\":\"0x0000000000000000000000000000000000000000\",\"power\":1,\"choice\":[1]}", "zero address")]
    [InlineData("{\"voter\":\"0x01\",\"power\":1,\"choice\":[1]}", "voter must be")]
    [InlineData("{\"power\":1,\"choice\":[1]}", "voter must be")]
    [InlineData("{VOTER,\"power\":1,\"power\":2,\"choice\":[1]}", "there twice")]
    [InlineData("[]", "must be an object")]
    public void a_ballot_that_is_not_valid_is_named(string ballot, string problem)
    {
        var voter = $"\"voter\":\"0x{1:x40}\"";
        var refusal = Tally(Ranked, Ballot(7, "1", "[1]"), ballot.Replace("VOTER", voter, StringComparison.Ordinal)).Refusal();
        Assert.StartsWith("ballots[1]: ", refusal, StringComparison.Ordinal);
        Assert.Contains(problem, refusal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"system\":\"basic\"}")]
    [InlineData("{\"system\":\"unknown@1\",\"choices\":[\"a\",\"b\"]}")]
    [InlineData("{\"system\":\"approval@1\"}")]
    [InlineData("{\"system\":\"approval@1\",\"choices\":[\"a\"]}")]
    [InlineData("{\"system\":\"approval@1\",\"choices\":[\"a\",\"a\"]}")]
    [InlineData("{\"system\":\"approval@1\",\"choices\":[1,2]}")]
    [InlineData("{\"system\":\"approval@1\",\"choices\":[\"a\",\"b\"],\"approvingChoices\":[3]}")]
    [InlineData("{\"system\":\"approval@1\",\"choices\":[\"a\",\"b\"],\"quorum\":{\"kind\":\"POWER\",\"least\":1,\"counting\":\"FOR\"}}")]
    [InlineData("{\"system\":\"basic@1\",\"quorum\":{\"kind\":\"SUPPLY_SHARE\",\"least\":1}}")]
    [InlineData("{\"system\":\"basic@1\",\"quorum\":{\"kind\":\"power\",\"least\":1}}")]
    [InlineData("{\"system\":\"basic@1\",\"quorum\":0.5}")]
    [InlineData("{\"system\":\"basic@1\",\"quorum\":1,\"quorums\":[1]}")]
    [InlineData("{\"system\":\"basic@1\",\"quorum\":1,\"quorum\":1}")]
    [InlineData("{\"system\":\"basic@1\",\"threshold\":10001}")]
    [InlineData("{\"system\":\"basic@1\",\"threshold\":{\"kind\":\"AGAINST\",\"value\":1}}")]
    [InlineData("{\"system\":\"optimistic@1\"}")]
    [InlineData("null")]
    public void rules_that_mean_nothing_are_refused(string rules) => Tally(rules).Refusal();

    [Fact]
    public void what_is_ignored_is_told()
    {
        Assert.Equal("[\"quroum\"]", Printed(Tally("{\"system\":\"basic@1\",\"quroum\":5}")).GetProperty("ignored").GetRawText());
        Assert.False(Printed(Tally(Basic)).TryGetProperty("ignored", out _));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{\"rules\":{\"system\":\"basic@1\"}}")]
    [InlineData("{\"rules\":{\"system\":\"basic@1\"},\"ballots\":{}}")]
    [InlineData("{\"rules\":{\"system\":\"\\ud800\"},\"ballots\":[]}")]
    [InlineData("{\"rules\":{\"system\":\"basic@1\"},\"ballots\":[]}x")]
    public void what_is_no_vote_is_refused_in_one_line(string json) => Run(Encoding.UTF8.GetBytes(json)).Refusal();

    [Fact]
    public void bytes_that_are_no_text_are_refused_and_a_byte_order_mark_does_not_matter()
    {
        Assert.Contains("UTF-8", Run([(byte)'"', 0xc3, (byte)'"']).Refusal(), StringComparison.Ordinal);
        var json = Encoding.UTF8.GetBytes("{\"rules\":{\"system\":\"basic@1\"},\"ballots\":[]}");
        Assert.Equal(Run(json).Line(), Run([.. Encoding.UTF8.Preamble, .. json]).Line());
    }

    [Fact]
    public void more_power_than_there_can_be_is_refused()
    {
        const string Most = "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"";
        Assert.Contains("2^256", Tally(Basic, Ballot(1, Most, "1"), Ballot(2, "1", "1")).Refusal(), StringComparison.Ordinal);
    }

    private static string Ballot(int voter, string power, string choice, string? nonce = null) =>
        $"{{\"voter\":\"0x{voter:x40}\",\"power\":{power},\"choice\":{choice}{(nonce is null ? "" : $",\"nonce\":{nonce}")}}}";

    // 70 for, 20 against, 10 abstain, by three voters: 70 of 90 is 7777.7 basis points.
    private Tool Seventy(string rules) => Tally(rules, Ballot(1, "70", "1"), Ballot(2, "\"20\"", "2"), Ballot(3, "10", "3"));

    private static JsonElement Printed(Tool tool) => JsonElement.Parse(tool.Line());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private Tool Tally(string rules, params string[] ballots) =>
        Run(Encoding.UTF8.GetBytes($"{{\"rules\":{rules},\"ballots\":[{string.Join(',', ballots)}]}}"));

    private Tool Run(byte[] json)
    {
        var path = Path.Combine(folder.FullName, "vote.json");
        File.WriteAllBytes(path, json);
        return Tool.Run("tally", path);
    }
}

using System.Text.Json;
using Xunit;

namespace Grants.Cli.Tests;

public sealed class FlowsVerbTests : IDisposable
{
    private const string Released = """{"id":0,"t":0,"k":"RELEASE","a":"1000"}""";

    private readonly string file = Path.GetTempFileName();

    public static TheoryData<string, string, string> Vectors()
    {
        var data = new TheoryData<string, string, string>();
        foreach (var one in Tool.Cases("reinvestment.json"))
        {
            foreach (var convention in one.GetProperty("expected").EnumerateObject())
                data.Add(one.GetProperty("name").GetString()!, convention.Name, one.GetRawText());
        }

        return data;
    }

    public void Dispose() => File.Delete(file);

    [Theory]
    [MemberData(nameof(Vectors))]
    public void the_golden_cases_come_out_in_every_convention(string name, string convention, string json)
    {
        using var document = JsonDocument.Parse(json);
        var one = document.RootElement;
        var lines = one.GetProperty("flows").EnumerateArray().Select(flow => JsonSerializer.Serialize(flow)).ToList();
        var minHold = one.GetProperty("minHold").GetRawText();
        var found = Run([.. lines, .. lines], "--convention", convention, "--min-hold", minHold); // each twice: counted once
        Assert.All(
            one.GetProperty("expected").GetProperty(convention).EnumerateObject(),
            expected => Assert.Equal(
                $"{name} {expected.Name} {expected.Value.GetRawText()}",
                $"{name} {expected.Name} {found.GetProperty(expected.Name).GetRawText()}"));
    }

    [Fact]
    public void every_convention_of_every_case_is_checked() => Assert.Equal(24, Vectors().Count);

    [Fact]
    public void all_that_left_and_what_is_at_work_is_told()
    {
        var found = Run(
        [
            Released,
            """{"id":"c","t":1,"k":"CEX","a":1}""",
            """{"id":"u","t":1,"k":"UNKNOWN","a":2}""",
            """{"id":"g","t":1,"k":"GAS","a":3}""",
            """{"id":"s","t":1,"k":"SPEND","a":4}""",
            """{"id":"r","t":1,"k":"RETURN","a":5}""",
            """{"id":"o","t":1,"k":"OPEN","a":6,"sh":7,"v":"lst"}""",
            """{"id":"d","t":2,"k":"DEBT","a":"2","v":"lst"}""",
        ]);
        string[] names = ["R", "cex", "unknown", "gas", "spent", "returned", "liquidGrant"];
        Assert.Equal("1000 1 2 3 4 5 979", string.Join(' ', names.Select(name => found.GetProperty(name))));
        Assert.Equal("""{"lst":{"grant":6,"own":0,"shares":7,"debt":2}}""", found.GetProperty("positions").GetRawText());
    }

    [Theory]
    [InlineData(9, "40 0 960")]
    [InlineData(10, "0 40 960")]
    public void what_went_to_somebody_unknown_is_followed_until_it_counts(int until, string told)
    {
        var found = Run(
        [
            Released,
            """{"id":"u","t":1,"k":"UNKNOWN","a":40,"countsFrom":10}""",
            $$"""{"id":"c","t":{{until}},"k":"CHECK"}""",
        ]);
        string[] names = ["followed", "unknown", "liquidGrant"];
        Assert.Equal(told, string.Join(' ', names.Select(name => found.GetProperty(name))));
    }

    [Fact]
    public void no_digit_is_lost()
    {
        const string Most = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        Assert.Equal(Most, Run([$$"""{"id":0,"t":0,"k":"RELEASE","a":{{Most}}}"""]).GetProperty("R").GetRawText());
    }

    [Fact]
    public void nothing_at_all_is_a_history() => Assert.Equal("0", Run([]).GetProperty("R").GetRawText());

    [Theory]
    [InlineData("""{"id":1,"t":1,"k":"SALE","a":1,"countsFrom":9}""", "Line 2: The flow: countsFrom is of flows of the kind UNKNOWN alone")]
    [InlineData("""{"id":1,"t":1,"k":"SALE","a":1001}""", "Line 2: 1001 base units leave the wallets, which hold 1000.")]
    [InlineData("""{"id":1,"t":1,"k":"OPEN","a":1001,"sh":1,"v":"lst"}""", "Line 2: 1001 base units leave")]
    [InlineData("""{"id":1,"t":1,"k":"CLOSE","a":1,"sh":1,"v":"lst"}""", "Line 2: 1 shares leave lst, which holds 0.")]
    [InlineData("""{"id":1,"t":1,"k":"SELL","a":1}""", "Line 2: The flow: k must be one of RELEASE")]
    [InlineData("""{"id":1,"t":1,"k":"OPEN","a":1,"sh":1}""", "Line 2: The flow: v must be a string.")]
    [InlineData("""{"id":1,"t":1,"k":"OPEN","a":1,"v":"lst"}""", "Line 2: The flow: sh is missing.")]
    [InlineData("""{"id":1,"t":1,"k":"SALE"}""", "Line 2: The flow: a is missing.")]
    [InlineData("""{"id":1,"t":1,"k":"SALE","a":1.5}""", "Line 2: The flow: a must be a whole number")]
    [InlineData("""{"id":1,"t":1,"k":"SALE","a":-1}""", "Line 2: The flow: a must be a whole number")]
    [InlineData("""{"id":1,"t":1,"k":"SALE","a":1,"amount":1}""", "Line 2: The flow: there is no \"amount\"")]
    [InlineData("""{"id":1,"t":1,"k":"OPEN","a":1,"sh":1,"v":"lst","w":10001}""", "Line 2: The flow: w must be 0 to 10000 basis points.")]
    [InlineData("""{"t":1,"k":"SALE","a":1}""", "Line 2: The flow: id must be a number or a text.")]
    [InlineData("""{"id":1,"id":2,"t":1,"k":"SALE","a":1}""", "Line 2: This is not JSON, or a member is there twice.")]
    [InlineData("[1]", "Line 2: The flow: must be an object.")]
    [InlineData("nonsense", "Line 2: This is not JSON")]
    public void a_bad_line_is_named(string line, string problem)
    {
        File.WriteAllLines(file, [Released, line]);
        Assert.StartsWith(problem, Tool.Run("flows", file).Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void time_does_not_run_back()
    {
        File.WriteAllLines(file, [Released, """{"id":1,"t":9,"k":"CHECK"}""", """{"id":2,"t":8,"k":"SALE","a":1}"""]);
        Assert.Equal("Line 3: t is 8, before the 9 of an earlier flow.", Tool.Run("flows", file).Refusal());
    }

    [Fact]
    public void a_policy_is_tried_and_compared_with_the_one_in_force()
    {
        var (draft, inForce) = (Policy("draft", 1_000), Policy("in-force", 9_000));
        try
        {
            File.WriteAllLines(file,
            [
                """{"id":0,"t":86400,"k":"RELEASE","a":"1000000000000000000000"}""",
                """{"id":1,"t":172800,"k":"SALE","a":"600000000000000000000"}""",
                """{"id":2,"t":1728000,"k":"CHECK"}""",
            ]);
            var lines = Tool.Run("flows", file, "--policy", draft, "--in-force", inForce).Lines();
            Assert.StartsWith("draft version 1, hash 0x", lines[0], StringComparison.Ordinal);
            Assert.StartsWith("1970-01-03 00:00  sold  OPENED", lines[2], StringComparison.Ordinal);
            Assert.Contains("Of 1000 tokens released, 60.00 % were sold, where at most 10.00 %", lines[2], StringComparison.Ordinal);
            Assert.Equal("1970-01-10 00:00  sold  CONFIRMED                      It was not cured in time.", lines[3]);
            Assert.StartsWith("1970-01-10 00:00  sold  CLAW_BACK_UNRELEASED 2500 bps", lines[4], StringComparison.Ordinal);
            Assert.Equal("clawed back  1970-01-10 00:00 2500 bps  never     *", lines[^2]);
            Assert.Equal("blacklisted  never                      never", lines[^1]);
            Assert.Equal("Nothing would have happened.", Tool.Run("flows", file, "--policy", inForce).Lines()[^1]);
        }
        finally
        {
            File.Delete(draft);
            File.Delete(inForce);
        }
    }

    [Fact]
    public void a_bad_policy_is_refused_with_path_and_line()
    {
        var bad = Policy("bad", 10_001);
        File.WriteAllLines(file, [Released]);
        Assert.Contains("Line 1, rules[0].atMost: Must be", Tool.Run("flows", file, "--policy", bad).Refusal(), StringComparison.Ordinal);
        File.Delete(bad);
    }

    [Theory]
    [InlineData("--convention", "LIFO")]
    [InlineData("--min-hold", "-1")]
    [InlineData("--min-hold", "soon")]
    public void an_option_has_its_values(string option, string value)
    {
        File.WriteAllLines(file, [Released]);
        Tool.Run("flows", file, option, value).Refusal();
    }

    [Fact]
    public void a_file_that_is_not_there_is_told() => Tool.Run("flows", file + ".none").Refusal();

    private static string Policy(string name, int most)
    {
        var path = Path.GetTempFileName();
        File.WriteAllText(
            path,
            $$"""
            {"policyId":"{{name}}","version":1,"rules":[{"id":"sold","measure":"sellBps","atMost":{{most}},"curePeriodSeconds":604800,
            "ladder":[{"action":"GATE"},{"action":"CLAW_BACK_UNRELEASED","shareBps":2500}]}]}
            """);
        return path;
    }

    private JsonElement Run(IEnumerable<string> lines, params string[] options)
    {
        File.WriteAllLines(file, lines);
        using var document = JsonDocument.Parse(Tool.Run(["flows", file, .. options]).Line());
        return document.RootElement.Clone();
    }
}

using System.Runtime.CompilerServices;
using System.Text.Json;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class PolicyTextTests
{
    private const string Good =
        """
        {
          "policyId": "p",
          "version": 2,
          "rules": [
            {
              "id": "held",
              "measure": "retentionBps",
              "atLeast": 2000,
              "window": { "kind": "ROLLING", "seconds": 1036800 },
              "graceSeconds": 1,
              "curePeriodSeconds": 2,
              "appealSeconds": 3,
              "ladder": [
                { "action": "GATE" },
                { "action": "CLAW_BACK_UNRELEASED", "shareBps": 2500, "signaturesRequired": 1,
                  "signers": ["0x00000000000000000000000000000000000000a1"] }
              ]
            }
          ],
          "venues": [{ "address": "0x0000000000000000000000000000000000000001", "kind": "VAULT", "capBps": 10 }],
          "labels": [{ "address": "0x0000000000000000000000000000000000000002", "kind": "EXCHANGE" }]
        }
        """;

    private static string Schemas([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", "..", "..", "schema", "policies"));

    public static TheoryData<string> Presets() =>
        [.. Directory.GetFiles(Path.Combine(Schemas(), "presets")).Select(path => Path.GetFileName(path))];

    [Theory]
    [MemberData(nameof(Presets))]
    public void a_written_preset_is_read_as_the_same_policy(string preset) =>
        IsWrittenAsRead(File.ReadAllText(Path.Combine(Schemas(), "presets", preset)));

    [Fact]
    public void a_written_policy_is_read_as_the_same_policy() => IsWrittenAsRead(Good
        .Replace("\"graceSeconds\": 1,", "\"graceSeconds\": 1, \"lastsSeconds\": 9,", StringComparison.Ordinal)
        .Replace(
            "\"venues\"",
            """
            "unknowns": { "hops": 3, "afterSeconds": 86400 },
            "pools": { "ownShareBps": 5000, "pairTokens": ["0x0000000000000000000000000000000000000071"] },
            "checkpoints": { "extraPerDay": 2, "haltAfterSeconds": 7200 },
            "venues"
            """,
            StringComparison.Ordinal)
        .Replace(
            "\"ladder\": [",
            "\"ladder\": [ { \"action\": \"WARN\" },",
            StringComparison.Ordinal)
        .Replace(
            "\"rules\": [",
            """
            "rules": [
              { "id": "판매 <90>", "measure": "sellBps", "atMost": 1, "pledgingCounts": true, "driftCounts": true, "curePeriodSeconds": 1,
                "ladder": [{ "action": "BLACKLIST", "programs": ["b"] }] },
              { "id": "now", "measure": "reinvestBps", "venueKind": "VAULT", "atLeast": 1, "curePeriodSeconds": 1,
                "ladder": [{ "action": "WARN" }] },
            """,
            StringComparison.Ordinal));

    [Fact]
    public void a_policy_of_before_unknowns_were_followed_has_no_text() => Assert.Null(WrittenPolicy.Of(
        PolicyText.Read(Good).Policy! with { Unknowns = null }));

    private static void IsWrittenAsRead(string text)
    {
        var (policy, problems) = PolicyText.Read(text);
        Assert.Empty(problems);
        var written = WrittenPolicy.Of(policy!)!;
        Assert.Equal(policy, PolicyText.Read(written).Policy);
        Assert.Equal(written, WrittenPolicy.Of(PolicyText.Read(written).Policy!));
    }

    [Fact]
    public void a_text_says_all_of_a_policy()
    {
        var (policy, problems) = PolicyText.Read(Good);
        Assert.Empty(problems);
        var ladder = new ValueList<PolicySanction>([
            PolicySanction.Of(SanctionKind.Gate),
            new PolicySanction(SanctionKind.ClawBackUnreleased, new BasisPoints(2_500), 1, [Flows.AddressOf(0xa1)], []),
        ]);
        var rule = new PolicyRule(
            "held", RuleKind.MinRetention, new BasisPoints(2_000), null, RuleWindow.Rolling, 1_036_800, 1, 2, 3, ladder);
        Assert.Equal(
            new ReinvestmentPolicy(
                "p",
                2,
                [rule],
                new PolicyCheckpoints(0, 0),
                [new PolicyVenue(Flows.AddressOf(1), VenueKind.Vault, new BasisPoints(10_000), new BasisPoints(10), 0)],
                [new LabelledAddress(Flows.AddressOf(2), AddressKind.Exchange)],
                PolicyUnknowns.Usual),
            policy);
    }

    [Fact]
    public void unknowns_are_followed_as_long_as_the_text_says()
    {
        ReinvestmentPolicy? Read(string unknowns, out IReadOnlyList<PolicyProblem> problems)
        {
            var text = Good.Replace("\"labels\"", $"\"unknowns\": {unknowns}, \"labels\"", StringComparison.Ordinal);
            (var policy, problems) = PolicyText.Read(text);
            return policy;
        }

        Assert.Equal(new PolicyUnknowns(5, 604_800), Read("""{ "hops": 5 }""", out _)!.Unknowns);
        var policy = Read("""{ "afterSeconds": 0 }""", out _)!;
        Assert.Equal(new PolicyUnknowns(2, 0), policy.Unknowns);
        Assert.NotEqual(policy.Hash, (policy with { Unknowns = null }).Hash);
        Assert.Equal(policy, JsonSerializer.Deserialize<ReinvestmentPolicy>(JsonSerializer.Serialize(policy)));
        Read("""{ "hops": 11 }""", out var problems);
        Assert.Equal("Line 21, unknowns.hops: Must be 1 to 10.", Assert.Single(problems).ToString());
        Read("""{ "days": 7 }""", out problems);
        Assert.Equal(
            "Line 21, unknowns.days: There is no days; there is hops, afterSeconds.", Assert.Single(problems).ToString());
    }

    [Theory]
    [InlineData("\"version\": 2", "\"version\": 0", "Line 3, version: Versions begin with 1.")]
    [InlineData("\"version\": 2", "\"version\": 2.5", "Line 3, version: Must be a whole number from 0 to 2147483647")]
    [InlineData("\"version\": 2,", "", "Line 1: version is missing.")]
    [InlineData("\"atLeast\": 2000", "\"atMost\": 2000", "Line 5, rules[0]: atLeast is missing.")]
    [InlineData("\"atLeast\": 2000", "\"atLeast\": 10001", "Line 8, rules[0].atLeast: Must be a whole number from 0 to 10000")]
    [InlineData("retentionBps", "retention", "Line 7, rules[0].measure: Must be one of disposalBps, sellBps, twrrBps")]
    [InlineData("ROLLING", "Rolling", "Line 9, rules[0].window.kind: Must be one of SINCE_RELEASE, ROLLING, EPOCH.")]
    [InlineData("1036800", "5", "Line 9, rules[0].window.seconds: Must be 86400 to 34560000 seconds")]
    [InlineData("\"appealSeconds\": 3", "\"appeal\": 3", "Line 12, rules[0].appeal: There is no appeal; there is id, measure")]
    [InlineData("\"shareBps\": 2500", "\"shareBps\": 0", "Line 15, rules[0].ladder[1].shareBps: Only a claw back has a share")]
    [InlineData("\"signaturesRequired\": 1", "\"signaturesRequired\": 2", "Line 15, rules[0].ladder[1].signaturesRequired: Must be 0 to")]
    [InlineData("{ \"action\": \"GATE\" }", "{ \"action\": \"BLACKLIST\" }", "Line 13, rules[0].ladder: Must have at least one")]
    [InlineData("00000000a1\"]", "00000000zz\"]", "Line 16, rules[0].ladder[1].signers[0]: Must be an address")]
    [InlineData("0000000002\"", "0000000001\"", "Line 20, venues: 0x0000000000000000000000000000000000000001 is listed twice")]
    [InlineData("\"kind\": \"EXCHANGE\"", "\"kind\": [1]", "Line 21, labels[0].kind: Must be one of BRIDGE, EXCHANGE, TREASURY, LEND")]
    [InlineData("\"labels\"", "\"pools\": { \"ownShareBps\": 0 }, \"labels\"", "Line 21, pools.ownShareBps: Must be 1 to 10000.")]
    [InlineData("\"labels\"", "\"pools\": { \"pairTokens\": [7] }, \"labels\"", "Line 21, pools.pairTokens[0]: Must be an address")]
    [InlineData("\"version\": 2", "\"version\": 2, \"version\": 3", "Line 3, version: This is not JSON: version is there twice.")]
    [InlineData("\"policyId\": \"p\"", "\"policyId\": \"\\ud800\"", "Line 2: This is not JSON: An escape stands for half a character.")]
    [InlineData("\"rules\": [", "\"rules\": [,", "Line 4: This is not JSON: ")]
    public void what_is_wrong_is_told_with_path_and_line(string right, string wrong, string problem)
    {
        var text = Good.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        var (policy, problems) = PolicyText.Read(text);
        Assert.Null(policy);
        Assert.Contains(problems, one => one.ToString().StartsWith(problem, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{} {}")]
    [InlineData("""{"rules":{"a":1},"venues":7,"checkpoints":[]}""")]
    [InlineData("""[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]""")]
    public void what_is_no_policy_is_refused(string text) => Assert.NotEmpty(PolicyText.Read(text).Problems);

    [Fact]
    public void a_text_has_a_length() => Assert.NotEmpty(PolicyText.Read(new string(' ', PolicyText.LengthMax + 1)).Problems);

    [Theory]
    [MemberData(nameof(Presets))]
    public void every_preset_is_a_policy(string preset)
    {
        var (policy, problems) = PolicyText.Read(File.ReadAllText(Path.Combine(Schemas(), "presets", preset)));
        Assert.Empty(problems);
        Assert.Equal(Path.GetFileNameWithoutExtension(preset), policy!.PolicyId);
    }

    [Fact]
    public void there_are_presets() => Assert.Equal(4, Presets().Count);

    // The schema is for editors: what it knows must be what the reader knows.
    [Fact]
    public void the_schema_knows_the_same_members()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Schemas(), "policy.schema.json")));
        string[] Of(JsonElement of) => [.. of.GetProperty("properties").EnumerateObject().Select(member => member.Name)];
        var definitions = schema.RootElement.GetProperty("$defs");
        Assert.Equal(Known("{\"?\":1}"), Of(schema.RootElement));
        Assert.Equal(Known("""{"rules":[{"?":1}]}"""), Of(definitions.GetProperty("rule")));
        Assert.Equal(Known("""{"rules":[{"ladder":[{"?":1}]}]}"""), Of(definitions.GetProperty("rung")));
        Assert.Equal(Known("""{"venues":[{"?":1}]}"""), Of(definitions.GetProperty("venue")));
        Assert.Equal(Known("""{"labels":[{"?":1}]}"""), Of(definitions.GetProperty("label")));
        Assert.Equal(Known("""{"unknowns":{"?":1}}"""), Of(schema.RootElement.GetProperty("properties").GetProperty("unknowns")));
        Assert.Equal(Known("""{"pools":{"?":1}}"""), Of(schema.RootElement.GetProperty("properties").GetProperty("pools")));
        Assert.Equal(Known("""{"otherChain":{"?":1}}"""), Of(schema.RootElement.GetProperty("properties").GetProperty("otherChain")));
        var kinds = definitions.GetProperty("venueKind").GetProperty("enum").EnumerateArray().Select(kind => kind.GetString());
        Assert.Contains(
            $"Must be one of {string.Join(", ", kinds)}.",
            PolicyText.Read("""{"venues":[{"kind":"?"}]}""").Problems.Select(problem => problem.Problem));
    }

    private static string[] Known(string text)
    {
        const string There = "There is no ?; there is ";
        var problem = PolicyText.Read(text).Problems.Single(one => one.Problem.StartsWith(There, StringComparison.Ordinal)).Problem;
        return problem[There.Length..^1].Split(", ");
    }
}

using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>Nobody does, without signing in, what the table of roles keeps for somebody.</summary>
[Collection(nameof(OpenVote))]
public sealed class RoleTableTests(OpenVote vote)
{
    private const string TypeOf = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task who_is_not_signed_in_does_what_is_for_anyone_and_nothing_else()
    {
        var schema = await SchemaAsync();
        var events = await RunningService.CountEventsAsync(vote.Database, Cancellation);
        var wrong = new List<string>();
        foreach (var (mutation, who) in Rows())
        {
            var answer = await AskAsync(mutation, schema.ValueOf(schema.InputOf(mutation))!);
            var isRefused = answer["errors"]?[0]?["extensions"]?["code"]?.GetValue<string>() == "UNAUTHENTICATED";
            if (isRefused != (who != "anyone"))
                wrong.Add($"{mutation} is for {who}: {answer.ToJsonString()}");
        }

        Assert.Empty(wrong);
        Assert.Equal(events, await RunningService.CountEventsAsync(vote.Database, Cancellation));
    }

    private static IEnumerable<(string Mutation, string Who)> Rows() => File
        .ReadLines(Path.Combine(Path.GetDirectoryName(Path.GetDirectoryName(LocalServers.Home))!, "schema", "graphql", "roles.md"))
        .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
        .Where(cells => cells is [_, var field, _, ..] && field.StartsWith("`Mutation.", StringComparison.Ordinal))
        .Select(cells => (cells[1].Trim('`')["Mutation.".Length..], cells[2]));

    private async Task<JsonNode> AskAsync(string mutation, JsonNode input)
    {
        var body = new JsonObject
        {
            ["query"] = $"mutation ($i: {char.ToUpperInvariant(mutation[0])}{mutation[1..]}Input!) "
                + $"{{ {mutation}(input: $i) {{ userErrors {{ code }} }} }}",
            ["variables"] = new JsonObject { ["i"] = input },
        };
        using var content = new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var response = await vote.Http.PostAsync(new Uri("graphql", UriKind.Relative), content, Cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private async Task<Inputs> SchemaAsync() => new((await vote.Public.QueryAsync(
        $"{{ __schema {{ mutationType {{ fields {{ name args {{ type {{ {TypeOf} }} }} }} }} "
        + $"types {{ name enumValues {{ name }} inputFields {{ name type {{ {TypeOf} }} }} }} }} }}",
        null,
        Cancellation))["__schema"]!);

    /// <summary>Makes the least input that the schema takes.</summary>
    private sealed class Inputs(JsonNode schema)
    {
        public JsonNode InputOf(string mutation) => schema["mutationType"]!["fields"]!.AsArray()
            .Single(field => field!["name"]!.GetValue<string>() == mutation)!["args"]![0]!["type"]!;

        public JsonNode? ValueOf(JsonNode type) => type["kind"]!.GetValue<string>() switch
        {
            "NON_NULL" => ValueOf(type["ofType"]!),
            "LIST" => new JsonArray(ValueOf(type["ofType"]!)),
            "ENUM" => Named(type)["enumValues"]![0]!["name"]!.GetValue<string>(),
            "INPUT_OBJECT" => new JsonObject(Named(type)["inputFields"]!.AsArray()
                .Where(field => field!["type"]!["kind"]!.GetValue<string>() == "NON_NULL")
                .Select(field => KeyValuePair.Create(field!["name"]!.GetValue<string>(), ValueOf(field["type"]!)))),
            _ => type["name"]!.GetValue<string>() switch
            {
                "Address" => Cast.Ada.Address.ToString(),
                "Bytes32" => $"0x{new string('1', 64)}",
                "UInt256" => "1",
                "DateTime" => "2030-01-01T00:00:00.000Z",
                "String" or "ID" => "0x01",
                "Boolean" => true,
                _ => 1,
            },
        };

        private JsonNode Named(JsonNode type) =>
            schema["types"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == type["name"]!.GetValue<string>())!;
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Service.Demo;

namespace Grants.Service.Tests.Journeys;

/// <summary>The committed table of who may ask for what.</summary>
internal static class RoleTable
{
    public const string SignedIn = "anyone signed in";

    public static IReadOnlyList<(string Type, string Field, string Who)> Rows() =>
    [
        .. File.ReadLines(Path.Combine(
                Path.GetDirectoryName(Path.GetDirectoryName(LocalServers.Home))!, "schema", "graphql", "roles.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells is [_, ['`', ..], _, ..])
            .Select(cells => (Names: cells[1].Trim('`').Split('.'), Who: cells[2]))
            .Select(row => (row.Names[0], row.Names[1], row.Who)),
    ];

    /// <summary>Asks the service for mutations as these people, and says each that the table does not give and that is not denied, and
    /// each that it gives and that is.</summary>
    /// <param name="rows">What is asked for.</param>
    /// <param name="people">Who asks, with all the roles that they have beside being signed in.</param>
    /// <param name="target">Values of input fields, by their names, where they are not to be made up.</param>
    /// <param name="denials">The codes that deny somebody.</param>
    /// <param name="isThere">Whether all that is asked about is there, so that it is not what NOT_FOUND says.</param>
    public static async Task<IReadOnlyList<string>> WrongAsync(
        SchemaShape schema,
        HttpClient http,
        IEnumerable<(string Type, string Field, string Who)> rows,
        IReadOnlyList<(string[] Roles, ApiClient Client)> people,
        IReadOnlyDictionary<string, string> target,
        IReadOnlyCollection<string> denials,
        bool isThere,
        CancellationToken cancellation)
    {
        var wrong = new List<string>();
        foreach (var (type, field, who) in rows)
        {
            foreach (var (roles, client) in people)
            {
                var isGiven = who is "anyone" or SignedIn || who.Split(" or ").Intersect(roles).Any();
                var answer = await schema.AskAsync(http, client.Token, type, field, target, cancellation);
                var code = SchemaShape.CodeOf(answer, field);
                if (denials.Contains(code) == isGiven && !(isGiven && code == "NOT_FOUND" && !isThere))
                    wrong.Add($"{field} is for {who}, and who is {string.Join(", ", roles)} is told: {answer.ToJsonString()}");
            }
        }

        return wrong;
    }
}

/// <summary>The schema as a client sees it, and the least request for a field that it takes.</summary>
internal sealed class SchemaShape(JsonNode schema)
{
    private const string TypeOf = "kind name ofType { kind name ofType { kind name ofType { kind name } } }";

    public static async Task<SchemaShape> ReadAsync(ApiClient client, CancellationToken cancellation)
    {
        const string fields = $"fields {{ name type {{ {TypeOf} }} args {{ name type {{ {TypeOf} }} }} }}";
        const string inputs = $"enumValues {{ name }} inputFields {{ name type {{ {TypeOf} }} }}";
        var data = await client.QueryAsync($"{{ __schema {{ types {{ kind name {fields} {inputs} }} }} }}", null, cancellation);
        return new(data["__schema"]!);
    }

    /// <summary>Asks for a field at the root, with the least that its arguments take.</summary>
    /// <param name="token">Of a session; null for nobody.</param>
    /// <param name="target">Values of input fields, by their names, where they are not to be made up.</param>
    public async Task<JsonNode> AskAsync(
        HttpClient http,
        string? token,
        string type,
        string field,
        IReadOnlyDictionary<string, string>? target,
        CancellationToken cancellation)
    {
        var shape = Named(type)["fields"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == field)!;
        var needed = shape["args"]!.AsArray().Where(argument => argument!["type"]!["kind"]!.GetValue<string>() == "NON_NULL"
            || (type == "Query" && argument["name"]!.GetValue<string>() == "proposalId")).ToList();
        var variables = new JsonObject(needed.Select(argument => KeyValuePair.Create(
            argument!["name"]!.GetValue<string>(), ValueOf(argument["type"]!, argument["name"]!.GetValue<string>(), target))));
        var declared = needed.Select(one => $"${one!["name"]}: {Written(one["type"]!)}").ToList();
        var given = needed.Select(one => $"{one!["name"]}: ${one["name"]}").ToList();
        var body = new JsonObject
        {
            ["query"] = $"{type.ToLowerInvariant()} {Listed(declared)} {{ {field}{Listed(given)} {SelectionOf(shape["type"]!)} }}",
            ["variables"] = variables,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (type == "Subscription")
            request.Headers.Accept.Add(new("text/event-stream"));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        return type == "Subscription"
            ? await FirstOfAsync(response, cancellation)
            : JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation))!;
    }

    /// <summary>The code that a field was refused with; null where it was not.</summary>
    public static string? CodeOf(JsonNode answer, string field) =>
        (answer["errors"]?[0]?["extensions"]?["code"]
            ?? ((answer["data"]?[field] as JsonObject)?["userErrors"] as JsonArray)?.FirstOrDefault()?["code"])?.GetValue<string>();

    private static string Listed(List<string> parts) => parts.Count == 0 ? string.Empty : $"({string.Join(", ", parts)})";

    private static string Written(JsonNode type) => type["kind"]!.GetValue<string>() switch
    {
        "NON_NULL" => $"{Written(type["ofType"]!)}!",
        "LIST" => $"[{Written(type["ofType"]!)}]",
        _ => type["name"]!.GetValue<string>(),
    };

    private static async Task<JsonNode> FirstOfAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            const string data = "data: ";
            if (line.StartsWith(data, StringComparison.Ordinal) || line.StartsWith('{'))
                return JsonNode.Parse(line.StartsWith('{') ? line : line[data.Length..])!;
        }

        throw new InvalidOperationException("The stream ended without an event.");
    }

    // What tells most with least: the refusal of a mutation, whether a page is empty, or merely the type.
    private string SelectionOf(JsonNode type)
    {
        if (type["ofType"] is { } inner)
            return SelectionOf(inner);
        var names = (Named(type)["fields"] as JsonArray)?.Select(field => field!["name"]!.GetValue<string>()).ToList();
        return names switch
        {
            null => string.Empty,
            _ when names.Contains("userErrors") => "{ userErrors { code message } }",
            _ when names.Contains("pageInfo") => "{ pageInfo { endCursor hasNextPage } }",
            _ => "{ __typename }",
        };
    }

    private JsonNode? ValueOf(JsonNode type, string name, IReadOnlyDictionary<string, string>? target)
    {
        if (target?.GetValueOrDefault(name) is { } known)
            return known;
        return type["kind"]!.GetValue<string>() switch
        {
            "NON_NULL" => ValueOf(type["ofType"]!, name, target),
            "LIST" => new JsonArray(ValueOf(type["ofType"]!, name, target)),
            "ENUM" => Named(type)["enumValues"]![0]!["name"]!.GetValue<string>(),
            "INPUT_OBJECT" => new JsonObject(Named(type)["inputFields"]!.AsArray()
                .Where(field => field!["type"]!["kind"]!.GetValue<string>() == "NON_NULL")
                .Select(field => field!["name"]!.GetValue<string>())
                .Select(field => KeyValuePair.Create(field, ValueOf(Named(type)["inputFields"]!.AsArray()
                    .Single(one => one!["name"]!.GetValue<string>() == field)!["type"]!, field, target)))),
            _ => type["name"]!.GetValue<string>() switch
            {
                "Address" => Cast.Ada.Address.ToString(),
                "Bytes32" => $"0x{new string('1', 64)}",
                "UInt256" => "1",
                "DateTime" => "2030-01-01T00:00:00.000Z",
                "String" or "ID" => TextOf(name),
                "Boolean" => true,
                _ => 1,
            },
        };
    }

    // Every act is one of its own, and none is done for no reason.
    private static string TextOf(string name) => name switch
    {
        "clientMutationId" => $"{Guid.CreateVersion7()}",
        "reason" or "note" or "text" => string.Empty,
        _ => "0x01",
    };

    private JsonNode Named(JsonNode type) => Named(type["name"]!.GetValue<string>());

    private JsonNode Named(string type) => schema["types"]!.AsArray().Single(one => one!["name"]!.GetValue<string>() == type)!;
}

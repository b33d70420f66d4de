using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Signing;

namespace Grants.Service.Demo;

/// <summary>A person in front of the API: GraphQL over HTTP, signed in with a wallet or not at all.</summary>
public sealed class ApiClient(HttpClient http)
{
    /// <summary>Of the session; null for nobody.</summary>
    public string? Token { get; private set; }

    private int keys;

    /// <summary>Runs a query and returns its data.</summary>
    /// <exception cref="DemoException">The answer has errors.</exception>
    public async Task<JsonObject> QueryAsync(string query, object? variables, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql")
        {
            Content = JsonContent.Create(new { query, variables }, options: JsonSerializerOptions.Web),
        };
        if (Token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        using var response = await http.SendAsync(request, cancellation);
        var body = await response.Content.ReadFromJsonAsync<JsonObject>(cancellation);
        if (body?["errors"] is { } errors)
            throw new DemoException($"The API answers: {errors.ToJsonString()}");
        return body!["data"]!.AsObject();
    }

    /// <summary>Runs a mutation of one input and returns its result.</summary>
    /// <exception cref="DemoException">The mutation was refused.</exception>
    public async Task<JsonNode> MutateAsync(string name, string result, string fields, JsonObject input, CancellationToken cancellation)
    {
        input["clientMutationId"] ??= $"{Guid.CreateVersion7()}-{++keys}";
        var type = $"{char.ToUpperInvariant(name[0])}{name[1..]}Input";
        var data = await QueryAsync(
            $"mutation ($input: {type}!) {{ {name}(input: $input) {{ {result} {{ {fields} }} userErrors {{ code field message }} }} }}",
            new { input },
            cancellation);
        var payload = data[name]!;
        if (payload["userErrors"]!.AsArray() is { Count: > 0 } errors)
            throw new DemoException($"{name} is refused: {errors.ToJsonString()}");
        return payload[result]!;
    }

    /// <summary>Signs in with a wallet (EIP-4361).</summary>
    public async Task SignInAsync(PrivateKey wallet, CancellationToken cancellation)
    {
        var asked = await MutateAsync(
            "requestSignIn", "signIn", "message", new() { ["account"] = wallet.Address.ToString() }, cancellation);
        var message = asked["message"]!.GetValue<string>();
        var session = await MutateAsync(
            "signIn",
            "session",
            "token",
            new() { ["message"] = message, ["signature"] = wallet.Sign(PersonalMessage.Digest(message)).ToString() },
            cancellation);
        Token = session["token"]!.GetValue<string>();
    }
}

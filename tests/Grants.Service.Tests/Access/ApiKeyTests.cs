using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Service.Demo;
using Grants.Service.Tests.Journeys;
using Grants.Service.Tests.Transports;
using Xunit;

namespace Grants.Service.Tests.Access;

/// <summary>A program acts for an account, within what the key says, until it is revoked.</summary>
[Collection(nameof(OpenVote))]
public sealed class ApiKeyTests(OpenVote vote)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_key_does_what_it_names_for_its_account_and_nothing_else()
    {
        var (_, secret) = await CreateAsync(["draftProposal"]);
        var me = await AskAsync(secret, "{ me { account } }");
        Assert.Equal(Cast.Ada.Address.ToString(), me["data"]!["me"]!["account"]!.GetValue<string>());
        Assert.Empty((await MutateAsync(secret, "draftProposal", OpenVote.DraftInput(OpenVote.ProgramId)))["data"]!["draftProposal"]![
            "userErrors"]!.AsArray());
        foreach (var (other, input) in new (string, JsonObject)[]
        {
            ("withdrawProposal", new() { ["proposalId"] = vote.Open["proposalId"]!.GetValue<string>() }),
            ("revokeApiKey", new() { ["apiKeyId"] = "any" }),
        })
            Assert.Equal("FORBIDDEN", CodeOf(await MutateAsync(secret, other, input)));
    }

    [Fact]
    public async Task its_secret_is_shown_once_and_kept_as_a_hash()
    {
        var input = await InputAsync(["draftProposal"]);
        var made = await vote.Ada.MutateAsync("createApiKey", "apiKey", "apiKeyId secret", (JsonObject)input.DeepClone(), Cancellation);
        var again = await vote.Ada.MutateAsync("createApiKey", "apiKey", "apiKeyId secret", input, Cancellation);
        Assert.Equal(made["apiKeyId"]!.GetValue<string>(), again["apiKeyId"]!.GetValue<string>());
        Assert.Null(again["secret"]);
        await using var command = vote.Database.CreateCommand("select token_hash from access.api_key where id = $1");
        command.Parameters.Add(new() { Value = made["apiKeyId"]!.GetValue<string>() });
        Assert.Equal(
            SHA256.HashData(Encoding.UTF8.GetBytes(made["secret"]!.GetValue<string>())),
            (byte[])(await command.ExecuteScalarAsync(Cancellation))!);
        var listed = await vote.Ada.QueryAsync("{ apiKeys(first: 100) { edges { node { secret } } } }", null, Cancellation);
        Assert.All(listed["apiKeys"]!["edges"]!.AsArray(), edge => Assert.Null(edge!["node"]!["secret"]));
    }

    [Fact]
    public async Task a_revoked_key_is_nobody_at_once_and_its_connections_end()
    {
        var (id, secret) = await CreateAsync(["draftProposal"]);
        using var socket = await RawSocket.ConnectAsync(new UriBuilder(vote.Http.BaseAddress!) { Scheme = "ws", Path = "graphql" }.Uri);
        await socket.SendAsync($$$"""{"type":"connection_init","payload":{"authorization":"Bearer {{{secret}}}"}}""");
        Assert.Equal("connection_ack", (await socket.ReadAsync())!["type"]!.GetValue<string>());
        await vote.Ada.MutateAsync("revokeApiKey", "apiKey", "revokedAt", new() { ["apiKeyId"] = id }, Cancellation);
        Assert.Equal("UNAUTHENTICATED", CodeOf(await MutateAsync(secret, "draftProposal", OpenVote.DraftInput(OpenVote.ProgramId))));
        Assert.Equal(4403, (await socket.ClosedAsync()).Code);
    }

    [Fact]
    public async Task a_key_that_is_over_is_nobody()
    {
        var (id, secret) = await CreateAsync(["draftProposal"]);
        await using var command = vote.Database.CreateCommand("update access.api_key set expires_at = now() where id = $1");
        command.Parameters.Add(new() { Value = id });
        await command.ExecuteNonQueryAsync(Cancellation);
        Assert.Null((await AskAsync(secret, "{ me { account } }"))["data"]!["me"]);
    }

    [Fact]
    public async Task nobody_revokes_the_key_of_somebody_else()
    {
        var (id, secret) = await CreateAsync(["draftProposal"]);
        var refused = await Assert.ThrowsAsync<DemoException>(() => vote.Manager.MutateAsync(
            "revokeApiKey", "apiKey", "apiKeyId", new() { ["apiKeyId"] = id }, Cancellation));
        Assert.Contains("NOT_FOUND", refused.Message, StringComparison.Ordinal);
        Assert.NotNull((await AskAsync(secret, "{ me { account } }"))["data"]!["me"]);
    }

    public static TheoryData<string, string> Wrong() => new()
    {
        { "no scopes", "INVALID_VALUE" },
        { "a scope that is no mutation", "INVALID_VALUE" },
        { "a scope for people", "INVALID_VALUE" },
        { "a scope twice", "INVALID_VALUE" },
        { "too long", "INVALID_VALUE" },
        { "over", "INVALID_VALUE" },
        { "no name", "INVALID_VALUE" },
        { "signed by another", "INVALID_SIGNATURE" },
        { "signed for another scope", "INVALID_SIGNATURE" },
        { "signed for another act", "INVALID_SIGNATURE" },
        { "signed too far ahead", "INVALID_VALUE" },
        { "signed and over", "INVALID_VALUE" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task a_key_that_should_not_be_is_not_made(string what, string code)
    {
        string[] scopes = what switch
        {
            "no scopes" => [],
            "a scope that is no mutation" => ["dropTables"],
            "a scope for people" => ["approveDisbursement"],
            "a scope twice" => ["draftProposal", "draftProposal"],
            _ => ["draftProposal"],
        };
        var input = await InputAsync(scopes, what == "signed by another" ? Cast.Bo : Cast.Ada);
        _ = what switch
        {
            "too long" => input["expiresAt"] = $"{DateTimeOffset.UtcNow.AddDays(91):O}",
            "over" => input["expiresAt"] = $"{DateTimeOffset.UtcNow.AddSeconds(-1):O}",
            "no name" => input["name"] = "\u200b",
            "signed for another scope" => input["scopes"] = new JsonArray { "withdrawProposal" },
            "signed for another act" => input["clientMutationId"] = "another act",
            "signed too far ahead" => input["authorization"]!["expiresAt"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 400,
            "signed and over" => input["authorization"]!["expiresAt"] = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 1,
            _ => null,
        };
        var refused = await Assert.ThrowsAsync<DemoException>(
            () => vote.Ada.MutateAsync("createApiKey", "apiKey", "apiKeyId", input, Cancellation));
        Assert.Contains(code, refused.Message, StringComparison.Ordinal);
    }

    private async Task<(string Id, string Secret)> CreateAsync(string[] scopes)
    {
        var key = await vote.Ada.MutateAsync("createApiKey", "apiKey", "apiKeyId secret", await InputAsync(scopes), Cancellation);
        return (key["apiKeyId"]!.GetValue<string>(), key["secret"]!.GetValue<string>());
    }

    private Task<JsonObject> InputAsync(string[] scopes, Person? signer = null) => Consent.SignAsync(
        vote.Public,
        signer ?? Cast.Ada,
        "createApiKey",
        string.Join(' ', scopes),
        new()
        {
            ["name"] = "a robot",
            ["scopes"] = new JsonArray([.. scopes.Select(scope => (JsonNode)scope)]),
            ["expiresAt"] = $"{DateTimeOffset.UtcNow.AddDays(30):O}",
        },
        Cancellation);

    private Task<JsonNode> MutateAsync(string token, string name, JsonObject input)
    {
        input["clientMutationId"] ??= Guid.CreateVersion7().ToString();
        return AskAsync(
            token,
            $"mutation ($i: {char.ToUpperInvariant(name[0])}{name[1..]}Input!) {{ {name}(input: $i) {{ userErrors {{ code }} }} }}",
            new() { ["i"] = input });
    }

    private async Task<JsonNode> AskAsync(string token, string query, JsonObject? variables = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql");
        var body = new JsonObject { ["query"] = query, ["variables"] = variables };
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await vote.Http.SendAsync(request, Cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private static string? CodeOf(JsonNode answer) => answer["errors"]?[0]?["extensions"]?["code"]?.GetValue<string>();
}

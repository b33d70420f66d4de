using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>GraphQL over HTTP as its specification and other people's audits of it demand.</summary>
public sealed class HttpProtocolTests(BareApi api) : IClassFixture<BareApi>, IDisposable
{
    private readonly HttpClient http = new() { BaseAddress = api.Url };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task every_audit_of_graphql_http_is_passed()
    {
        await using var clients = await NodeClients.StartAsync(api.Url);
        var audits = await clients.AuditAsync();
        Assert.Equal(61, audits.Count);
        Assert.All(audits, audit => Assert.True(audit!["status"]!.GetValue<string>() == "ok", audit.ToJsonString()));
    }

    [Theory]
    [InlineData(null, "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json; charset=utf-8", "application/json")]
    [InlineData("application/graphql-response+json; charset=utf-8, application/json; charset=utf-8", "application/graphql-response+json")]
    [InlineData("application/json;q=0.5, application/graphql-response+json", "application/graphql-response+json")]
    [InlineData("text/html, application/graphql-response+json;q=0.1", "application/graphql-response+json")]
    [InlineData("application/graphql-response+json;q=0, */*;q=0.1", "application/json")]
    [InlineData("text/event-stream", "text/event-stream")]
    [InlineData("text/html", null)]
    [InlineData("application/json;q=0", null)]
    public async Task the_answer_has_the_form_that_the_client_likes_best(string? accept, string? form)
    {
        using var response = await SendAsync(HttpMethod.Post, """{"query":"{ __typename }"}""", accept);
        Assert.Equal(form is null ? HttpStatusCode.NotAcceptable : HttpStatusCode.OK, response.StatusCode);
        if (form is not null)
            Assert.Equal(form, response.Content.Headers.ContentType!.MediaType);
    }

    // A real validation failure: the audits' own documents do not even parse.
    [Theory]
    [InlineData("{ nonsense }", "application/json", 200)]
    [InlineData("{ nonsense }", "application/graphql-response+json", 400)]
    [InlineData("query ($a: Int!) { __typename @include(if: $a) }", "application/graphql-response+json", 400)]
    [InlineData("{ ...a } fragment a on Query { ...a }", "application/json", 400)]
    [InlineData("subscription { ballotCast(voteId: \\\"0x\\\") { voter } }", "application/json", 400)]
    public async Task what_is_not_executed_says_so_in_its_status_where_the_client_can_tell(string query, string accept, int status)
    {
        using var response = await SendAsync(HttpMethod.Post, $$"""{"query":"{{query}}"}""", accept);
        Assert.Equal(status, (int)response.StatusCode);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.NotEmpty(answer["errors"]!.AsArray());
        Assert.Null(answer["data"]);
    }

    [Theory]
    [InlineData("""{"a":true}""", 200)]
    [InlineData("""{"a":"yes"}""", 400)]
    [InlineData("""{"a":null}""", 400)]
    [InlineData("{}", 400)]
    public async Task a_document_that_is_known_has_its_variables_checked_all_the_same(string variables, int status)
    {
        for (var time = 0; time < 2; time++)
        {
            using var known = await AskAsync("""{"a":false}""");
            Assert.Equal(HttpStatusCode.OK, known.StatusCode);
        }

        using var response = await AskAsync(variables);
        Assert.Equal(status, (int)response.StatusCode);

        Task<HttpResponseMessage> AskAsync(string values) => SendAsync(
            HttpMethod.Post,
            $$"""{"query":"query ($a: Boolean!) { __typename @include(if: $a) }","variables":{{values}}}""",
            "application/graphql-response+json");
    }

    [Fact]
    public async Task a_mutation_is_not_taken_by_get()
    {
        using var response = await http.GetAsync(
            new Uri("graphql?query=mutation%20%7B%20__typename%20%7D", UriKind.Relative), Cancellation);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["POST"], response.Content.Headers.Allow);
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task other_methods_are_not_known(string method)
    {
        using var response = await SendAsync(new HttpMethod(method), "{}", null);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
    }

    [Fact]
    public async Task a_batch_is_no_request()
    {
        using var response = await SendAsync(HttpMethod.Post, """[{"query":"{ __typename }"}]""", null);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task an_event_stream_says_in_the_stream_what_is_wrong()
    {
        using var response = await SendAsync(HttpMethod.Post, """{"query":"{ nonsense }"}""", "text/event-stream");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var lines = (await response.Content.ReadAsStringAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(
            [":", "event: next", "event: complete", "data:"], lines.Where(line => !IsData(line)));
        var result = JsonNode.Parse(Assert.Single(lines, IsData)["data: ".Length..])!;
        Assert.Equal("BAD_USER_INPUT", Assert.Single(result["errors"]!.AsArray())!["extensions"]!["code"]!.GetValue<string>());
    }

    public void Dispose() => http.Dispose();

    private static bool IsData(string line) => line.StartsWith("data: ", StringComparison.Ordinal);

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string body, string? accept)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(method, "graphql") { Content = content };
        if (accept is not null)
            request.Headers.TryAddWithoutValidation("Accept", accept);
        return await http.SendAsync(request, Cancellation);
    }
}

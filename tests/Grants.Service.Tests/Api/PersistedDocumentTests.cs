using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grants.Service.Api.Documents;
using Grants.Service.Api.Limits;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Transports;
using GraphQL.Transport;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>Documents that are named instead of sent.</summary>
public sealed class PersistedDocumentTests(BareApi api) : IClassFixture<BareApi>
{
    private static readonly string Known = PersistedDocuments.All.Values.Single(
        text => text.StartsWith("query BallotTypedData", StringComparison.Ordinal));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void a_document_is_put_into_the_request_that_names_it()
    {
        var request = new GraphQLRequest { DocumentId = PersistedDocuments.IdOf(Known) };
        Assert.Null(PersistedDocuments.Resolve(request, only: true));
        Assert.Equal(Known, request.Query);
    }

    [Fact]
    public async Task it_is_executed_by_post_and_by_get()
    {
        // Of no variables: it is found, and refused for what it asks with.
        var id = PersistedDocuments.IdOf(Known);
        foreach (var answer in new[] { await PostAsync(api.Url, new { documentId = id }), await GetAsync($"documentId={id}") })
            Assert.Contains("voteId", answer.ToJsonString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sha256:0000", null, "UNKNOWN_DOCUMENT")]
    [InlineData("", null, "UNKNOWN_DOCUMENT")]
    [InlineData(null, "{ __typename }", "BAD_USER_INPUT")]
    public async Task what_is_not_the_document_of_its_id_is_refused(string? id, string? query, string code)
    {
        var answer = await PostAsync(api.Url, new { documentId = id ?? PersistedDocuments.IdOf(Known), query });
        Assert.Equal(code, answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task a_service_may_execute_no_other_documents()
    {
        await using var strict = BareApi.Build(
            _ => { }, services => services.Configure<LimitOptions>(limits => limits.PersistedOnly = true));
        var url = await strict.ServeAsync();
        var answer = await PostAsync(url, new { query = "{ __typename }" });
        Assert.Equal("UNKNOWN_DOCUMENT", answer["errors"]![0]!["extensions"]!["code"]!.GetValue<string>());
        Assert.Contains("voteId", (await PostAsync(url, new { query = Known })).ToJsonString(), StringComparison.Ordinal);
    }

    private static async Task<JsonNode> PostAsync(Uri url, object body)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync(new Uri(url, "graphql"), body, Cancellation);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
    }

    private async Task<JsonNode> GetAsync(string query)
    {
        using var http = new HttpClient();
        return JsonNode.Parse(await http.GetStringAsync(new Uri(api.Url, $"graphql?{query}"), Cancellation))!;
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grants.Service.Api.Limits;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Transports;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace Grants.Service.Tests.Api;

/// <summary>What one may ask of the service, and what one is told of it.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly WebApplication app = BareApi.Build(
        _ => { }, services => services.Configure<LimitOptions>(limits => limits.AnonymousCostPerMinute = 1_000));

    private readonly HttpClient http = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        http.BaseAddress = await app.ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task every_answer_tells_what_it_cost_and_what_is_left()
    {
        using var response = await AskAsync("{ __typename }");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("1000", response.Headers.GetValues("X-RateLimit-Limit").Single());
        Assert.Equal("999", response.Headers.GetValues("X-RateLimit-Remaining").Single());
        Assert.Equal("1", response.Headers.GetValues("X-RateLimit-Reset").Single());
        var cost = (await ReadAsync(response))["extensions"]!["cost"]!;
        Assert.Equal(1, cost["requestedQueryCost"]!.GetValue<int>());
        Assert.Equal(1_000, cost["throttleStatus"]!["maximumAvailable"]!.GetValue<int>());
        Assert.Equal(16, cost["throttleStatus"]!["restoreRate"]!.GetValue<int>());
    }

    [Fact]
    public async Task who_has_spent_it_all_is_told_when_to_come_again()
    {
        using var refused = await SpendAsync();
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        var error = Assert.Single((await ReadAsync(refused))["errors"]!.AsArray())!;
        Assert.Equal("RATE_LIMITED", error["extensions"]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task whoever_delivers_the_ballots_of_many_is_not_held_for_one_who_asks_much()
    {
        using var refused = await SpendAsync();
        using var response = await AskAsync("mutation { castBallot(input: {}) { ballot { logIndex } } }");
        Assert.Contains("BAD_USER_INPUT", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task an_operation_that_may_cost_too_much_is_refused_and_not_charged()
    {
        using var refused = await AskAsync(
            "{ programs(first: 100) { edges { node { a: intake { form } b: review { seats } votingRules { system } "
            + "vesting { curve } c: intake { form } d: review { seats } e: intake { form } f: intake { form } g: intake { form } "
            + "h: intake { form } } } } }");
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("COST_EXCEEDED", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        using var next = await AskAsync("{ __typename }");
        Assert.Equal("999", next.Headers.GetValues("X-RateLimit-Remaining").Single());
    }

    [Fact]
    public async Task headers_that_claim_another_address_are_not_believed()
    {
        using var refused = await SpendAsync("X-Forwarded-For", "X-Real-IP", "Forwarded", "True-Client-IP");
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task so_many_operations_run_at_the_same_time_and_so_many_wait()
    {
        using var gate = new ExecutionGate(Options.Create(new LimitOptions { Executions = 2, Waiting = 1 }));
        using var first = await gate.EnterAsync(Cancellation);
        using var second = await gate.EnterAsync(Cancellation);
        var third = gate.EnterAsync(Cancellation);
        Assert.False(third.IsCompleted);
        Assert.Null(await gate.EnterAsync(Cancellation));
        first!.Dispose();
        using var entered = await third;
        Assert.NotNull(entered);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    [InlineData("2001:db8:1:2:ffff::", "2001:db8:1:2::")]
    public void strangers_are_told_apart_by_their_network(string address, string network) =>
        Assert.Equal(IPAddress.Parse(network), ClientNetwork.Of(IPAddress.Parse(address)));

    // Asks until nothing is left; each time with another address in the headers named.
    private async Task<HttpResponseMessage> SpendAsync(params string[] headers)
    {
        for (var i = 0; i < 20; i++)
        {
            var response = await AskAsync("{ __schema { types { name } } }", headers, $"192.0.2.{i}");
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                return response;
            response.Dispose();
        }

        throw new InvalidOperationException("Nothing was refused.");
    }

    private async Task<HttpResponseMessage> AskAsync(string query, string[]? headers = null, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "graphql") { Content = JsonContent.Create(new { query }) };
        foreach (var header in headers ?? [])
            request.Headers.TryAddWithoutValidation(header, address);
        return await http.SendAsync(request, Cancellation);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
}

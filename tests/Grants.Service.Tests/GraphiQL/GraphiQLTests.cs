using System.Net;
using System.Text.RegularExpressions;
using Grants.Service.Api.GraphiQL;
using Grants.Service.Tests.Embedded;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Grants.Service.Tests.GraphiQL;

/// <summary>GraphiQL as a host in development serves it, built there and then where nobody has opened it before.</summary>
public sealed partial class GraphiQLTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private WebApplication app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        app = BareHost.CreateBuilder().Build();
        app.MapGraphiQL();
        http.BaseAddress = await app.ServeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task the_page_comes_from_our_own_build_and_asks_nobody_else()
    {
        var page = "";
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await http.GetAsync("graphiql", Cancellation);
                page = await answer.Content.ReadAsStringAsync(Cancellation);
                Assert.Equal("text/html", answer.Content.Headers.ContentType!.MediaType);
                Assert.StartsWith(
                    "default-src 'none'; script-src 'self';",
                    Assert.Single(answer.Headers.GetValues("Content-Security-Policy")),
                    StringComparison.Ordinal);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            TimeSpan.FromMinutes(5),
            "GraphiQL is built");
        var files = Link().Matches(page).Select(match => match.Groups[1].Value).ToList();
        Assert.Contains(files, file => file.EndsWith(".js", StringComparison.Ordinal));
        Assert.Contains(files, file => file.EndsWith(".css", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.StartsWith("/graphiql/assets/", file, StringComparison.Ordinal);
            using var answer = await http.GetAsync(file[1..], Cancellation);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(
                file.EndsWith(".js", StringComparison.Ordinal) ? "text/javascript" : "text/css",
                answer.Content.Headers.ContentType!.MediaType);
        }

        Assert.DoesNotContain("<script>", page, StringComparison.Ordinal); // the page's policy would not run it
        foreach (var other in new[] { "assets/nothing.js", "..%2fpackage.json", "%2e%2e/package.json", "built-from" })
        {
            using var answer = await http.GetAsync($"graphiql/{other}", Cancellation);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [GeneratedRegex("(?:src|href)=\"([^\"]+)\"")]
    private static partial Regex Link();
}

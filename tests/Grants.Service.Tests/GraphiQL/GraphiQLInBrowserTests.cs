using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Grants.Service.Hosting;
using Grants.Service.Hosting.Embedded.Processes;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Transports;
using Xunit;

namespace Grants.Service.Tests.GraphiQL;

/// <summary>
/// GraphiQL of a service in development, opened in a browser that comes with all that it needs as a package (x64 alone):
/// <c>tests/clients/browser</c>.
/// </summary>
public sealed class GraphiQLInBrowserTests(LocalServers local) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("grants-browser-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task queries_and_subscriptions_are_written_and_run_and_nobody_else_is_asked()
    {
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture == Architecture.X64, "The package holds a browser for x64.");
        var data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data);
        await local.SeedClusterAsync(Path.Combine(data, "pg18"));
        await using var run = await ServiceRun.StartAsync(
            new RunOptions(data, "http://127.0.0.1:0"), new Dictionary<string, string?>(), _ => { }, Cancellation);
        var page = new Uri(run.Url, "graphiql");
        using var http = new HttpClient();
        await Eventually.TrueAsync(
            async () =>
            {
                using var answer = await http.GetAsync(page, Cancellation);
                return answer.StatusCode == HttpStatusCode.OK;
            },
            TimeSpan.FromMinutes(5),
            "GraphiQL is built");

        var seen = await OpenAsync(page);
        Assert.Empty(seen["complaints"]!.AsArray().Select(complaint => $"{complaint}"));
        Assert.Empty(seen["elsewhere"]!.AsArray().Select(address => $"{address}"));
        Assert.Equal(page.GetLeftPart(UriPartial.Authority), $"{Assert.Single(seen["origins"]!.AsArray())}");
        Assert.StartsWith("space", $"{seen["completion"]}", StringComparison.Ordinal);
        Assert.Matches("\"data\": *{ *\"space\": *{ *\"id\": *\"metis\"", $"{seen["answer"]}");
        Assert.Matches("\"chainHead\": *{ *\"chainId\": *31337", $"{seen["told"]}");
        Assert.Contains("query: Query", $"{seen["documentation"]}", StringComparison.Ordinal);
    }

    private async Task<JsonNode> OpenAsync(Uri page)
    {
        var home = Path.Combine(NodeClients.Home, "browser");
        await NodeClients.RestoreAsync(home);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(TimeSpan.FromMinutes(5));
        var opened = await Command.RunAsync(["env", $"TMPDIR={folder}", "node", "graphiql.mjs", page.ToString()], home, limit.Token);
        Assert.True(opened.Succeeded, opened.Output);
        return JsonNode.Parse(opened.Output.Split('\n').Single(line => line.StartsWith('{')))!;
    }
}

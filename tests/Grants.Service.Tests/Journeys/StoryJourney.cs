using Grants.Service.Audit;
using Grants.Service.Demo;
using Grants.Service.Tests.Transports;
using Spectre.Console;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>The product's story from end to end, and what a restart finds afterwards.</summary>
public sealed class StoryJourney(LocalServers servers) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("grants-story-").FullName;

    [Fact]
    public async Task the_story_is_played_and_every_invariant_holds_also_after_a_restart()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var database = await servers.CreateDatabaseAsync("story");
        var chain = await servers.StartChainAsync();
        var keyFile = Path.Combine(folder, "operator.key");
        await using var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(output) });

        await using (var run = await RunningService.StartAsync(database, chain, keyFile, cancellation))
        {
            var lines = Assert.Single(await DemoRun.PlayAsync(run, console, cancellation)).Lines;
            Assert.Equal(["I1", "I2", "I3", "I4", "I5", "I6", "I7", "I8", "I9"], lines.Select(line => line.Invariant));
            Assert.All(lines, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
            Assert.All(lines, line => Assert.True(line.Checked > 0, $"{line.Invariant} looked at nothing."));
            await IsToldFromItsBeginAsync(run.Url, cancellation);
        }

        await using (var again = await RunningService.StartAsync(database, chain, keyFile, cancellation))
        {
            var lines = Assert.Single(await AuditRun.CheckAsync(again.App.Services, cancellation)).Lines;
            Assert.All(lines, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
        }
    }

    // Each award, payment and breach of the story, by a client that is cut off again and again.
    private static async Task IsToldFromItsBeginAsync(Uri url, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = url };
        var api = new ApiClient(http);
        async Task<IReadOnlyList<string>> IdsAsync(string list, string id, string arguments = "first: 100") =>
        [
            .. (await api.QueryAsync($"{{ {list}({arguments}) {{ edges {{ node {{ {id} }} }} }} }}", null, cancellation))
                [list]!["edges"]!.AsArray().Select(edge => edge!["node"]![id]!.GetValue<string>()),
        ];

        await using var clients = await NodeClients.StartAsync(url);
        var awards = await IdsAsync("awards", "awardId");
        Assert.Equal(2, awards.Count);
        var (breaches, states) = (0, 0);
        foreach (var award in awards)
        {
            Assert.True(1 < await ReplaysAsync("awardChanged(awardId: $i", "Bytes32!", "status released remaining heldTranche", award));
            foreach (var breach in await IdsAsync("breaches", "breachId", $"first: 10, awardId: \"{award}\""))
            {
                breaches++;
                states += await ReplaysAsync("breachChanged(breachId: $i", "String!", "status sanctions { kind }", breach);
            }
        }

        // At least one of them did not stay what it was when it opened.
        Assert.True(breaches > 0 && states > breaches);
        foreach (var order in await IdsAsync("disbursements", "orderId"))
            Assert.True(1 < await ReplaysAsync("disbursementChanged(orderId: $i", "Bytes32!", "nonce finalizedAt { logIndex }", order));

        Task<int> ReplaysAsync(string field, string type, string fields, string id) =>
            clients.ReplaysAsync($"subscription ($i: {type}, $s: Long) {{ {field}, fromSequence: $s) {{ {fields} }} }}", id);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

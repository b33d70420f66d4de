using Grants.Service.Audit;
using Grants.Service.Demo;
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
        }

        await using (var again = await RunningService.StartAsync(database, chain, keyFile, cancellation))
        {
            var lines = Assert.Single(await AuditRun.CheckAsync(again.App.Services, cancellation)).Lines;
            Assert.All(lines, line => Assert.True(line.Holds, string.Join('\n', line.Violations)));
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

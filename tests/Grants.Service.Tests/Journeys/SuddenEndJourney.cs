using System.Diagnostics;
using System.Text;
using Xunit;

namespace Grants.Service.Tests.Journeys;

/// <summary>The demo is killed in the middle; the same data is then found whole, and the story can be played on top of it.</summary>
public sealed class SuddenEndJourney(LocalServers servers) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly string data = Directory.CreateTempSubdirectory("grants-sudden-").FullName;

    [Theory]
    [InlineData("3. The DAO votes")]
    [InlineData("5. The first tranche")]
    public async Task a_demo_that_is_killed_leaves_a_store_that_passes_the_audit_and_goes_on(string step)
    {
        await servers.SeedClusterAsync(data);
        using (var demo = Start("demo", "--exit"))
        {
            await ReadUntilAsync(demo, step);
            demo.Kill(entireProcessTree: false);
            await demo.WaitForExitAsync(TestContext.Current.CancellationToken);
        }

        using var audit = Start("audit");
        var report = await ReadUntilAsync(audit, null);
        Assert.True(audit.ExitCode == 0, report);
        Assert.DoesNotContain("BROKEN", report, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(data, recursive: true);

    private Process Start(params string[] verb)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Grants.Service.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. verb, "--data", data, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = LocalServers.Home,
        };
        return Process.Start(start)!;
    }

    private static async Task<string> ReadUntilAsync(Process process, string? text)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(Patience);
        var errors = process.StandardError.ReadToEndAsync(patience.Token);
        var seen = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            seen.AppendLine(line);
            if (text is not null && line.Contains(text, StringComparison.Ordinal))
                return seen.ToString();
        }

        await process.WaitForExitAsync(patience.Token);
        seen.AppendLine(await errors);
        if (text is not null)
            Assert.Fail($"The process ended before it came to “{text}”:\n{seen}");
        return seen.ToString();
    }
}

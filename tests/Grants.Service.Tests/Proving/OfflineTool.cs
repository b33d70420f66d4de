using System.Diagnostics;
using System.Text.Json.Nodes;
using Xunit;

namespace Grants.Service.Tests.Proving;

/// <summary>The tool <c>grants</c> as anybody runs it, in a process of its own.</summary>
internal static class OfflineTool
{
    /// <summary>The report on an export.</summary>
    public static async Task<(int ExitCode, JsonNode Report)> VerifyAsync(string file, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in new[] { Path.Combine(AppContext.BaseDirectory, "grants.dll"), "verify", file, "--json" }.Concat(arguments))
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode is 0 or 1, await error);
        return (process.ExitCode, JsonNode.Parse(await output)!);
    }

    /// <summary>Fails unless everything holds.</summary>
    public static async Task<JsonNode> HoldsAsync(string file, params string[] arguments)
    {
        var (exitCode, report) = await VerifyAsync(file, arguments);
        Assert.True(exitCode == 0, report.ToJsonString());
        return report;
    }
}

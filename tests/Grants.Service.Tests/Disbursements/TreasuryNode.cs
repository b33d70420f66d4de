using System.Collections.Concurrent;
using System.Diagnostics;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>One of several processes of the service on one database, which a test may kill and start again.</summary>
internal sealed class TreasuryNode(string name, PayoutRig rig, Uri chain, IReadOnlyDictionary<string, string> settings) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("grants-node-").FullName;
    private readonly ConcurrentQueue<string> said = [];
    private Process? process;

    public string Name => name;

    /// <summary>What it said, each once and how often, for who reads why a test failed.</summary>
    public string Said => string.Join('\n', said.Select(line => line[..Math.Min(line.Length, 240)]).CountBy(line => line)
        .Select(line => $"{line.Value} x {line.Key}").TakeLast(40));

    public void Start()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Grants.Service.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, "--data", folder, "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = LocalServers.Home,
        };
        start.Environment["ConnectionStrings__Grants"] = $"{rig.Database};Application Name={name}";
        start.Environment["Chains__0__Rpc"] = chain.ToString();
        start.Environment["Chains__0__IsDevelopment"] = "true";
        start.Environment["Chains__0__PollMilliseconds"] = "50";
        start.Environment["Treasury__KeyFile"] = rig.OperatorKeyFile;
        start.Environment["Logging__LogLevel__Default"] = "Warning";
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => said.Enqueue(line.Data ?? "(end)");
        process.ErrorDataReceived += (_, line) => said.Enqueue(line.Data ?? "(end)");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>SIGKILL: nothing is flushed, nothing is said.</summary>
    public async Task KillAsync()
    {
        Assert.False(process!.HasExited, $"{name} ended by itself:\n{Said}");
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        if (process is { } running)
        {
            running.Kill();
            running.WaitForExit();
            running.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }
}

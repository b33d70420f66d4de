using System.Diagnostics;
using System.Text.Json;
using Grants.Service.Hosting.Embedded;
using Xunit;

namespace Grants.Service.Tests.Embedded;

/// <summary>
/// A process of its own that holds embedded servers until it is killed: this test program once more, told to run the one
/// test below and nothing else.
/// </summary>
internal sealed class ServerHost : IDisposable
{
    private const string DirectoryVariable = "GRANTS_TESTS_HOST_DIRECTORY";
    private const string Ready = "host.ready";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process process;

    private ServerHost(Process process, Addresses addresses)
    {
        this.process = process;
        Addresses = addresses;
    }

    public Addresses Addresses { get; }

    public static string? DirectoryOfThisHost => Environment.GetEnvironmentVariable(DirectoryVariable);

    /// <summary>Starts the process and waits until its servers answer.</summary>
    public static async Task<ServerHost> StartAsync(string directory)
    {
        File.Delete(Path.Combine(directory, Ready));
        var program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(ServerHost).Assembly.Location] : [];
        string[] filter = ["--filter-method", $"*.{nameof(ServerHostEntry.holds_servers_until_killed)}", "--explicit", "only", "--no-ansi"];
        var start = new ProcessStartInfo(program, [.. first, .. filter])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [DirectoryVariable] = directory },
        };
        var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(directory, Ready)) || process.HasExited, Patience, "the host is ready");
        if (process.HasExited)
            Assert.Fail($"The host ended instead of holding servers:\n{await output}");
        var told = await File.ReadAllTextAsync(Path.Combine(directory, Ready), TestContext.Current.CancellationToken);
        return new ServerHost(process, JsonSerializer.Deserialize<Addresses>(told)!);
    }

    public static void TellReady(string directory, Addresses addresses)
    {
        var unfinished = Path.Combine(directory, Ready + ".tmp");
        File.WriteAllText(unfinished, JsonSerializer.Serialize(addresses));
        File.Move(unfinished, Path.Combine(directory, Ready));
    }

    /// <summary>Kills it so that it can't do anything any more, and leaves alone what it started.</summary>
    public void Kill()
    {
        process.Kill(entireProcessTree: false);
        process.WaitForExit();
    }

    public void Dispose()
    {
        if (!process.HasExited)
            Kill();
        process.Dispose();
    }
}

public sealed class ServerHostEntry
{
    [Fact(Explicit = true)]
    public async Task holds_servers_until_killed()
    {
        var directory = ServerHost.DirectoryOfThisHost;
        Assert.SkipWhen(directory is null, "Only for processes that a test of embedded servers starts.");
        var cancellation = TestContext.Current.CancellationToken;
        await using var servers = await EmbeddedServers.StartAsync(new EmbeddedOptions(directory, LocalServers.Home), cancellation);
        ServerHost.TellReady(directory, Addresses.Of(servers));
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
    }
}

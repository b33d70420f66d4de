using System.Runtime.CompilerServices;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Grants.Service.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(LocalServers))]

namespace Grants.Service.Tests;

/// <summary>
/// One PostgreSQL and one chain for all tests of the assembly, started when the first test asks and ended after the last.
/// Take it as a constructor argument. Tests share the chain and must not reckon with an empty one; databases are their own.
/// </summary>
public sealed class LocalServers : IAsyncDisposable
{
    private readonly Lazy<string> directory = new(() => Directory.CreateTempSubdirectory("grants-tests-").FullName);
    private readonly Lazy<Task<EmbeddedServers>> servers;
    private readonly Lazy<Task<string>> seed;
    private readonly List<EmbeddedChain> chains = [];
    private readonly Lock gate = new();
    private int made;

    public LocalServers()
    {
        servers = new Lazy<Task<EmbeddedServers>>(StartAsync);
        seed = new Lazy<Task<string>>(SeedAsync);
    }

    /// <summary>A fresh database.</summary>
    /// <param name="name">A hint for whoever looks into the server; a number makes it unique.</param>
    /// <param name="template">The name of a database to copy. Its connections are ended.</param>
    /// <returns>The connection string.</returns>
    public async Task<string> CreateDatabaseAsync(string name, string? template = null) =>
        await (await servers.Value).CreateDatabaseAsync(
            $"{name}_{Interlocked.Increment(ref made)}", TestContext.Current.CancellationToken, template);

    /// <summary>The chain that all tests share. Nobody may move its clock.</summary>
    public async Task<Uri> SharedChainAsync() => (await servers.Value).Rpc!;

    /// <summary>A chain of the caller's own, that may be reorganized and whose clock may be moved. It ends with the assembly.</summary>
    public async Task<Uri> StartChainAsync(long chainId = 31337)
    {
        var options = new ChainOptions(Path.Combine(directory.Value, $"chain_{Interlocked.Increment(ref made)}"), chainId, Keep: false);
        var anvil = (await PackagesAsync()).Anvil;
        var chain = await EmbeddedChain.StartAsync(anvil, options, TestContext.Current.CancellationToken);
        lock (gate)
            chains.Add(chain);
        return chain.Rpc;
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(chains.Select(chain => chain.DisposeAsync().AsTask()));
        if (servers.IsValueCreated && servers.Value.IsCompletedSuccessfully)
            await (await servers.Value).DisposeAsync();
        if (directory.IsValueCreated)
            Directory.Delete(directory.Value, recursive: true);
    }

    /// <summary>The folder of the servers' packages. Found from the sources: the build may have gone to another place.</summary>
    internal static string Home { get; } = HomeOf();

    internal static Task<LocalPackages> PackagesAsync() =>
        LocalPackages.EnsureAsync(LocalServers.Home, _ => { }, TestContext.Current.CancellationToken);

    /// <summary>Gives a data directory a stopped cluster, by copy: a cluster costs a second to make.</summary>
    internal async Task SeedClusterAsync(string data)
    {
        var copied = await Command.RunAsync(["cp", "-a", await seed.Value, data], null, TestContext.Current.CancellationToken);
        Assert.True(copied.Succeeded, copied.Output);
    }

    private static string HomeOf([CallerFilePath] string source = "") =>
        LocalFolder.Find([AppContext.BaseDirectory, Path.GetDirectoryName(source)!])!;

    private async Task<string> SeedAsync()
    {
        var data = Path.Combine(directory.Value, "seed");
        await using (await EmbeddedServers.StartAsync(new EmbeddedOptions(data, Home, WithChain: false), CancellationToken.None))
        {
        }

        return Path.Combine(data, "pg18");
    }

    // Not the token of the test that happens to be first: the servers outlive it.
    private Task<EmbeddedServers> StartAsync() =>
        EmbeddedServers.StartAsync(new EmbeddedOptions(Path.Combine(directory.Value, "servers"), Home), CancellationToken.None);
}

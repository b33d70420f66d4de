using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Xunit;

namespace Grants.Service.Tests.Embedded;

/// <summary>A data directory of one test.</summary>
internal sealed class EmbeddedWorld(LocalServers local) : IDisposable
{
    public string Data { get; } = Directory.CreateTempSubdirectory("grants-embedded-").FullName;

    public string Cluster => Path.Combine(Data, "pg18");

    public string Chain => Path.Combine(Data, "chain");

    /// <summary>Starts servers here, on a copied cluster if there is none.</summary>
    public async Task<EmbeddedServers> StartAsync(bool withChain = true)
    {
        await SeedAsync();
        return await StartAsItIsAsync(withChain);
    }

    public Task<EmbeddedServers> StartAsItIsAsync(bool withChain = true) => EmbeddedServers.StartAsync(
        new EmbeddedOptions(Data, LocalServers.Home, withChain), TestContext.Current.CancellationToken);

    /// <summary>Starts another process that holds servers here.</summary>
    public async Task<ServerHost> StartHostAsync()
    {
        await SeedAsync();
        return await ServerHost.StartAsync(Data);
    }

    /// <summary>All servers that work in the directory, whoever started them.</summary>
    public IReadOnlyList<ServerProcess> Running() =>
        [.. ServerProcesses.In(Cluster, ServerProgram.Postgres), .. ServerProcesses.In(Chain, ServerProgram.Anvil)];

    /// <summary>The shells between the servers and the service.</summary>
    public IReadOnlyList<ServerProcess> Shells()
    {
        var shell = Path.GetFileName(new FileInfo("/bin/sh").ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? "sh");
        var sh = ServerProgram.Anvil with { FileName = shell };
        return [.. ServerProcesses.In(Cluster, sh), .. ServerProcesses.In(Chain, sh)];
    }

    public void Dispose() => Directory.Delete(Data, recursive: true);

    private async Task SeedAsync()
    {
        if (!Directory.Exists(Cluster))
            await local.SeedClusterAsync(Data);
    }
}

using System.Diagnostics;

namespace Grants.Service.Hosting.Embedded;

/// <summary>PostgreSQL, and the local L2 if wanted, for as long as this process lives and no longer.</summary>
public sealed class EmbeddedServers : IAsyncDisposable
{
    private const string Database = "grants";

    private readonly DataDirectoryLock held;
    private readonly EmbeddedPostgres postgres;
    private readonly EmbeddedChain? chain;

    private EmbeddedServers(DataDirectoryLock held, EmbeddedPostgres postgres, EmbeddedChain? chain, string connectionString)
    {
        this.held = held;
        this.postgres = postgres;
        this.chain = chain;
        ConnectionString = connectionString;
        Ended = FirstEndAsync();
    }

    /// <summary>For Npgsql: the database "grants".</summary>
    public string ConnectionString { get; }

    /// <summary>The JSON-RPC of the local L2, if it runs.</summary>
    public Uri? Rpc => chain?.Rpc;

    /// <summary>
    /// Completes when a server has ended, with a sentence that says which; at the latest on disposal. A service that did
    /// not dispose should stop then: started again, it brings both up as they were.
    /// </summary>
    public Task<string> Ended { get; }

    /// <exception cref="DataDirectoryInUseException">Another live service uses the data directory.</exception>
    /// <exception cref="PackagesMissingException">The programs are missing and could not be restored.</exception>
    /// <exception cref="EmbeddedServerException">A server does not run; the end of its log is in the message.</exception>
    public static async Task<EmbeddedServers> StartAsync(EmbeddedOptions options, CancellationToken cancellation)
    {
        var took = Stopwatch.StartNew();
        var data = Path.GetFullPath(options.DataDirectory);
        var held = DataDirectoryLock.Take(data);
        try
        {
            var packages = await LocalPackages.EnsureAsync(options.NodeModulesHome, options.Report, cancellation);
            var (postgres, chain) = await StartBothAsync(packages, data, options, cancellation);
            var connectionString = postgres.ConnectionString(Database);
            var withChain = chain is null ? "" : $" and the local chain ({chain.Rpc})";
            options.Report($"PostgreSQL{withChain} ready in {took.ElapsedMilliseconds} ms");
            return new EmbeddedServers(held, postgres, chain, connectionString);
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Stops the servers in order. Stop what uses them first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(postgres.DisposeAsync().AsTask(), chain?.DisposeAsync().AsTask() ?? Task.CompletedTask);
        held.Dispose();
    }

    /// <summary>Makes a database if it is missing; see <see cref="EmbeddedPostgres.CreateDatabaseAsync"/>.</summary>
    internal Task<string> CreateDatabaseAsync(string name, CancellationToken cancellation, string? template = null) =>
        postgres.CreateDatabaseAsync(name, cancellation, template);

    private static async Task<(EmbeddedPostgres Postgres, EmbeddedChain? Chain)> StartBothAsync(
        LocalPackages packages, string data, EmbeddedOptions options, CancellationToken cancellation)
    {
        var postgres = StartPostgresAsync(packages, data, options, cancellation);
        var chain = options.WithChain ? StartChainAsync(packages, data, options, cancellation) : Task.FromResult<EmbeddedChain?>(null);
        try
        {
            await Task.WhenAll(postgres, chain);
            return (await postgres, await chain);
        }
        catch
        {
            if (postgres.IsCompletedSuccessfully)
                await (await postgres).DisposeAsync();
            if (chain.IsCompletedSuccessfully && await chain is { } started)
                await started.DisposeAsync();
            throw;
        }
    }

    private static async Task<EmbeddedPostgres> StartPostgresAsync(
        LocalPackages packages, string data, EmbeddedOptions options, CancellationToken cancellation)
    {
        var postgres = await EmbeddedPostgres.StartAsync(packages.PostgresPackage, data, options.Report, cancellation);
        try
        {
            await postgres.CreateDatabaseAsync(Database, cancellation);
            return postgres;
        }
        catch
        {
            await postgres.DisposeAsync();
            throw;
        }
    }

    private static async Task<EmbeddedChain?> StartChainAsync(
        LocalPackages packages, string data, EmbeddedOptions options, CancellationToken cancellation)
    {
        var chain = new ChainOptions(Path.Combine(data, "chain"), options.ChainId, options.BlockTimeSeconds);
        return await EmbeddedChain.StartAsync(packages.Anvil, chain, cancellation);
    }

    private async Task<string> FirstEndAsync()
    {
        Task<string>[] ends = chain is null ? [postgres.Ended] : [postgres.Ended, chain.Ended];
        return await await Task.WhenAny(ends);
    }
}

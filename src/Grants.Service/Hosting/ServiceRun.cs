using System.Net;
using System.Net.Sockets;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Disbursements.Signing;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Npgsql;

namespace Grants.Service.Hosting;

/// <param name="DataDirectory">Where the embedded servers keep their data.</param>
/// <param name="Urls">The address to serve at; port 0 takes a free one.</param>
public sealed record RunOptions(string DataDirectory, string Urls);

/// <summary>The service cannot start; the message says what to do.</summary>
public sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>
/// A running service and, where the configuration names no others, its own PostgreSQL and L2. The service ends before
/// the servers that it uses.
/// </summary>
public sealed class ServiceRun : IAsyncDisposable
{
    private readonly EmbeddedServers? servers;

    private ServiceRun(WebApplication app, EmbeddedServers? servers, string url, Uri rpc)
    {
        (App, this.servers, Url, Rpc) = (app, servers, new Uri(url), rpc);
    }

    public WebApplication App { get; }

    /// <summary>Where it serves.</summary>
    public Uri Url { get; }

    /// <summary>The node of the chain that it pays on.</summary>
    public Uri Rpc { get; }

    /// <param name="options">From the command line.</param>
    /// <param name="settings">Settings that win over every other source.</param>
    /// <param name="progress">Takes a line for each slow step.</param>
    /// <exception cref="StartException">The servers or the service cannot start.</exception>
    public static async Task<ServiceRun> StartAsync(
        RunOptions options,
        IReadOnlyDictionary<string, string?> settings,
        Action<string> progress,
        CancellationToken cancellation)
    {
        EmbeddedServers? servers = null;
        try
        {
            var builder = CreateBuilder(options, settings);
            servers = await StartServersAsync(builder, options, progress, cancellation);
            var app = await ServiceApp.BuildAsync(builder, cancellation);
            await app.StartAsync(cancellation);
            var url = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            return new ServiceRun(app, servers, url, new Uri(builder.Configuration["Chains:0:Rpc"]!));
        }
        catch (Exception problem)
        {
            if (servers is not null)
                await servers.DisposeAsync();
            if (problem is EmbeddedServerException or IOException or InvalidOperationException or NpgsqlException or RpcException)
                throw new StartException(problem.Message, problem);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await App.StopAsync();
        await App.DisposeAsync();
        if (servers is not null)
            await servers.DisposeAsync();
    }

    private static WebApplicationBuilder CreateBuilder(RunOptions options, IReadOnlyDictionary<string, string?> settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        var url = new Uri(WithPort(options.Urls));
        builder.Configuration.AddInMemoryCollection(settings);
        // Behind a proxy people see another address; without one, they sign in for the one that is served.
        builder.Configuration["Access:Domain"] ??= url.Authority;
        builder.Configuration["Access:Uri"] ??= url.GetLeftPart(UriPartial.Authority);
        builder.WebHost.UseUrls(url.ToString());
        builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
        return builder;
    }

    // Sign-in messages name the address, so that it must be known before the service listens.
    private static string WithPort(string url)
    {
        if (!url.EndsWith(":0", StringComparison.Ordinal))
            return url;
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{url[..^1]}{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    private static async Task<EmbeddedServers?> StartServersAsync(
        WebApplicationBuilder builder, RunOptions options, Action<string> progress, CancellationToken cancellation)
    {
        var hasDatabase = builder.Configuration.GetConnectionString("Grants") is not null;
        var hasNode = builder.Configuration["Chains:0:Rpc"] is not null;
        if (hasDatabase != hasNode)
            throw new StartException("Set both ConnectionStrings__Grants and Chains__0__Rpc, or neither: then both servers are embedded.");
        if (hasDatabase)
            return null;
        builder.Environment.EnvironmentName = Environments.Development;
        var servers = await EmbeddedServers.StartAsync(
            new EmbeddedOptions(options.DataDirectory, LocalFolder.Find(), Progress: progress), cancellation);
        var keyFile = Path.Combine(options.DataDirectory, "operator.key");
        OperatorAccount.Create(keyFile);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Grants"] = servers.ConnectionString,
            ["Chains:0:Rpc"] = servers.Rpc!.ToString(),
            ["Chains:0:IsDevelopment"] = "true",
            ["Treasury:KeyFile"] = keyFile,
        });
        return servers;
    }
}

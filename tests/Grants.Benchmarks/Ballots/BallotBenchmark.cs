using System.Globalization;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Hosting;
using Grants.Service.Hosting.Embedded;
using Marten;
using Npgsql;

namespace Grants.Benchmarks.Ballots;

/// <summary>
/// Ballots over HTTP from a process of their own, until they are durable: <c>ballots [ballots a figure]</c>. One by one and in
/// batches, on top of none, 20,000 and 100,000 that are there already, with the native and with the managed curve. Server,
/// database and load share the machine.
/// </summary>
internal static class BallotBenchmark
{
    private const string Space = "metis";
    private const int Lanes = 512;
    private const int BatchLanes = 6;
    private const int BatchSize = 500;

    private static readonly int[] Present = [0, 20_000, 100_000];

    public static async Task RunAsync(int size)
    {
        var folder = Directory.CreateTempSubdirectory("grants-benchmark-").FullName;
        try
        {
            await using var servers = await EmbeddedServers.StartAsync(new(folder, LocalFolder.Find()), CancellationToken.None);
            var postmaster = int.Parse(
                (await File.ReadAllLinesAsync(Path.Combine(folder, "pg18", "postmaster.pid")))[0], CultureInfo.InvariantCulture);
            var wallets = new Wallets(Present[^1] + (3 * size));
            Console.WriteLine($"{"",-34}{"acknowledged/s",15}{"p50 ms",10}{"p99 ms",10}{"service us",12}{"database us",12}");
            foreach (var managed in new[] { false, true })
            {
                await MeasureAsync(servers, folder, postmaster, wallets, managed, each: 1, size);
                await MeasureAsync(servers, folder, postmaster, wallets, managed, each: BatchSize, size);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A store of the service's, with all tables.</summary>
    public static async Task<DocumentStore> StoreAsync(string connection)
    {
        var store = DocumentStore.For(options =>
        {
            options.Connection(connection);
            MartenSetup.Configure(options);
        });
        await using var database = NpgsqlDataSource.Create(connection);
        await SqlMigrations.ApplyAsync(database, CancellationToken.None);
        await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        return store;
    }

    private static async Task MeasureAsync(
        EmbeddedServers servers, string folder, int postmaster, Wallets wallets, bool managed, int each, int size)
    {
        using var http = new HttpClient();
        var chainId = await new EthereumRpc(http, servers.Rpc!).ChainIdAsync();
        using var store = await StoreAsync(servers.ConnectionString);
        var vote = await PreparedVote.OpenAsync(store, Space, chainId, wallets);
        using var service = await ServiceProcess.StartAsync(servers.ConnectionString, servers.Rpc!, folder, managed);
        await WarmAsync(service, await PreparedVote.OpenAsync(store, Space, chainId, wallets), each);
        var next = 0;
        foreach (var present in Present)
        {
            if (present > next)
                await Load.SendAsync(service.Url, vote.Requests(next, present - next, BatchSize), BatchLanes);
            var requests = vote.Requests(present, size, each);
            next = present + size;
            var (serviceBefore, databaseBefore) = (ProcessorTime.Of(service.Id), ProcessorTime.OfServer(postmaster));
            var figures = await Load.SendAsync(service.Url, requests, each == 1 ? Lanes : BatchLanes);
            var serviceTime = ProcessorTime.Of(service.Id) - serviceBefore;
            var databaseTime = ProcessorTime.OfServer(postmaster) - databaseBefore;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{(each == 1 ? "one by one" : $"{each} a request"),-15}{(managed ? "managed" : "native"),-9}{present,10:N0}"
                    + $"{figures.Acknowledged / figures.Took.TotalSeconds,15:N0}"
                    + $"{figures.Percentile(0.5).TotalMilliseconds,10:N1}{figures.Percentile(0.99).TotalMilliseconds,10:N1}"
                    + $"{serviceTime.TotalMicroseconds / size,12:N0}{databaseTime.TotalMicroseconds / size,12:N0}"));
            if (figures.Acknowledged != size)
                Console.WriteLine($"Only {figures.Acknowledged} of {size} were acknowledged.");
        }
    }

    private static async Task WarmAsync(ServiceProcess service, PreparedVote vote, int each)
    {
        await Load.SendAsync(service.Url, vote.Requests(0, 10_000, each), each == 1 ? Lanes : BatchLanes);
        await Load.SendAsync(service.Url, vote.Requests(10_000, 10_000, BatchSize), BatchLanes);
    }
}

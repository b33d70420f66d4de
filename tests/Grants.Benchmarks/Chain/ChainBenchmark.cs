using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Grants.Benchmarks.Ballots;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Hosting;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Ingestion;
using Npgsql;

namespace Grants.Benchmarks.Chain;

/// <summary>
/// Transfer logs from a local chain into the store: <c>chain [logs]</c>. The parts alone, then the service with all of them together, and
/// the time from a mined block to its row. Chain, database and service share the machine, so that ratios say more than rates.
/// </summary>
internal static class ChainBenchmark
{
    private const int Blocks = 60;
    private const string PollVariable = "Chains__0__PollMilliseconds";

    private static int postmaster;

    public static async Task RunAsync(int logs)
    {
        var folder = Directory.CreateTempSubdirectory("grants-benchmark-").FullName;
        try
        {
            await using var chain = await LoggedChain.StartAsync(logs);
            await using var servers = await EmbeddedServers.StartAsync(
                new(folder, LocalFolder.Find(), WithChain: false), CancellationToken.None);
            await using var database = NpgsqlDataSource.Create(servers.ConnectionString);
            await SqlMigrations.ApplyAsync(database, CancellationToken.None);
            await using (var pid = database.CreateCommand(
                "select (regexp_match(pg_read_file('postmaster.pid'), '^[0-9]+'))[1]::int"))
                postmaster = (int)(await pid.ExecuteScalarAsync())!;
            Console.WriteLine($"{"",-34}{"logs/s",14}{"us a log",12}{"of processor",14}{"database's",14}");
            var blocks = await AloneAsync(chain, database, logs);
            await TogetherAsync(chain, database, servers.ConnectionString, folder, blocks);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<ImmutableArray<FollowedBlock>> AloneAsync(LoggedChain chain, NpgsqlDataSource database, int logs)
    {
        var watched = new WatchedAddresses([chain.Token]);
        var last = await chain.Rpc.BlockNumberAsync();
        await MeasureAsync("fetch by block, 4 at once", logs, async () => await Parallel.ForAsync(
            1L,
            last + 1,
            new ParallelOptions { MaxDegreeOfParallelism = 4 },
            async (n, end) => await chain.Rpc.LogsAsync(n, n, [chain.Token], cancellation: end)));
        var blocks = await MeasureAsync("fetch by range, bloom checked", logs, () => ReadAsync(chain.Rpc, watched, last));
        using var http = new HttpClient();
        var proving = new EthereumRpc(http, chain.Endpoint) { ProvesBlocks = true };
        await MeasureAsync("fetch by receipts, proved", logs, () => ReadAsync(proving, watched, last));
        await MeasureAsync("decode to typed logs", logs, () => Task.FromResult(
            blocks.Sum(block => block.Logs.Count(log => Erc20.Logs.Read(log) is Erc20.TransferLog))));

        var store = new ChainStore(database);
        const long Scratch = 999;
        await store.BeginAsync(Scratch, blocks[0].ParentHash, blocks[0] with { Logs = [] }, default);
        var (lease, _) = (await store.TakeOverAsync(Scratch, default))!.Value;
        await MeasureAsync("store", logs, async () =>
        {
            foreach (var some in blocks[1..].Chunk(10))
                await store.ApplyAsync(lease, new ChainUpdate.BlocksAppended([.. some]), default);
        });
        return blocks;
    }

    private static async Task TogetherAsync(
        LoggedChain chain, NpgsqlDataSource database, string connection, string folder, ImmutableArray<FollowedBlock> blocks)
    {
        var (logs, chainId) = (blocks.Sum(block => block.Logs.Length), await chain.Rpc.ChainIdAsync());
        await new ChainWatches(database).WatchAsync(chainId, chain.Token, 0, default);
        Environment.SetEnvironmentVariable(PollVariable, "25");
        using var service = await ServiceProcess.StartAsync(connection, chain.Endpoint, folder, managed: false);
        var clock = new Spent(service.Id);
        var final = await chain.Rpc.BlockNumberAsync() - 2;
        await UntilAsync(database, "select finalized_number from chain.cursor where chain_id = $1", chainId, final);
        clock.Print("follow: fetch, prove, store", logs);
        await UntilAsync(database, "select promoted_number from chain.cursor where chain_id = $1", chainId, final);
        clock.Print("all, promotion too", logs);
        Console.WriteLine($"resident memory of the service: {Process.GetProcessById(service.Id).WorkingSet64 >> 20} MiB");
        Console.WriteLine($"a million logs take {await BytesAsync(database) * 1_000_000 / (2L * logs) >> 20} MiB of the store");

        var latencies = new List<TimeSpan>();
        for (var i = 0; i < Blocks; i++)
        {
            await chain.MineAsync(1);
            var mined = Stopwatch.GetTimestamp();
            var head = await chain.Rpc.BlockNumberAsync();
            await UntilAsync(database, "select head_number from chain.cursor where chain_id = $1", chainId, head);
            latencies.Add(Stopwatch.GetElapsedTime(mined));
        }

        latencies.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"block to row: p50 {Milliseconds(50):N0} ms, p99 {Milliseconds(99):N0} ms"));

        double Milliseconds(int percent) => latencies[Blocks * percent / 100].TotalMilliseconds;
    }

    private static async Task<ImmutableArray<FollowedBlock>> ReadAsync(EthereumRpc rpc, WatchedAddresses watched, long last)
    {
        var ranges = new RangeReader(rpc, new FollowerLimits());
        var blocks = ImmutableArray.CreateBuilder<FollowedBlock>();
        while (blocks.Count < last)
        {
            try
            {
                blocks.AddRange(await ranges.ReadAsync(blocks.Count + 1, last, watched, default));
            }
            catch (RpcTransportException)
            {
                continue; // Too much for one answer: the reader asks for less, as it does in the service.
            }
        }

        return blocks.ToImmutable();
    }

    private static async Task UntilAsync(NpgsqlDataSource database, string query, long chainId, long number)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(query, connection) { Parameters = { new() { Value = chainId } } };
        while (!(await command.ExecuteScalarAsync() is long now && now >= number))
            await Task.Delay(1);
    }

    private static async Task<long> BytesAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            "select sum(pg_total_relation_size(relid))::bigint from pg_partition_tree('chain.log') where isleaf");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static Task<bool> MeasureAsync(string what, int logs, Func<Task> work) => MeasureAsync(what, logs, async () =>
    {
        await work();
        return true;
    });

    private static async Task<T> MeasureAsync<T>(string what, int logs, Func<Task<T>> work)
    {
        var clock = new Spent(Environment.ProcessId);
        var result = await work();
        clock.Print(what, logs);
        return result;
    }

    /// <summary>The time on the wall, and what a process and the database spend of the processor: a crowd changes that less.</summary>
    private sealed class Spent(int process)
    {
        private readonly long start = Stopwatch.GetTimestamp();
        private readonly TimeSpan ours = ProcessorTime.Of(process);
        private readonly TimeSpan databases = ProcessorTime.OfServer(postmaster);

        public void Print(string what, int logs)
        {
            var took = Stopwatch.GetElapsedTime(start);
            var (us, database) = (ProcessorTime.Of(process) - ours, ProcessorTime.OfServer(postmaster) - databases);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{what,-34}{logs / took.TotalSeconds,14:N0}{took.TotalMicroseconds / logs,12:N2}"
                    + $"{us.TotalMicroseconds / logs,14:N2}{database.TotalMicroseconds / logs,14:N2}"));
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting.Embedded.Processes;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Hostile;
using Grants.Service.Tests.Ingestion;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Chaos;

/// <summary>A database server that is nobody else's fails under the ingestor and the promoter.</summary>
public sealed class DatabaseTroubleTests(LocalServers servers)
{
    private const int FinalDepth = 4;

    /// <summary>As long as a segment of the log of what was written, so that this log goes on and tables do not.</summary>
    private const long LargestFile = 16 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_database_that_crashes_and_recovers_loses_no_log_and_hears_none_twice()
    {
        using var world = new EmbeddedWorld(servers);
        await using var server = await world.StartAsync(withChain: false);
        await using var rig = await IngestionRig.StartAsync(await server.CreateDatabaseAsync("crashed", Cancellation), FinalDepth);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        using var host = await PromotionHost.StartAsync(rig);
        for (var crash = 0; crash < 3; crash++)
        {
            for (var i = 0; i < 10; i++)
                await rig.Chain.MineWithLogsAsync(echo, echo);
            await CrashAsync(rig);
            for (var i = 0; i < 5; i++)
                await rig.Chain.MineWithLogsAsync(echo);
        }

        await AreAllPromotedAsync(rig, host, echo);
    }

    /// <summary>The server may write no file beyond a size, so that the tables cannot grow, as on a full disk or a quota.</summary>
    [Fact]
    public async Task a_table_that_cannot_grow_holds_the_ingestor_up_until_it_can()
    {
        using var world = new EmbeddedWorld(servers);
        await using var server = await world.StartAsync(withChain: false);
        await using var rig = await IngestionRig.StartAsync(await server.CreateDatabaseAsync("full", Cancellation), FinalDepth);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        var log = new HeardLog();
        using var host = await PromotionHost.StartAsync(rig, log: log);
        await LimitFilesAsync(world, $"{LargestFile}");
        var random = new Random(5);
        var data = new byte[24_000];
        for (var block = 0; block < 55; block++)
        {
            for (var i = 0; i < 14; i++)
            {
                random.NextBytes(data); // what does not compress
                await rig.Chain.SendAsync(echo, data);
            }

            await rig.Chain.MineAsync();
        }

        await Eventually.TrueAsync(
            () => log.Has(LogLevel.Error, "it begins anew"), Patience, "a table cannot grow");
        var said = await File.ReadAllTextAsync(Path.Combine(world.Data, "postgres.log"), Cancellation);
        Assert.Contains("could not extend file", said, StringComparison.Ordinal);
        Assert.True((await rig.View.HeadsAsync(rig.ChainId, Cancellation))!.Head.Number < (await rig.Chain.HeadAsync()).Number);
        await LimitFilesAsync(world, "unlimited");
        await AreAllPromotedAsync(rig, host, echo);
    }

    private static async Task AreAllPromotedAsync(IngestionRig rig, IHost host, Address echo)
    {
        for (var i = 0; i < FinalDepth; i++)
            await rig.Chain.MineAsync();
        var final = (await rig.Chain.HeadAsync()).Number - FinalDepth;
        await Eventually.TrueAsync(() => IsPromotedAsync(rig, final), Patience, "all is promoted");
        await host.StopAsync(Cancellation);
        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession(PromotionHost.Space);
        var heard = await session.Query<Heard>().OrderBy(block => block.Sequence).ToListAsync(Cancellation);
        var logs = new List<RpcLog>();
        for (var number = 0L; number <= final; number++)
            logs.AddRange(await rig.Chain.Rpc.LogsAsync(number, number, [echo], cancellation: Cancellation));
        Assert.Equal(logs.Select(log => $"{log.BlockNumber}/{log.LogIndex}"), heard.SelectMany(block => block.Logs));
        Assert.Equal(
            logs.Select(log => $"{log.BlockNumber} {log.LogIndex} {log.TransactionHash} {Hex.Format(log.Data)}"),
            await rig.RowsAsync(
                """
                select concat_ws(' ', block_number, log_index, '0x' || encode(tx_hash, 'hex'), '0x' || encode(data, 'hex'))
                from chain.log order by block_number, log_index
                """));
    }

    private static async Task<bool> IsPromotedAsync(IngestionRig rig, long number)
    {
        try
        {
            return (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number >= number;
        }
        catch (NpgsqlException)
        {
            return false; // it recovers
        }
    }

    /// <summary>One killed backend makes the server end all others, and recover from its log.</summary>
    private static async Task CrashAsync(IngestionRig rig)
    {
        var others = "select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() limit 1";
        List<string> backends = [];
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    backends = await rig.RowsAsync(others);
                }
                catch (NpgsqlException)
                {
                    return false;
                }

                return backends.Count > 0;
            },
            Patience,
            "somebody is connected");
        using var backend = Process.GetProcessById(int.Parse(backends[0], CultureInfo.InvariantCulture));
        backend.Kill();
    }

    private static async Task LimitFilesAsync(EmbeddedWorld world, string bytes)
    {
        var postmaster = (await File.ReadAllLinesAsync(Path.Combine(world.Cluster, "postmaster.pid"), Cancellation))[0];
        var children = (await File.ReadAllTextAsync($"/proc/{postmaster}/task/{postmaster}/children", Cancellation)).Split(
            ' ', StringSplitOptions.RemoveEmptyEntries);
        // The postmaster first: whoever it starts from then on has the limit from it. A child may have ended meanwhile.
        foreach (var process in children.Prepend(postmaster))
        {
            var limited = await Command.RunAsync(["prlimit", "--pid", process, $"--fsize={bytes}:unlimited"], null, Cancellation);
            Assert.True(limited.Succeeded || process != postmaster, limited.Output);
        }
    }
}

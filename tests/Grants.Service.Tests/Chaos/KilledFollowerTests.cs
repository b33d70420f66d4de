using System.Diagnostics;
using System.Globalization;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Following;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Ingestion;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Chaos;

/// <summary>
/// A process of its own that follows a chain until it is killed: this test program once more, told to run the one test below.
/// </summary>
public sealed class KilledFollowerTests(LocalServers servers)
{
    private const string EntryVariable = "GRANTS_TESTS_FOLLOW";
    private const int Seed = 11;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("GRANTS_FOLLOWER_KILLS") ?? "4", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_follower_that_is_killed_again_and_again_leaves_no_gap_and_no_log_twice()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 8);
        var (one, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(one);
        for (var i = 0; i < 80; i++)
            await rig.Chain.MineWithLogsAsync(one, late, one);
        var random = new Random(Seed);
        for (var kill = 0; kill < Kills; kill++)
        {
            using var process = Start(rig);
            if (kill == Kills / 2)
                await rig.WatchAsync(late);
            var before = await EpochAsync(rig);
            await Eventually.TrueAsync(
                async () => process.HasExited || await EpochAsync(rig) > before, Patience, "the process has taken over");
            Assert.False(process.HasExited, "The process ended by itself.");
            for (var i = random.Next(12); i >= 0; i--)
                await rig.Chain.MineWithLogsAsync(late, one);
            if (random.Next(2) == 0)
                await rig.Chain.ReorgAsync(random.Next(1, 6), one, late);
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(Cancellation);
        }

        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(await rig.NodesLogsAsync(one, late), await rig.StoredLogsAsync());
    }

    private static async Task<long> EpochAsync(IngestionRig rig) =>
        (await rig.RowsAsync("select epoch from chain.cursor")) is [var epoch] ? long.Parse(epoch, CultureInfo.InvariantCulture) : 0;

    private static Process Start(IngestionRig rig)
    {
        var program = Environment.ProcessPath!;
        string[] first = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(KilledFollowerTests).Assembly.Location] : [];
        string[] filter = ["--filter-method", $"*.{nameof(FollowerEntry.follows_until_killed)}", "--explicit", "only", "--no-ansi"];
        var process = Process.Start(new ProcessStartInfo(program, [.. first, .. filter])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { [EntryVariable] = $"{rig.Chain.Endpoint} {rig.ConnectionString}" },
        })!;
        _ = process.StandardOutput.ReadToEndAsync(Cancellation);
        _ = process.StandardError.ReadToEndAsync(Cancellation);
        return process;
    }

    internal static (Uri Node, string Database)? OfThisProcess =>
        Environment.GetEnvironmentVariable(EntryVariable)?.Split(' ', 2) is [var node, var database] ? (new Uri(node), database) : null;
}

public sealed class FollowerEntry
{
    [Fact(Explicit = true)]
    public async Task follows_until_killed()
    {
        var told = KilledFollowerTests.OfThisProcess;
        Assert.SkipWhen(told is null, "Only for processes that a test of killed followers starts.");
        var cancellation = TestContext.Current.CancellationToken;
        await using var database = NpgsqlDataSource.Create(told.Value.Database);
        var rpc = new EthereumRpc(new HttpClient(), told.Value.Node) { ProvesBlocks = true };
        var (store, watches) = (new ChainStore(database), new ChainWatches(database));
        var ingestor = await ChainIngestor.OpenAsync(
            store, watches, ChainNodes.Of(rpc), await rpc.ChainIdAsync(cancellation), null, new(LargestRange: 7), cancellation);
        while (true)
        {
            try
            {
                if (!await ingestor!.BackfillAsync(cancellation) && await ingestor.FollowAsync(cancellation) is null)
                    await Task.Delay(1, cancellation);
            }
            catch (RpcException)
            {
                continue; // The chain changed between two questions.
            }
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using Grants.Domain.Disbursements;
using Grants.Service;
using Grants.Service.Demo;
using Grants.Service.Hosting;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Grants.Benchmarks.Payouts;

/// <summary>
/// Releases by one signer, from the order to the vault's final event in the ledger: <c>payouts [releases]</c>. In batches, then one a
/// transaction, and the gas of each beside that of a plain transfer, and beside as many bare transfers in the same batches. Chain,
/// database and service share the machine.
/// </summary>
internal static class PayoutBenchmark
{
    private const int SingleShare = 10;

    // What any transaction costs.
    private const long OfTransaction = 21_000;

    public static async Task RunAsync(int releases)
    {
        Console.WriteLine($"{"",-26}{"releases",10}{"seconds",10}{"settled/min",14}{"gas each",12}");
        await MeasureAsync("batches of 100", releases, batch: 100);
        await MeasureAsync("one a transaction", releases / SingleShare, batch: 1);
    }

    private static async Task MeasureAsync(string name, int releases, int batch)
    {
        var folder = Directory.CreateTempSubdirectory("grants-benchmark-").FullName;
        try
        {
            var settings = DemoRun.Settings();
            settings["Treasury:BatchSize"] = $"{batch}";
            settings["Treasury:StuckAfterSeconds"] = "600";
            settings["Chains:0:PollMilliseconds"] = "25";
            await using var run = await ServiceRun.StartAsync(new RunOptions(folder, "http://127.0.0.1:0"), settings, _ => { }, default);
            var vault = await BenchmarkVault.BuildAsync(run);
            var orders = await vault.AwardAsync(releases);
            using var end = new CancellationTokenSource();
            var mining = MineAsync(vault.Chain, end.Token);
            var clock = Stopwatch.StartNew();
            await GiveAsync(run.App.Services, orders);
            await SettledAsync(run.App.Services, releases);
            clock.Stop();
            await end.CancelAsync();
            await mining;
            var (each, plain) = (await vault.GasAsync() / (double)releases, await vault.PlainGasAsync());
            var seconds = clock.Elapsed.TotalSeconds;
            var (bare, bareGas) = await vault.TransferAsync(releases, batch);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{name,-26}{releases,10:N0}{seconds,10:N1}{releases * 60 / seconds,14:N0}{each,12:N0}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{"bare transfers",-26}{releases,10:N0}{bare,10:N1}{releases * 60 / bare,14:N0}{bareGas,12:N0}"));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{"a plain transfer",-26}{"",34}{plain,12:N0}, {plain - OfTransaction:N0} of it its own"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MineAsync(Devnet chain, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            await chain.MineAsync(1, default);
            await Task.Delay(50, default);
        }
    }

    private static async Task GiveAsync(IServiceProvider services, IReadOnlyList<TreasuryOrder> orders)
    {
        var space = services.GetRequiredService<Spaces>().Default.Id;
        foreach (var some in orders.Chunk(500))
        {
            await using var session = services.GetRequiredService<IDocumentStore>().LightweightSession(space);
            foreach (var order in some)
                session.Events.StartStream<Disbursement>(
                    Disbursement.StreamId(order.OrderId), new DisbursementOrdered(order, DateTimeOffset.UtcNow));
            await session.SaveChangesAsync();
        }
    }

    private static async Task SettledAsync(IServiceProvider services, int releases)
    {
        await using var count = services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            "select count(*) from grants.mt_doc_disbursement where data ->> 'state' = 'Finalized'");
        while ((long)(await count.ExecuteScalarAsync())! < releases)
            await Task.Delay(100);
    }
}

using System.Diagnostics;
using System.Globalization;
using Grants.Chaos;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Audit;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Hosting;
using Grants.Service.Tests.Journeys;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Disbursements;

/// <summary>
/// Two processes of the service pay from one vault, on one database, and one of them is killed at a time, over and over. Meanwhile
/// one request in ten to the node fails, some after the node has heard it, and the chain is reorganized. In the end every order is
/// settled, none twice. <c>GRANTS_TREASURY_KILLS=500</c> is the long form, with 2,000 orders.
/// </summary>
public sealed class KilledTreasuryTests(LocalServers servers) : IAsyncLifetime
{
    private const int Seed = 8;
    private const int OrdersAKill = 4;
    private const int ErrorPercent = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly int Kills = int.Parse(
        Environment.GetEnvironmentVariable("GRANTS_TREASURY_KILLS") ?? "4", CultureInfo.InvariantCulture);

    private static readonly Dictionary<string, string> Settings = new()
    {
        ["Treasury__StuckAfterSeconds"] = "5", ["Treasury__BatchSize"] = "12",
    };

    private readonly PayoutRig rig = new(servers);
    private readonly Random random = new(Seed);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => rig.InitializeAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task two_nodes_that_are_killed_again_and_again_pay_every_order_once()
    {
        var orders = await rig.AwardAsync(Math.Max(36, Kills * OrdersAKill), 100);
        await rig.StopAsync();
        await using var proxy = await FaultProxy.StartForgettingAsync(rig.Node, PoolFaults.Reinjection(), Unreliable());
        await using var database = NpgsqlDataSource.Create(rig.Database);
        using var store = DocumentStore.For(options =>
        {
            MartenSetup.Configure(options);
            options.Connection(rig.Database);
        });
        using var one = new TreasuryNode("node-1", rig, proxy.Endpoint, Settings);
        using var two = new TreasuryNode("node-2", rig, proxy.Endpoint, Settings);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var mining = MineAsync(proxy.Endpoint, end.Token);
        one.Start();
        two.Start();
        var given = 0;
        for (var kill = 0; kill < Kills; kill++)
        {
            var upTo = orders.Count * (kill + 1) / Kills;
            await GiveAsync(store, orders.Take(given..upTo));
            given = upTo;
            await ProgressAsync(database, one, two);
            await Task.Delay(random.Next(250), Cancellation);
            var holder = await HolderAsync(database);
            var victim = random.Next(3) > 0 == (holder == one.Name) ? one : two;
            await victim.KillAsync();
            victim.Start();
        }

        // While more and more is settled it is waited for: kills in a row leave more than is paid within the patience.
        for (long settled; (settled = await CountAsync(database, Settled)) < orders.Count;)
            await UntilAsync(async () => await CountAsync(database, Settled) > settled, "more is settled", database, one, two);
        await end.CancelAsync();
        await mining;
        await one.KillAsync();
        await two.KillAsync();
        await rig.StartAsync();
        await CheckAsync(orders);
    }

    private const string Settled = "select count(*) from grants.mt_doc_disbursement where data ->> 'state' = 'Finalized'";

    private const string Events = "select count(*) from grants.mt_events where type like 'transaction_%'";

    private const string Holder =
        """
        select a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where l.locktype = 'advisory' and l.granted and (l.classid::bigint << 32 | l.objid::bigint) = hashtextextended($1, $2)
        """;

    // Some requests never arrive, some get a balancer's page, of some that the node has taken the answer is lost, and what the sender asks
    // is sometimes refused. Without the chain's id the service does not start, and this test is not about who starts it again.
    private static Fault Unreliable() => (call, ask, gone) => call.Method is "anvil_reorg" or "eth_chainId"
        ? ask(call)
        : Faults.Often(ErrorPercent, Seed, (call.Body % 4) switch
        {
            0 when OfSender.Contains(call.Method) => Faults.Refuse(-32603, "Internal error"),
            1 => Faults.Drop(),
            2 => Faults.LoseAnswer(),
            _ => Faults.Page(503, "busy"),
        })(call, ask, gone);

    private static readonly string[] OfSender =
    [
        "eth_sendRawTransaction", "eth_getTransactionCount", "eth_getTransactionReceipt", "eth_getTransactionByHash", "eth_call",
        "eth_estimateGas", "eth_maxPriorityFeePerGas",
    ];

    // A block every now and then; sometimes the last one or two are replaced. What is final is deeper.
    private async Task MineAsync(Uri proxy, CancellationToken end)
    {
        var through = new EthereumRpc(new HttpClient(), proxy);
        var chance = new Random(Seed);
        while (!end.IsCancellationRequested)
        {
            try
            {
                await rig.Chain.MineAsync(1, Cancellation);
                if (chance.Next(20) == 0)
                    await through.RequestAsync("anvil_reorg", [chance.Next(1, 3), Array.Empty<object>()], Cancellation);
            }
            catch (RpcException)
            {
                // A busy node may not answer in time, and mines the next one.
            }

            await Task.Delay(100, Cancellation);
        }
    }

    private static async Task GiveAsync(DocumentStore store, IEnumerable<TreasuryOrder> orders)
    {
        await using var session = store.LightweightSession(OpenVote.Space);
        foreach (var order in orders)
            session.Events.StartStream<Disbursement>(
                Disbursement.StreamId(order.OrderId), new DisbursementOrdered(order, DateTimeOffset.UtcNow));
        await session.SaveChangesAsync(Cancellation);
    }

    // A kill in the midst of nothing would prove little.
    private static async Task ProgressAsync(NpgsqlDataSource database, TreasuryNode one, TreasuryNode two)
    {
        var before = await CountAsync(database, Events);
        await UntilAsync(
            async () => await CountAsync(database, Events) > before, "something is signed, sent or seen", database, one, two);
    }

    // Where it waits in vain, it says what both nodes and the ledger said last.
    private static async Task UntilAsync(
        Func<Task<bool>> isSo, string what, NpgsqlDataSource database, TreasuryNode one, TreasuryNode two)
    {
        var waited = Stopwatch.StartNew();
        while (!await isSo())
        {
            if (waited.Elapsed > Patience)
                Assert.Fail($"Waited in vain until {what}.\n{await LastAsync(database)}\n{one.Said}\n{two.Said}");
            await Task.Delay(25, Cancellation);
        }
    }

    private static async Task<string> LastAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(
            """
            select string_agg(concat_ws(' ', type, stream_id, left(data::text, 300)), e'\n' order by seq_id)
            from (select * from grants.mt_events order by seq_id desc limit 25) last
            """);
        return $"{await command.ExecuteScalarAsync(Cancellation)}";
    }

    private async Task<string?> HolderAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Holder);
        command.Parameters.Add(new() { Value = "treasury sender" });
        command.Parameters.Add(new() { Value = rig.Chain.ChainId });
        return (string?)await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task<long> CountAsync(NpgsqlDataSource database, string question)
    {
        await using var command = database.CreateCommand(question);
        return (long)(await command.ExecuteScalarAsync(Cancellation))!;
    }

    private async Task CheckAsync(IReadOnlyList<TreasuryOrder> orders)
    {
        await rig.Chain.MineAsync(4, Cancellation);
        var head = await rig.Chain.Node.BlockNumberAsync(Cancellation);
        var paid = await rig.Chain.Node.LogsAsync(0, head, [rig.Vault], [IncentiveVault.Released.Topic0], Cancellation);
        Assert.Equal(orders.Select(order => order.OrderId).Order(), paid.Select(log => log.Topics[1]).Order());
        foreach (var order in orders.Where((_, index) => index % 16 == 0))
            Assert.Equal(order.Amount, await rig.Chain.ReadAsync(rig.Token, Erc20.BalanceOf, Cancellation, order.Receiver));

        var services = rig.Run.App.Services;
        var report = (await services.GetRequiredService<Reconciler>().CompareAsync(Cancellation))!;
        Assert.Empty(report.Result.Rows);
        Assert.Equal((orders.Count, BasisPoints.Whole), (report.Result.Agreeing, report.Result.VerifiedShare.Value));
        IReadOnlyList<AuditReport> audit =
            [.. await AuditRun.CheckAsync(services, Cancellation), await AuditRun.CheckTreasuryAsync(services, Cancellation)];
        Assert.Empty(audit.SelectMany(space => space.Lines).SelectMany(line => line.Violations));
    }
}

using System.Diagnostics;
using System.Globalization;
using Grants.Chaos;
using Grants.Ethereum.JsonRpc;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Ingestion;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Chaos;

/// <summary>
/// A chain that is reorganized again and again while the service follows it, through a node that lags, breaks off and leaves logs out.
/// The variable GRANTS_STORM_REORGS says how often; 600 takes minutes.
/// </summary>
public sealed class ReorgStormTests(LocalServers servers)
{
    private const int FinalDepth = 16;
    private const int Seed = 7;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly int Reorgs = int.Parse(
        Environment.GetEnvironmentVariable("GRANTS_STORM_REORGS") ?? "30", CultureInfo.InvariantCulture);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task what_is_promoted_in_a_storm_is_what_the_chain_has_in_the_end()
    {
        await using var rig = await IngestionRig.StartAsync(servers, FinalDepth);
        await using var proxy = await FaultProxy.StartAsync(
            rig.Chain.Endpoint,
            Faults.Every(11, Faults.Drop()),
            Faults.For(Faults.Every(7, Faults.LoseAnswer()), "eth_getBlockByHash"),
            Faults.For(Faults.Every(5, Faults.Answer(new System.Text.Json.Nodes.JsonArray())), "eth_getBlockReceipts", "eth_getLogs"));
        var (one, two) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.Chain.MineAsync(FinalDepth);
        await rig.WatchAsync(one);
        await rig.WatchAsync(two);
        using var host = await PromotionHost.StartAsync(
            rig,
            settings:
            [
                ("Chains:0:Rpc", $"{proxy.Endpoint}"),
                ("Chains:0:Node:FirstPauseMilliseconds", "5"),
                ("Chains:0:Node:BreakAtFailurePercent", "0"),
            ]);

        var random = new Random(Seed);
        for (var i = 0; i < Reorgs; i++)
        {
            for (var blocks = random.Next(1, 4); blocks > 0; blocks--)
                await rig.Chain.MineWithLogsAsync(random.Next(3) == 0 ? [] : [one, two, one]);
            // Now and then it must have seen what is replaced.
            if (i % 4 == 0)
                await SeenAsync(rig, await rig.Chain.HeadAsync());
            await rig.Chain.ReorgAsync(random.Next(1, FinalDepth - 2), random.Next(2) == 0 ? [] : [two, one]);
        }

        proxy.Heal();
        var behind = (await rig.View.HeadsAsync(rig.ChainId, Cancellation))!.Promoted.Number;
        for (var i = 0; i < FinalDepth + 84; i++)
            await rig.Chain.MineWithLogsAsync(one);
        var recovering = Stopwatch.StartNew();
        var final = (await rig.Chain.HeadAsync()).Number - FinalDepth;
        await Eventually.TrueAsync(
            async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number >= final, Patience, "all is promoted");
        Tell($"After {Reorgs} reorganizations {final - behind} blocks are promoted, {recovering.ElapsedMilliseconds} ms after the last.");
        await host.StopAsync(Cancellation);

        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession(PromotionHost.Space);
        var heard = await session.Query<Heard>().OrderBy(block => block.Sequence).ToListAsync(Cancellation);
        var logs = (await rig.Chain.LogsAsync(one, two)).Where(log => log.BlockNumber <= final).ToList();
        Assert.Equal(logs.Select(log => $"{log.BlockNumber}/{log.LogIndex}"), heard.SelectMany(block => block.Logs));
        Assert.Equal(
            logs.Select(log => $"{log.BlockHash} {log.LogIndex} {log.TransactionHash}").Order(StringComparer.Ordinal),
            (await rig.RowsAsync(
                """
                select concat_ws(' ', '0x' || encode(b.hash, 'hex'), log_index, '0x' || encode(tx_hash, 'hex'))
                from chain.log l join chain.block b on b.id = l.block_id
                join chain.cursor c on c.chain_id = l.chain_id and l.block_number <= c.promoted_number
                where b.status = 'finalized' and not exists (select from chain.late)
                """)).Order(StringComparer.Ordinal));
        Assert.NotEmpty(await rig.BlocksAsync("orphaned"));
        Assert.Empty(await rig.RowsAsync("select 1 from chain.cursor where halt_reason is not null"));
    }

    private static void Tell(string sentence) => TestContext.Current.TestOutputHelper?.WriteLine(sentence);

    private static Task SeenAsync(IngestionRig rig, RpcBlock head) => Eventually.TrueAsync(
        async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Head == head.Ref, Patience, $"block {head.Number} is seen");
}

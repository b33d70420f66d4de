using System.Globalization;
using Grants.Ethereum.Contracts.Staking;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Tests.Embedded;
using Marten;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

/// <summary>
/// A sequencer of Metis falls silent at the beginning of its epoch and another is put in its place: all blocks of the epoch, as many as an
/// epoch has, are replaced. Final is what ends the epoch before. The variable GRANTS_EPOCH_BLOCKS says how many; 1000 take half a minute.
/// </summary>
public sealed class RespanTests(LocalServers servers)
{
    private static readonly int EpochLength = int.Parse(
        Environment.GetEnvironmentVariable("GRANTS_EPOCH_BLOCKS") ?? "100", CultureInfo.InvariantCulture);

    private static readonly Address Sequencers = Address.Parse("0x0fe382b74C3894B65c10E5C12ae60Bbd8FAf5b48");

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    // LOG3 of the first three words of the call, with the rest as data.
    private const string LogsItsCall = "0x6060360360606000376040356020356000356060360360" + "00a300";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_epoch_that_is_given_to_another_sequencer_is_replaced_whole_and_nothing_of_it_was_believed()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: EpochLength);
        await rig.Chain.Rpc.RequestAsync("anvil_setCode", [$"{Sequencers}", LogsItsCall], Cancellation);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await rig.WatchAsync(Sequencers);
        await rig.Chain.MineWithLogsAsync(echo);
        var edge = await rig.Chain.HeadAsync();
        var before = (await rig.Chain.Rpc.RequestAsync("evm_snapshot", [], Cancellation)).GetString()!;
        await rig.Chain.MineWithLogsAsync(echo, echo);
        await MineAsync(rig, EpochLength - 2);
        await rig.Chain.MineWithLogsAsync(echo);
        using var host = await PromotionHost.StartAsync(rig);
        await SeenAsync(rig, await rig.Chain.HeadAsync());
        await PromotedAsync(rig, edge.Number);

        var recommitted = new SequencerSet.ReCommitEpochLog(7, 8, 7, (ulong)(edge.Number + 1), (ulong)(edge.Number + EpochLength), echo);
        // Its own reorganization forgets the state of so long ago.
        await rig.Chain.Rpc.RequestAsync("evm_revert", [before], Cancellation);
        await rig.Chain.SendAsync(Sequencers, CallOf(recommitted));
        await MineAsync(rig, EpochLength);
        await rig.Chain.MineWithLogsAsync(echo);
        await SeenAsync(rig, await rig.Chain.HeadAsync());

        Assert.Equal(3, (await rig.RowsAsync(
            "select 1 from chain.log l join chain.block b on b.id = l.block_id where b.status = 'orphaned'")).Count);
        await MineAsync(rig, EpochLength);
        await PromotedAsync(rig, edge.Number + EpochLength + 1);
        await host.StopAsync(Cancellation);
        var logs = await rig.Chain.LogsAsync(echo, Sequencers);
        Assert.Equal(recommitted, Assert.Single(logs.Select(SequencerSet.Logs.Read).OfType<SequencerSet.ReCommitEpochLog>()));
        await using var session = host.Services.GetRequiredService<IDocumentStore>().QuerySession(PromotionHost.Space);
        var heard = await session.Query<Heard>().OrderBy(block => block.Sequence).ToListAsync(Cancellation);
        Assert.Equal(logs.Select(log => $"{log.BlockNumber}/{log.LogIndex}"), heard.SelectMany(block => block.Logs));
        Assert.Empty(await rig.RowsAsync("select 1 from chain.cursor where halt_reason is not null"));
    }

    private static byte[] CallOf(SequencerSet.ReCommitEpochLog log) =>
    [
        .. SequencerSet.ReCommitEpoch.Topic0.ToBytes(), .. log.OldEpochId.ToBytes(), .. log.NewEpochId.ToBytes(),
        .. log.CurEpochId.ToBytes(),
        .. log.StartBlock.ToBytes(), .. log.EndBlock.ToBytes(), .. new byte[Hash32.Length - Address.Length], .. log.NewSigner.ToBytes(),
    ];

    // A node that is told to mine very many at once does not answer in time.
    private static async Task MineAsync(IngestionRig rig, int blocks)
    {
        for (; blocks > 0; blocks -= 100)
            await rig.Chain.MineAsync(Math.Min(blocks, 100));
    }

    private static Task SeenAsync(IngestionRig rig, RpcBlock head) => Eventually.TrueAsync(
        async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Head == head.Ref, Patience, $"block {head.Number} is seen");

    private static Task PromotedAsync(IngestionRig rig, long number) => Eventually.TrueAsync(
        async () => (await rig.View.HeadsAsync(rig.ChainId, Cancellation))?.Promoted.Number == number,
        Patience,
        $"block {number} is promoted");
}

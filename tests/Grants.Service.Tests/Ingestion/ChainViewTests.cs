using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class ChainViewTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task only_final_logs_of_the_address_and_topic_are_read_in_their_order()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 4);
        var (echo, other) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(echo);
        await rig.WatchAsync(other);
        await rig.Chain.MineWithLogsAsync(echo, other, echo);
        await rig.Chain.MineAsync(4);
        await rig.Chain.MineWithLogsAsync(echo);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        var logs = await rig.Chain.LogsAsync(echo);

        var read = Assert.Single(await rig.View.FinalizedLogsAsync(rig.ChainId, echo, logs[0].Topics[0], 100, Cancellation));
        Assert.Equal(logs[0] with { Topics = read.Topics, Data = read.Data }, read);
        Assert.Equal(logs[0].Topics, read.Topics);
        Assert.Equal(logs[0].Data, read.Data);
        Assert.Single(await rig.View.FinalizedLogsAsync(rig.ChainId, echo, logs[1].Topics[0], 3, Cancellation));
        Assert.Empty(await rig.View.FinalizedLogsAsync(rig.ChainId, echo, logs[1].Topics[0], 2, Cancellation));
        Assert.Empty(await rig.View.FinalizedLogsAsync(rig.ChainId, other, logs[0].Topics[0], 100, Cancellation));
        Assert.Empty(await rig.View.FinalizedLogsAsync(rig.ChainId, echo, logs[2].Topics[0], 100, Cancellation));
    }

    [Fact]
    public async Task a_log_counts_as_final_only_at_its_very_place_and_in_a_final_block()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 8);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 12; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        var keys = (await rig.Chain.LogsAsync(echo))
            .Select(log => new EventKey(rig.ChainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex)).ToList();

        Assert.True(await rig.View.IsFinalizedAsync(keys[3], Cancellation));
        Assert.False(await rig.View.IsFinalizedAsync(keys[4], Cancellation));
        Assert.False(await rig.View.IsFinalizedAsync(keys[3] with { LogIndex = 1 }, Cancellation));
        Assert.False(await rig.View.IsFinalizedAsync(keys[3] with { ChainId = 1 }, Cancellation));
        Assert.False(await rig.View.IsFinalizedAsync(keys[3] with { TransactionHash = keys[2].TransactionHash }, Cancellation));

        await rig.Chain.ReorgAsync(2, echo);
        await rig.Chain.MineAsync(20);
        await IngestionRig.ToEndAsync(ingestor);
        Assert.True(await rig.View.IsFinalizedAsync(keys[4], Cancellation));
        Assert.False(await rig.View.IsFinalizedAsync(keys[^1], Cancellation));
    }

    [Fact]
    public async Task heads_say_how_far_each_level_has_come()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 4);
        Assert.Null(await rig.View.HeadsAsync(rig.ChainId, Cancellation));
        await rig.WatchAsync(Address.Parse("0x00000000000000000000000000000000000000a1"), 3);
        await rig.Chain.MineAsync(10);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        var heads = (await rig.View.HeadsAsync(rig.ChainId, Cancellation))!;
        Assert.Equal((10, 6, 2), (heads.Head.Number, heads.Finalized.Number, heads.Promoted.Number));
        Assert.Equal((4, 4), (heads.UnfinalizedBlocks, heads.UnpromotedBlocks));
        Assert.Null(heads.HaltReason);
    }
}

using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class ChainIngestorTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task the_past_and_the_head_hold_every_log_once()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await MineAsync(rig, 60, echo, echo);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        for (var i = 0; i < 5; i++)
        {
            await rig.Chain.MineWithLogsAsync(echo);
            await IngestionRig.ToEndAsync(ingestor);
        }

        Assert.Equal(125, (await rig.StoredLogsAsync()).Count);
        Assert.Equal(await rig.NodesLogsAsync(echo), await rig.StoredLogsAsync());
        Assert.Equal(Numbers(0, 64), await rig.BlocksAsync("finalized"));
        Assert.Equal(Numbers(65, 66), await rig.BlocksAsync("head"));
    }

    [Fact]
    public async Task a_restart_in_the_middle_leaves_no_gap_and_nothing_twice()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await MineAsync(rig, 40, echo);
        var limits = new FollowerLimits(BlocksAtOnce: 3, LargestRange: 4);
        for (ChainUpdate? last = new ChainUpdate.BlocksAppended([]); last is not null;)
            last = await (await rig.OpenAsync(limits: limits)).FollowAsync(Cancellation);

        Assert.Equal(await rig.NodesLogsAsync(echo), await rig.StoredLogsAsync());
        Assert.Equal(Numbers(0, 41), await rig.RowsAsync("select number from chain.block order by number"));
    }

    [Fact]
    public async Task how_much_is_left_is_known_while_the_past_is_read()
    {
        await using var rig = await StartAsync();
        var (first, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(first, 3);
        await MineAsync(rig, 40, first, late);
        var ingestor = await rig.OpenAsync(limits: new FollowerLimits(BlocksAtOnce: 3, LargestRange: 4));
        await ingestor.FollowAsync(Cancellation);
        Assert.Equal(42 - ingestor.Known.Head.Number, ingestor.BlocksLeft);
        await IngestionRig.ToEndAsync(ingestor);
        Assert.Equal(0, ingestor.BlocksLeft);

        await rig.WatchAsync(late, 10);
        await ingestor.BackfillAsync(Cancellation);
        Assert.Equal(40 - 13, ingestor.BlocksLeft);
    }

    [Fact]
    public async Task following_begins_before_the_first_watched_block()
    {
        await using var rig = await StartAsync();
        await rig.Chain.MineAsync(20);
        await rig.WatchAsync(Address.Parse("0x00000000000000000000000000000000000000a1"), 12);
        await rig.WatchAsync(Address.Parse("0x00000000000000000000000000000000000000a2"), 7);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(Numbers(6, 20), await rig.RowsAsync("select number from chain.block order by number"));
        Assert.Equal(["True", "True"], await rig.RowsAsync("select backfilled from chain.watch"));
    }

    [Fact]
    public async Task a_reorg_orphans_blocks_and_ingests_the_others()
    {
        await using var rig = await StartAsync(finalDepth: 16);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await MineAsync(rig, 20, echo);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        var before = await rig.StoredLogsAsync();

        await rig.Chain.ReorgAsync(6, echo, echo, echo);
        await IngestionRig.ToEndAsync(ingestor);

        Assert.Equal(await rig.NodesLogsAsync(echo), await rig.StoredLogsAsync());
        Assert.NotEqual(before, await rig.StoredLogsAsync());
        Assert.Equal(Numbers(16, 21), await rig.BlocksAsync("orphaned"));
        Assert.Equal(
            ["6"],
            await rig.RowsAsync(
                "select count(*) from chain.log l join chain.block b on b.id = l.block_id where b.status = 'orphaned'"));
        Assert.Equal((await rig.Chain.HeadAsync()).Ref, (await rig.View.HeadsAsync(rig.ChainId, Cancellation))!.Head);
    }

    [Fact]
    public async Task what_is_far_below_is_let_go_but_for_final_blocks_with_logs()
    {
        await using var rig = await StartAsync(finalDepth: 16);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 20; i++)
            await rig.Chain.MineWithLogsAsync(i % 4 == 0 ? [echo] : []);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        await rig.Chain.ReorgAsync(6, echo, echo);
        await rig.Chain.MineAsync(30);
        await IngestionRig.ToEndAsync(ingestor);
        Assert.NotEmpty(await rig.BlocksAsync("orphaned"));
        var logs = await rig.StoredLogsAsync();
        await rig.Store.PruneAsync(rig.ChainId, 5, Cancellation);
        Assert.NotEmpty(await rig.BlocksAsync("orphaned")); // nothing is promoted yet

        await rig.RowsAsync("update chain.cursor set promoted_number = finalized_number returning promoted_number");
        await rig.Store.PruneAsync(rig.ChainId, 5, Cancellation);
        await rig.Store.PruneAsync(rig.ChainId, 5, Cancellation);

        Assert.Equal(logs, await rig.StoredLogsAsync());
        Assert.Empty(await rig.BlocksAsync("orphaned"));
        var final = ingestor.Known.Finalized.Number;
        var kept = logs.Select(log => log.Split(' ')[0]).Distinct().ToList();
        Assert.Equal(
            ["0", .. kept, .. Numbers((int)final - 4, (int)final)], await rig.BlocksAsync("finalized"));
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
    }

    [Fact]
    public async Task a_block_that_comes_back_is_itself_again()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        var (lease, known) = (await rig.Store.TakeOverAsync(rig.ChainId, Cancellation))!.Value;
        var (a, b) = (Child(known.Head, 'a', echo), Child(known.Head, 'b', echo));
        foreach (var update in new ChainUpdate[] { Appended(a), Gone(a), Appended(b), Gone(b), Appended(a) })
            await rig.Store.ApplyAsync(lease, update, Cancellation);

        Assert.Equal(
            [$"{a.Ref.Hash}"],
            await rig.RowsAsync("select '0x' || encode(hash, 'hex') from chain.block where number = 2 and status = 'head'"));
        Assert.Single(await rig.StoredLogsAsync());

        ChainUpdate.BlocksAppended Appended(FollowedBlock block) => new([block]);
        ChainUpdate.Reorged Gone(FollowedBlock block) => new(known.Head, [block.Ref]);
    }

    [Fact]
    public async Task who_was_replaced_cannot_write()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        var old = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(old);
        var successor = await rig.OpenAsync();
        await rig.Chain.MineWithLogsAsync(echo);

        await Assert.ThrowsAsync<LeaseLostException>(() => old.FollowAsync(Cancellation));
        Assert.Empty(await rig.StoredLogsAsync());
        await IngestionRig.ToEndAsync(successor);
        Assert.Single(await rig.StoredLogsAsync());
    }

    [Fact]
    public async Task a_node_that_is_behind_changes_nothing()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await MineAsync(rig, 10, echo);
        var height = long.MaxValue / 2;
        var ingestor = await rig.OpenAsync(rig.Chain.Through(ChangedAnswers.Behind(() => Math.Min(height, 11))));
        await IngestionRig.ToEndAsync(ingestor);
        var before = await rig.RowsAsync("select concat(c, b) from chain.cursor c, chain.block b");
        for (height = 10; height >= 0; height--)
            await Assert.ThrowsAnyAsync<RpcTransportException>(() => ingestor.FollowAsync(Cancellation));
        Assert.Equal(before, await rig.RowsAsync("select concat(c, b) from chain.cursor c, chain.block b"));
    }

    [Fact]
    public async Task a_chain_that_loses_a_final_block_is_halted_until_it_is_cleared()
    {
        await using var rig = await StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        await MineAsync(rig, 10, echo);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        Assert.True(await rig.Queue.AnyAsync(rig.ChainId, Cancellation));

        await rig.Chain.ReorgAsync(6, echo);
        Assert.IsType<ChainUpdate.FinalityViolated>(await ingestor.FollowAsync(Cancellation));

        Assert.Contains("final", (await rig.View.HeadsAsync(rig.ChainId, Cancellation))!.HaltReason, StringComparison.OrdinalIgnoreCase);
        Assert.False(await rig.Queue.AnyAsync(rig.ChainId, Cancellation));
        Assert.Empty(await rig.BlocksAsync("orphaned"));
        await rig.Store.ClearHaltAsync(rig.ChainId, Cancellation);
        Assert.Null(await rig.Store.HaltReasonAsync(rig.ChainId, Cancellation));
        Assert.True(await rig.Queue.AnyAsync(rig.ChainId, Cancellation));
    }

    private Task<IngestionRig> StartAsync(int finalDepth = 2) => IngestionRig.StartAsync(servers, finalDepth);

    private static async Task MineAsync(IngestionRig rig, int blocks, params Address[] contracts)
    {
        for (var i = 0; i < blocks; i++)
            await rig.Chain.MineWithLogsAsync(contracts);
    }

    private static IEnumerable<string> Numbers(int first, int last) => Enumerable.Range(first, last - first + 1).Select(n => $"{n}");

    private static FollowedBlock Child(BlockRef parent, char fork, Address contract)
    {
        var block = new BlockRef(parent.Number + 1, Keccak256.Hash($"{fork}"), parent.TimestampSeconds + 1);
        return new FollowedBlock(
            block, parent.Hash, [new RpcLog(contract, [], [], block.Number, block.Hash, Keccak256.Hash($"{fork} sent"), 0, 0)]);
    }
}

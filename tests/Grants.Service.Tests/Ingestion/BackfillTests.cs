using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Grants.Service.Ingestion;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class BackfillTests(LocalServers servers)
{
    private static readonly Address A = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Address B = Address.Parse("0x00000000000000000000000000000000000000b2");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task an_address_that_is_watched_late_gets_its_past_up_to_the_head_and_then_its_future()
    {
        await using var rig = await IngestionRig.StartAsync(servers, finalDepth: 8);
        var (first, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(first, 20);
        for (var i = 0; i < 40; i++)
            await rig.Chain.MineWithLogsAsync(first, late);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, late, 3, 30, Cancellation));

        await rig.WatchAsync(late, 3);
        await IngestionRig.ToEndAsync(ingestor);
        await rig.Chain.MineWithLogsAsync(late, first);
        await IngestionRig.ToEndAsync(ingestor);

        var stored = await rig.StoredLogsAsync();
        Assert.Equal(await rig.NodesLogsAsync(late), Of(stored, late));
        Assert.Equal((await rig.NodesLogsAsync(first)).Skip(17), Of(stored, first));
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, late, 3, 30, Cancellation));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, late, 2, 30, Cancellation));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, late, 3, 42, Cancellation));
    }

    [Fact]
    public async Task a_past_goes_on_where_it_stopped()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var (first, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(first);
        for (var i = 0; i < 30; i++)
            await rig.Chain.MineWithLogsAsync(late);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        await rig.WatchAsync(late);

        var small = new FollowerLimits(LargestRange: 4);
        await (await rig.OpenAsync(limits: small)).BackfillAsync(Cancellation);
        Assert.Equal(["4"], await rig.RowsAsync("select next_block from chain.watch where not backfilled"));
        Assert.True(await rig.View.IsCoveredAsync(rig.ChainId, late, 0, 3, Cancellation));
        Assert.False(await rig.View.IsCoveredAsync(rig.ChainId, late, 0, 4, Cancellation));
        await IngestionRig.ToEndAsync(await rig.OpenAsync(limits: small));

        Assert.Equal(await rig.NodesLogsAsync(late), await rig.StoredLogsAsync());
    }

    [Fact]
    public async Task asking_again_changes_nothing_unless_it_asks_for_more()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var echo = await rig.Chain.DeployEchoAsync();
        for (var i = 0; i < 20; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        await rig.WatchAsync(echo, 10);
        var ingestor = await rig.OpenAsync();
        await IngestionRig.ToEndAsync(ingestor);
        await rig.WatchAsync(echo, 15);
        Assert.Equal(["True"], await rig.RowsAsync("select backfilled from chain.watch"));
        Assert.Equal((await rig.NodesLogsAsync(echo)).Skip(8), await rig.StoredLogsAsync());

        await rig.WatchAsync(echo, 5);
        await IngestionRig.ToEndAsync(ingestor);
        Assert.Equal((await rig.NodesLogsAsync(echo)).Skip(3), await rig.StoredLogsAsync());
    }

    [Fact]
    public async Task an_earlier_block_asked_for_while_a_piece_is_read_is_not_forgotten()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        await rig.Chain.MineAsync(20);
        await rig.WatchAsync(A, 12);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        await rig.WatchAsync(B, 5);
        var (lease, _) = (await rig.Store.TakeOverAsync(rig.ChainId, Cancellation))!.Value;
        await rig.WatchAsync(B, 2);
        await rig.Store.BackfillAsync(lease, new BackfillPiece([B], 5, 18), 19, [], Cancellation);
        Assert.Equal(["2"], await rig.RowsAsync("select next_block from chain.watch where not backfilled"));
    }

    [Fact]
    public async Task a_past_that_is_not_all_there_waits_for_the_rest()
    {
        await using var rig = await IngestionRig.StartAsync(servers);
        var (first, late) = (await rig.Chain.DeployEchoAsync(), await rig.Chain.DeployEchoAsync());
        await rig.WatchAsync(first);
        for (var i = 0; i < 10; i++)
            await rig.Chain.MineWithLogsAsync(late);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        await rig.WatchAsync(late);

        await IngestionRig.BackfillToEndAsync(await rig.OpenAsync(rig.Chain.Through(ChangedAnswers.Behind(() => 5))));
        Assert.Equal(["6"], await rig.RowsAsync("select next_block from chain.watch where not backfilled"));
        await IngestionRig.BackfillToEndAsync(await rig.OpenAsync(rig.Chain.Through(ChangedAnswers.Behind(() => 11))));
        Assert.Equal(["11"], await rig.RowsAsync("select next_block from chain.watch where not backfilled"));
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(await rig.NodesLogsAsync(late), await rig.StoredLogsAsync());
    }

    [Fact]
    public void addresses_that_are_behind_sweep_forward_together_and_take_the_others_up()
    {
        Assert.Equal((A, 10L, 29L), Only(ChainWatches.Next([(A, 10), (B, 30)], Block(100), Block(104))!));
        var both = ChainWatches.Next([(A, 30), (B, 30)], Block(100), Block(104))!;
        Assert.Equal([A, B], both.Addresses);
        Assert.Equal((30L, 100L), (both.From, both.Last));
    }

    [Fact]
    public void what_is_not_final_is_read_last_and_for_all()
    {
        var piece = ChainWatches.Next([(A, 101), (B, 103)], Block(100), Block(104))!;
        Assert.Equal([A, B], piece.Addresses);
        Assert.Equal((101L, 104L), (piece.From, piece.Last));
    }

    private static (Address, long, long) Only(BackfillPiece piece) => (Assert.Single(piece.Addresses), piece.From, piece.Last);

    private static BlockRef Block(long number) => new(number, Hash32.Zero, 0);

    private static ImmutableArray<string> Of(IEnumerable<string> logs, Address address) =>
        [.. logs.Where(log => log.Contains(Hex.Format(address.ToBytes()), StringComparison.Ordinal))];
}

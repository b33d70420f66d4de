using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class SuddenEndTests(LocalServers local) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmbeddedWorld world = new(local);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task a_killed_service_leaves_no_server_and_loses_no_block_and_no_row()
    {
        using var host = await world.StartHostAsync();
        var (row, head) = await WriteAsync(host.Addresses);
        host.Kill();
        await Eventually.TrueAsync(() => world.Running().Count == 0, Patience, "the servers of the killed service are gone");
        await using var again = await world.StartAsync();
        Assert.Equal(row, await Addresses.Of(again).QueryAsync("select max(id) from kept"));
        Assert.Equal(head, await Addresses.Of(again).HeadAsync());
        Assert.Equal("0x3", await Addresses.Of(again).PaidAsync());
    }

    [Fact]
    public async Task a_start_right_after_the_kill_waits_for_the_old_servers_and_finds_all_data()
    {
        using var host = await world.StartHostAsync();
        var (row, head) = await WriteAsync(host.Addresses);
        host.Kill();
        await using var again = await world.StartAsync();
        Assert.Equal(row, await Addresses.Of(again).QueryAsync("select max(id) from kept"));
        Assert.Equal(head, await Addresses.Of(again).HeadAsync());
    }

    [Fact]
    public async Task servers_that_lost_their_supervisors_too_are_ended_in_order_by_the_next_start()
    {
        using var host = await world.StartHostAsync();
        var (row, head) = await WriteAsync(host.Addresses);
        var orphans = world.Running();
        Assert.Equal(4, world.Shells().Count);
        foreach (var shell in world.Shells())
            Killing.One(shell);
        host.Kill();
        Assert.Equal(orphans.Count, world.Running().Count);

        await using var again = await world.StartAsync();
        Assert.Empty(world.Running().Intersect(orphans));
        Assert.Equal(row, await Addresses.Of(again).QueryAsync("select max(id) from kept"));
        Assert.Equal(head, await Addresses.Of(again).HeadAsync());
    }

    [Fact]
    public async Task a_stop_ends_the_servers_even_when_their_supervisors_are_gone()
    {
        await using (await world.StartAsync())
        {
            foreach (var shell in world.Shells())
                Killing.One(shell);
        }

        Assert.Empty(world.Running());
    }

    [Fact]
    public async Task a_chain_that_was_killed_itself_goes_on_from_a_whole_checkpoint()
    {
        var checkpoint = new ChainSnapshot(world.Chain).Checkpoint;
        string? head;
        await using (var servers = await world.StartAsync())
        {
            for (var i = 0; i < 4; i++)
                await Addresses.Of(servers).PayAsync();
            head = await Addresses.Of(servers).HeadAsync();
            await Eventually.TrueAsync(() => File.Exists(checkpoint), Patience, "there is a checkpoint");
            Killing.One(Assert.Single(ServerProcesses.In(world.Chain, ServerProgram.Anvil)));
            await servers.Ended;
        }

        await File.WriteAllTextAsync(new ChainSnapshot(world.Chain).Exit, "{\"torn\":", TestContext.Current.CancellationToken);
        await using var again = await world.StartAsync();
        var kept = await Addresses.Of(again).CallAsync("eth_getBlockByNumber", "0x4", false);
        Assert.Equal(head, kept.GetProperty("hash").GetString());
        Assert.Equal("0x4", await Addresses.Of(again).PaidAsync("finalized"));
    }

    private static async Task<(object? Row, string? Head)> WriteAsync(Addresses addresses)
    {
        var row = await addresses.QueryAsync("create table kept as select generate_series(1, 1000) as id; select max(id) from kept");
        for (var i = 0; i < 3; i++)
            await addresses.PayAsync();
        return (row, await addresses.HeadAsync());
    }
}

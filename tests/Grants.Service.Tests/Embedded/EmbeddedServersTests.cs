using System.Globalization;
using Grants.Service.Hosting.Embedded;
using Grants.Service.Hosting.Embedded.Processes;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class EmbeddedServersTests(LocalServers local) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly EmbeddedWorld world = new(local);

    public void Dispose() => world.Dispose();

    [Fact]
    public async Task both_answer_after_the_start_and_nothing_runs_after_the_stop()
    {
        var servers = await world.StartAsync();
        Assert.StartsWith("PostgreSQL 18.", (string?)await Addresses.Of(servers).QueryAsync("select version()"), StringComparison.Ordinal);
        Assert.Equal("on", await Addresses.Of(servers).QueryAsync("show fsync"));
        Assert.Equal("", await Addresses.Of(servers).QueryAsync("show listen_addresses"));
        Assert.Equal("grants", await Addresses.Of(servers).QueryAsync("select current_database()"));
        Assert.Equal("0x7a69", (await Addresses.Of(servers).CallAsync("eth_chainId")).GetString());
        Assert.NotEmpty(world.Running());
        Assert.False(servers.Ended.IsCompleted);

        await servers.DisposeAsync();
        Assert.Empty(world.Running());
        Assert.True(servers.Ended.IsCompleted);
    }

    [Fact]
    public async Task a_restart_keeps_the_data_of_both_and_the_address_of_the_chain()
    {
        string? head;
        Uri? rpc;
        await using (var servers = await world.StartAsync())
        {
            await Addresses.Of(servers).QueryAsync("create table kept as select 42 as answer");
            for (var i = 0; i < 5; i++)
                await Addresses.Of(servers).PayAsync();
            head = await Addresses.Of(servers).HeadAsync();
            rpc = servers.Rpc;
        }

        await using var again = await world.StartAsync();
        Assert.Equal(42, await Addresses.Of(again).QueryAsync("select answer from kept"));
        Assert.Equal(head, await Addresses.Of(again).HeadAsync());
        Assert.Equal("0x5", await Addresses.Of(again).PaidAsync());
        Assert.Equal("0x3", await Addresses.Of(again).PaidAsync("finalized"));
        Assert.Equal("0x1", await Addresses.Of(again).PaidAsync("0x1"));
        Assert.Equal(rpc, again.Rpc);
    }

    [Fact]
    public async Task blocks_never_run_backwards_after_the_clock_of_the_chain_was_moved()
    {
        string? before;
        await using (var servers = await world.StartAsync())
        {
            await Addresses.Of(servers).CallAsync("evm_increaseTime", 864_000);
            await Addresses.Of(servers).PayAsync();
            before = await TimeAsync(servers);
        }

        await using var again = await world.StartAsync();
        await Addresses.Of(again).PayAsync();
        Assert.True(Parse(await TimeAsync(again)) > Parse(before), "A block of the restarted chain is not later than the one before.");

        static async Task<string?> TimeAsync(EmbeddedServers servers) =>
            (await Addresses.Of(servers).BlockAsync("latest")).GetProperty("timestamp").GetString();

        static long Parse(string? quantity) => long.Parse(quantity.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task without_a_chain_there_is_no_address()
    {
        await using var servers = await world.StartAsync(withChain: false);
        Assert.Null(servers.Rpc);
        Assert.Equal(1, await Addresses.Of(servers).QueryAsync("select 1"));
    }

    [Fact]
    public async Task a_second_service_on_the_same_directory_is_refused_with_the_process_that_has_it()
    {
        await using var servers = await world.StartAsync(withChain: false);
        var refused = await Assert.ThrowsAsync<DataDirectoryInUseException>(() => world.StartAsync());
        Assert.Equal(Environment.ProcessId, refused.ProcessId);
        Assert.Contains($"process {Environment.ProcessId}", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, await Addresses.Of(servers).QueryAsync("select 1"));
    }

    [Fact]
    public async Task a_server_that_dies_by_itself_is_told()
    {
        await using var servers = await world.StartAsync();
        Killing.One(Assert.Single(ServerProcesses.In(world.Chain, ServerProgram.Anvil)));
        var told = await servers.Ended.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.StartsWith("anvil ended with code 137", told, StringComparison.Ordinal);
        Assert.Equal(1, await Addresses.Of(servers).QueryAsync("select 1"));
    }

    [Fact]
    public async Task a_killed_initialization_leaves_nothing_that_is_taken_for_a_cluster()
    {
        Directory.CreateDirectory(world.Cluster + ".tmp");
        await File.WriteAllTextAsync(Path.Combine(world.Cluster + ".tmp", "half"), "", TestContext.Current.CancellationToken);
        await using var servers = await world.StartAsItIsAsync(withChain: false);
        Assert.Equal(1, await Addresses.Of(servers).QueryAsync("select 1"));
        Assert.False(Directory.Exists(world.Cluster + ".tmp"));
    }

    [Fact]
    public async Task a_stale_process_id_that_went_to_a_stranger_does_not_keep_the_database_down()
    {
        await using (await world.StartAsync(withChain: false))
        {
        }

        var stale = $"{Environment.ProcessId}\n{world.Cluster}\n";
        await File.WriteAllTextAsync(Path.Combine(world.Cluster, "postmaster.pid"), stale, TestContext.Current.CancellationToken);
        await using var again = await world.StartAsync(withChain: false);
        Assert.Equal(1, await Addresses.Of(again).QueryAsync("select 1"));
    }

    [Fact]
    public async Task a_cluster_of_another_version_is_refused()
    {
        Directory.CreateDirectory(world.Cluster);
        await File.WriteAllTextAsync(Path.Combine(world.Cluster, "PG_VERSION"), "15\n", TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<EmbeddedServerException>(() => world.StartAsync());
        Assert.Contains("belongs to PostgreSQL 15", refused.Message, StringComparison.Ordinal);
        Assert.Empty(world.Running());
    }
}

using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Embedded;

public sealed class LocalServersTests(LocalServers servers)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task a_database_is_fresh_each_time_and_may_copy_a_template()
    {
        var first = await servers.CreateDatabaseAsync("fresh");
        await ScalarAsync(first, "create table seed as select 7 as value; select 1");
        var copy = await servers.CreateDatabaseAsync("copy", new NpgsqlConnectionStringBuilder(first).Database);
        Assert.Equal(7, await ScalarAsync(copy, "select value from seed"));
        var second = await servers.CreateDatabaseAsync("fresh");
        Assert.NotEqual(first, second);
        Assert.Equal(false, await ScalarAsync(second, "select to_regclass('seed') is not null"));
    }

    [Fact]
    public async Task a_chain_of_ones_own_does_not_move_the_shared_one()
    {
        var own = new Addresses("", await servers.StartChainAsync());
        var shared = new Addresses("", await servers.SharedChainAsync());
        var before = await shared.HeadAsync();
        await own.CallAsync("anvil_mine", "0x3");
        Assert.Equal("0x3", (await own.BlockAsync("latest")).GetProperty("number").GetString());
        Assert.Equal("0x1", (await own.BlockAsync("finalized")).GetProperty("number").GetString());
        Assert.NotEqual(own.Rpc, shared.Rpc);
        Assert.Equal(before, await shared.HeadAsync());
    }

    private static async Task<object?> ScalarAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }
}

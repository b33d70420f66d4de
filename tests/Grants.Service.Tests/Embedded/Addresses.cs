using System.Text.Json;
using Grants.Service.Hosting.Embedded;
using Npgsql;
using Xunit;

namespace Grants.Service.Tests.Embedded;

/// <summary>Where servers are reached, whoever runs them, and what tests ask them.</summary>
internal sealed record Addresses(string ConnectionString, Uri? Rpc)
{
    private const string Rich = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
    private const string Poor = "0x00000000000000000000000000000000000000aa";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static Addresses Of(EmbeddedServers servers) => new(servers.ConnectionString, servers.Rpc);

    public async Task<object?> QueryAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    public async Task<JsonElement> CallAsync(string method, params object?[] parameters)
    {
        using var rpc = new AnvilRpc(Rpc!);
        return await rpc.RequestAsync(method, parameters, Cancellation);
    }

    /// <summary>Pays 1 wei and waits for its block.</summary>
    public async Task PayAsync()
    {
        var hash = await CallAsync("eth_sendTransaction", new { from = Rich, to = Poor, value = "0x1" });
        while ((await CallAsync("eth_getTransactionReceipt", hash.GetString())).ValueKind == JsonValueKind.Null)
            await Task.Delay(5, Cancellation);
    }

    public async Task<string?> PaidAsync(string block = "latest") => (await CallAsync("eth_getBalance", Poor, block)).GetString();

    public async Task<string?> HeadAsync() => (await BlockAsync("latest")).GetProperty("hash").GetString();

    public Task<JsonElement> BlockAsync(string block) => CallAsync("eth_getBlockByNumber", block, false);
}

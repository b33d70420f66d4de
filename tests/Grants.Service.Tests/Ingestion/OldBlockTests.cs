using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Ingestion;

public sealed class OldBlockTests(LocalServers servers)
{
    /// <summary>As Metis had them until 2024: no base fee, one transaction a block, several blocks of one second.</summary>
    [Fact]
    public async Task blocks_of_before_london_many_a_second_are_proven_and_followed_in_their_order()
    {
        await using var rig = await IngestionRig.StartAsync(servers, hardfork: "berlin");
        await rig.Chain.Rpc.RequestAsync("anvil_setBlockTimestampInterval", [0], IngestionRig.Cancellation);
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.WatchAsync(echo);
        for (var i = 0; i < 20; i++)
            await rig.Chain.MineWithLogsAsync(i % 4 == 0 ? [] : [echo]);
        Assert.Null((await rig.Chain.HeadAsync()).BaseFeePerGas);
        await IngestionRig.ToEndAsync(await rig.OpenAsync());
        Assert.Equal(await rig.NodesLogsAsync(echo), await rig.StoredLogsAsync());

        // The local node's first block is of no fork at all: it is not proven, and no log is in it.
        var proving = new BlockReader(new EthereumRpc(new HttpClient(), rig.Chain.Endpoint) { ProvesBlocks = true });
        var (proven, watched) = (new List<RpcLog>(), new WatchedAddresses([echo]));
        foreach (var hash in await rig.RowsAsync("select '0x' || encode(hash, 'hex') from chain.block where number > 0 order by number"))
            proven.AddRange((await proving.ReadAsync(Hash32.Parse(hash), watched, IngestionRig.Cancellation))!.Logs);
        Assert.Equal(
            (await rig.Chain.LogsAsync(echo)).Select(log => $"{log.BlockHash} {log.LogIndex} {log.TransactionHash}"),
            proven.Select(log => $"{log.BlockHash} {log.LogIndex} {log.TransactionHash}"));
        Assert.Equal(["1"], await rig.RowsAsync("select count(distinct timestamp) from chain.block where number > 0"));
    }
}

using Grants.Chaos;
using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Following;

/// <summary>Where blocks are proved, a lie costs the liar's answer and nothing else.</summary>
public sealed class ProvenBlockTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task logs_out_of_receipts_are_those_of_the_chain(bool oneByOne)
    {
        await using var chain = await AnvilChain.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(chain.Endpoint);
        var (one, two) = (await chain.DeployEchoAsync(), await chain.DeployEchoAsync());
        for (var i = 0; i < 5; i++)
            await chain.MineWithLogsAsync(one, two, one);
        if (oneByOne)
            proxy.Add(Faults.For(Faults.Refuse(-32601, "the method does not exist"), "eth_getBlockReceipts"));
        var read = await ReadAsync(proxy, one);
        Assert.Equal((await chain.LogsAsync(one)).Select(Text), read.SelectMany(block => block.Logs).Select(Text));
        Assert.DoesNotContain(proxy.Calls, call => call.Call.Method == "eth_getLogs");
    }

    public static TheoryData<string, Fault> Lies() => new()
    {
        { "data of a log", ChainFaults.ForgeLogs(log => log["data"] = "0x00") },
        { "address of a log", ChainFaults.ForgeLogs(log => log["address"] = "0x00000000000000000000000000000000000000a1") },
        { "index of a log", ChainFaults.ForgeLogs(log => log["logIndex"] = "0x7") },
        { "status of a receipt", ChainFaults.WrongReceipts(receipt => receipt["status"] = "0x0") },
        { "gas of a receipt", ChainFaults.WrongReceipts(receipt => receipt["cumulativeGasUsed"] = "0x1") },
        { "a receipt less", Faults.For(Faults.Change((_, receipts) => receipts.AsArray().RemoveAt(0)), "eth_getBlockReceipts") },
        { "no receipts", Faults.For(Faults.Answer(null), "eth_getBlockReceipts") },
        { "an empty bloom", Headers(block => block["logsBloom"] = "0x" + new string('0', 512)) },
        { "another parent", Headers(block => block["parentHash"] = Keccak256.Hash("a parent").ToString()) },
        { "another time", Headers(block => block["timestamp"] = "0x1") },
        { "another root", Headers(block => block["receiptsRoot"] = Keccak256.Hash("a root").ToString()) },
    };

    [Theory]
    [MemberData(nameof(Lies))]
    public async Task a_lie_is_refused(string what, Fault lie)
    {
        await using var chain = await AnvilChain.StartAsync();
        await using var proxy = await FaultProxy.StartAsync(chain.Endpoint);
        var echo = await chain.DeployEchoAsync();
        await chain.MineWithLogsAsync(echo, echo);
        using (proxy.Add(lie))
            Assert.True(await Record.ExceptionAsync(() => ReadAsync(proxy, echo)) is RpcTransportException, what);
        Assert.Equal(2, (await ReadAsync(proxy, echo)).Sum(block => block.Logs.Length));
    }

    private static Fault Headers(Action<System.Text.Json.Nodes.JsonNode> change) =>
        Faults.For(Faults.Change((_, block) => change(block)), "eth_getBlockByNumber", "eth_getBlockByHash");

    private static string Text(RpcLog log) => $"{log.BlockNumber} {log.LogIndex} {log.TransactionHash} {Hex.Format(log.Data)}";

    private static async Task<IReadOnlyList<FollowedBlock>> ReadAsync(FaultProxy proxy, Address watched)
    {
        var rpc = new EthereumRpc(new HttpClient(), proxy.Endpoint) { ProvesBlocks = true };
        var head = await rpc.BlockNumberAsync(Cancellation);
        return await new RangeReader(rpc, new FollowerLimits()).ReadAsync(1, head, new WatchedAddresses([watched]), Cancellation);
    }
}

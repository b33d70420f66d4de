using System.Text.Json.Nodes;
using Grants.Chaos;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Tests.Following;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>The proxy does what it is told, on a real chain: tests rest on it.</summary>
public sealed class FaultProxyTests
{
    private static readonly PrivateKey Key = PrivateKey.Parse("0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d");

    [Fact]
    public async Task without_a_fault_the_node_answers_and_every_call_is_kept()
    {
        await using var rig = await Rig.StartAsync();
        await rig.Chain.MineAsync(3);
        Assert.Equal(3, await rig.Rpc.BlockNumberAsync());
        Assert.Equal([3L, 31337L], (await rig.Rpc.BatchAsync([new("eth_blockNumber"), new("eth_chainId")]))
            .Select(one => Convert.ToInt64(one.Result.GetString(), 16)));
        Assert.Equal(["eth_blockNumber", "eth_blockNumber", "eth_chainId"], rig.Proxy.Calls.Select(one => one.Call.Method));
        Assert.All(rig.Proxy.Calls, one => Assert.IsType<RpcReply.Result>(one.Reply));
        await Assert.ThrowsAsync<RpcErrorException>(() => rig.Rpc.RequestAsync("eth_nothing", []));
    }

    [Fact]
    public async Task a_fault_is_for_its_methods_and_until_it_is_taken_away()
    {
        await using var rig = await Rig.StartAsync();
        var fault = rig.Proxy.Add(Faults.For(Faults.Drop(), "eth_blockNumber"));
        await Assert.ThrowsAsync<RpcTransportException>(() => rig.Rpc.BlockNumberAsync());
        Assert.Equal(31337, await rig.Rpc.ChainIdAsync());
        fault.Dispose();
        Assert.Equal(0, await rig.Rpc.BlockNumberAsync());
        rig.Proxy.Add(Faults.For(Faults.Times(2, Faults.Page(429, "slow down", retryAfterSeconds: 1)), "eth_blockNumber"));
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<RpcTransportException>(() => rig.Rpc.BlockNumberAsync());
        Assert.Equal(0, await rig.Rpc.BlockNumberAsync());
        rig.Proxy.Add(Faults.Refuse(-32005, "no"));
        await Assert.ThrowsAsync<RpcErrorException>(() => rig.Rpc.ChainIdAsync());
        rig.Proxy.Heal();
        Assert.Equal(31337, await rig.Rpc.ChainIdAsync());
    }

    [Fact]
    public async Task a_node_that_is_behind_knows_nothing_of_the_last_blocks()
    {
        await using var rig = await Rig.StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        for (var i = 0; i < 5; i++)
            await rig.Chain.MineWithLogsAsync(echo);
        rig.Proxy.Add(ChainFaults.Behind(() => 2));
        Assert.Equal(4, await rig.Rpc.BlockNumberAsync());
        Assert.Equal(4, (await rig.Rpc.BlockAsync(BlockTag.Latest))!.Number);
        Assert.Equal(2, (await rig.Rpc.BlockAsync(BlockTag.Finalized))!.Number);
        Assert.Null(await rig.Rpc.BlockAsync(BlockTag.At(5)));
        Assert.Equal([2L, 3L, 4L], (await rig.Rpc.LogsAsync(0, 6)).Select(log => log.BlockNumber));
    }

    [Fact]
    public async Task a_final_block_stalls_goes_back_and_is_missing()
    {
        await using var rig = await Rig.StartAsync();
        await rig.Chain.MineAsync(10);
        var stalls = rig.Proxy.Add(ChainFaults.FinalizedStalls());
        Assert.Equal(8, (await rig.Rpc.BlockAsync(BlockTag.Finalized))!.Number);
        await rig.Chain.MineAsync(5);
        Assert.Equal(8, (await rig.Rpc.BlockAsync(BlockTag.Finalized))!.Number);
        stalls.Dispose();
        rig.Proxy.Add(ChainFaults.FinalizedAt(truly => truly - 4));
        Assert.Equal(9, (await rig.Rpc.BlockAsync(BlockTag.Finalized))!.Number);
        rig.Proxy.Add(ChainFaults.FinalizedAt(_ => null));
        Assert.Null(await rig.Rpc.BlockAsync(BlockTag.Finalized));
    }

    [Fact]
    public async Task logs_are_left_out_and_forged_in_lists_and_in_receipts()
    {
        await using var rig = await Rig.StartAsync();
        var echo = await rig.Chain.DeployEchoAsync();
        await rig.Chain.MineWithLogsAsync(echo, echo);
        rig.Proxy.Add(ChainFaults.OmitLogs(log => ChainFaults.Number(log["logIndex"]!) == 1));
        Assert.Single(await rig.Rpc.LogsAsync(0, 2));
        rig.Proxy.Add(ChainFaults.ForgeLogs(log => log["data"] = "0x01"));
        Assert.Equal([1], Assert.Single(await rig.Rpc.LogsAsync(0, 2)).Data);
        var receipts = await rig.Rpc.RequestAsync("eth_getBlockReceipts", ["0x2"]);
        Assert.Equal("0x01", receipts[1].GetProperty("logs")[0].GetProperty("data").GetString());
    }

    [Fact]
    public async Task a_pool_refuses_what_it_knows_and_a_replacement_that_is_too_cheap()
    {
        await using var rig = await Rig.StartAsync();
        rig.Proxy.Add(PoolFaults.AlreadyKnown());
        rig.Proxy.Add(PoolFaults.ReplacementRule());
        var first = Transfer(fee: 10_000_000_000, tip: 1_000_000_000);
        await rig.Rpc.SendRawTransactionAsync(first.Raw);
        Assert.Equal("already known", (await RefusedAsync(first)).Message);
        Assert.Equal("replacement transaction underpriced", (await RefusedAsync(Transfer(10_900_000_000, 1_090_000_000))).Message);
        Assert.Equal("replacement transaction underpriced", (await RefusedAsync(Transfer(11_000_000_000, 1_000_000_000))).Message);
        await rig.Rpc.SendRawTransactionAsync(Transfer(11_000_000_000, 1_100_000_000).Raw);

        Task<RpcErrorException> RefusedAsync(SignedTransaction transaction) => Assert.ThrowsAsync<RpcErrorException>(
            () => rig.Rpc.RequestAsync("eth_sendRawTransaction", [Hex.Format(transaction.Raw)]));
    }

    [Fact]
    public async Task a_reorganized_transaction_returns_to_the_pool_and_is_mined_again()
    {
        await using var rig = await Rig.StartAsync(finalDepth: 32);
        rig.Proxy.Add(PoolFaults.Reinjection());
        await rig.Chain.MineAsync(5);
        var transaction = Transfer(10_000_000_000, 1_000_000_000);
        await rig.Rpc.SendRawTransactionAsync(transaction.Raw);
        await rig.Chain.MineAsync();
        await rig.Rpc.RequestAsync("anvil_reorg", [2, new JsonArray()]);
        Assert.Null(await rig.Rpc.ReceiptAsync(transaction.Hash));
        Assert.True(await rig.Rpc.TransactionExistsAsync(transaction.Hash));
        await rig.Chain.MineAsync();
        Assert.Equal(7, (await rig.Rpc.ReceiptAsync(transaction.Hash))!.BlockNumber);
    }

    [Fact]
    public async Task another_chain_may_take_the_seat()
    {
        await using var rig = await Rig.StartAsync();
        await using var other = await AnvilChain.StartAsync(chainId: 7);
        rig.Proxy.Node = other.Endpoint;
        Assert.Equal(7, await rig.Rpc.ChainIdAsync());
    }

    private static SignedTransaction Transfer(long fee, long tip) =>
        new Eip1559Transaction(31337, 0, (UInt256)(ulong)tip, (UInt256)(ulong)fee, 21_000, Address.Zero, (UInt256)1UL, []).Sign(Key);

    private sealed class Rig(AnvilChain chain, FaultProxy proxy) : IAsyncDisposable
    {
        public AnvilChain Chain { get; } = chain;

        public FaultProxy Proxy { get; } = proxy;

        public EthereumRpc Rpc { get; } = new(new HttpClient(), proxy.Endpoint);

        public static async Task<Rig> StartAsync(int finalDepth = 2)
        {
            var chain = await AnvilChain.StartAsync(finalDepth);
            return new Rig(chain, await FaultProxy.StartAsync(chain.Endpoint));
        }

        public async ValueTask DisposeAsync()
        {
            await Proxy.DisposeAsync();
            await Chain.DisposeAsync();
        }
    }
}

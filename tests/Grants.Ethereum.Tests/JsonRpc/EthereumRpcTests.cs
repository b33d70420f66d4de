using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class EthereumRpcTests
{
    private const string Account = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";
    private const string One = "0x1111111111111111111111111111111111111111111111111111111111111111";
    private const string Two = "0x2222222222222222222222222222222222222222222222222222222222222222";

    private static readonly string Bloom = "0x" + new string('0', 512);
    private static readonly string Block =
        $$"""{"number":"0x10","hash":"{{One}}","parentHash":"{{Two}}","timestamp":"0x65","logsBloom":"{{Bloom}}","extra":1}""";
    private static readonly string Log =
        $$"""
        {"address":"{{Account.ToLowerInvariant()}}","topics":["{{One}}"],"data":"0x00ff","blockNumber":"0x10","blockHash":"{{One}}",
        "transactionHash":"{{Two}}","transactionIndex":"0x0","logIndex":"0x3","removed":false}
        """;
    private static readonly string Receipt =
        $$"""
        {"transactionHash":"{{Two}}","blockNumber":"0x10","blockHash":"{{One}}","status":"0x1","gasUsed":"0x5208","contractAddress":null,
        "logs":[{{Log}}]}
        """;

    [Fact]
    public async Task requests_are_those_of_the_standard()
    {
        await Asks("eth_chainId", "[]", "\"0x440\"", rpc => rpc.ChainIdAsync());
        await Asks("eth_blockNumber", "[]", "\"0x0\"", rpc => rpc.BlockNumberAsync());
        await Asks("eth_getBlockByNumber", "[\"latest\",false]", Block, rpc => rpc.BlockAsync(BlockTag.Latest));
        await Asks("eth_getBlockByNumber", "[\"0x10\",false]", Block, rpc => rpc.BlockAsync(BlockTag.At(16)));
        await Asks("eth_getBlockByHash", $"[\"{One}\",false]", Block, rpc => rpc.BlockAsync(Hash32.Parse(One)));
        await Asks("eth_getLogs", """[{"fromBlock":"0x0","toBlock":"0x10"}]""", "[]", rpc => rpc.LogsAsync(0, 16));
        await Asks(
            "eth_getLogs",
            $$"""[{"fromBlock":"0x0","toBlock":"0x10","address":["{{Account}}"],"topics":[["{{One}}","{{Two}}"]]}]""",
            "[]",
            rpc => rpc.LogsAsync(0, 16, [Address.Parse(Account)], [Hash32.Parse(One), Hash32.Parse(Two)]));
        await Asks("eth_getLogs", $$"""[{"blockHash":"{{One}}"}]""", "[]", rpc => rpc.LogsAsync(Hash32.Parse(One)));
        await Asks(
            "eth_call",
            $$"""[{"data":"0x0102","to":"{{Account}}"},"finalized"]""",
            "\"0x\"",
            rpc => rpc.CallAsync(Address.Parse(Account), [1, 2], BlockTag.Finalized));
        await Asks(
            "eth_call",
            $$"""[{"data":"0x","from":"{{Account}}","to":"{{Account}}","gas":"0x5208"},{"blockHash":"{{One}}","requireCanonical":true}]""",
            "\"0x\"",
            rpc => rpc.CallAsync(Address.Parse(Account), [], Hash32.Parse(One), Address.Parse(Account), 21_000));
        await Asks(
            "eth_estimateGas", """[{"data":"0x","value":"0xff"}]""", "\"0x5208\"", rpc => rpc.EstimateGasAsync(null, null, [], 255));
        await Asks("eth_getTransactionReceipt", $"[\"{Two}\"]", Receipt, rpc => rpc.ReceiptAsync(Hash32.Parse(Two)));
        await Asks("eth_getTransactionByHash", $"[\"{Two}\"]", "null", rpc => rpc.TransactionExistsAsync(Hash32.Parse(Two)));
        await Asks(
            "eth_getTransactionCount", $"[\"{Account}\",\"pending\"]", "\"0x1\"",
            rpc => rpc.TransactionCountAsync(Address.Parse(Account), BlockTag.Pending));
        await Asks(
            "eth_getBalance", $"[\"{Account}\",\"safe\"]", "\"0x1\"", rpc => rpc.BalanceAsync(Address.Parse(Account), BlockTag.Safe));
        await Asks(
            "eth_getCode", $"[\"{Account}\",\"earliest\"]", "\"0x\"", rpc => rpc.CodeAsync(Address.Parse(Account), BlockTag.Earliest));
        await Asks("eth_maxPriorityFeePerGas", "[]", "\"0x0\"", rpc => rpc.MaxPriorityFeeAsync());
        await Asks("anvil_mine", "[\"0x2\",null]", "null", rpc => rpc.RequestAsync("anvil_mine", ["0x2", null]));
    }

    [Fact]
    public async Task answers_are_read()
    {
        Assert.Equal(1088, await ScriptedNode.Result("\"0x440\"").ChainIdAsync());
        Assert.Equal(long.MaxValue, await ScriptedNode.Result("\"0x7fffffffffffffff\"").BlockNumberAsync());
        Assert.Equal(UInt256.MaxValue, await ScriptedNode.Result($"\"0x{new string('f', 64)}\"").MaxPriorityFeeAsync());
        Assert.Equal(UInt256.Zero, await ScriptedNode.Result("\"0x0\"").MaxPriorityFeeAsync());
        var block = await ScriptedNode.Result(Block).BlockAsync(BlockTag.Latest);
        Assert.Equal(new BlockRef(16, Hash32.Parse(One), 101), block!.Ref);
        Assert.Equal((Hash32.Parse(Two), null, 256), (block.ParentHash, block.BaseFeePerGas, block.LogsBloom.Length));
        var london = await ScriptedNode.Result(Block.Replace("\"extra\":1", "\"baseFeePerGas\":\"0x7\"")).BlockAsync(BlockTag.Latest);
        Assert.Equal((UInt256)7UL, london!.BaseFeePerGas);
        var log = Assert.Single(await ScriptedNode.Result($"[{Log}]").LogsAsync(0, 16));
        Assert.Equal((Address.Parse(Account), 16, 0, 3), (log.Address, log.BlockNumber, log.TransactionIndex, log.LogIndex));
        Assert.Equal([0, 255], log.Data);
        Assert.Equal([Hash32.Parse(One)], log.Topics);
        var receipt = await ScriptedNode.Result(Receipt).ReceiptAsync(Hash32.Parse(Two));
        Assert.Equal((true, 21_000, null, 1), (receipt!.Succeeded, receipt.GasUsed, receipt.ContractAddress, receipt.Logs.Count));
        var created = Receipt.Replace("null", $"\"{Account}\"").Replace("\"status\":\"0x1\"", "\"status\":\"0x0\"");
        receipt = await ScriptedNode.Result(created).ReceiptAsync(Hash32.Parse(Two));
        Assert.Equal((false, Address.Parse(Account)), (receipt!.Succeeded, receipt.ContractAddress));
        Assert.True(await ScriptedNode.Result($$"""{"hash":"{{Two}}"}""").TransactionExistsAsync(Hash32.Parse(Two)));
        Assert.Equal([1, 2], await ScriptedNode.Result("\"0x0102\"").CodeAsync(Address.Zero, BlockTag.Latest));
    }

    [Fact]
    public async Task what_the_node_does_not_have_is_null()
    {
        var node = ScriptedNode.Result("null");
        Assert.Null(await node.BlockAsync(BlockTag.Finalized));
        Assert.Null(await node.BlockAsync(Hash32.Parse(One)));
        Assert.Null(await node.ReceiptAsync(Hash32.Parse(One)));
        Assert.False(await node.TransactionExistsAsync(Hash32.Parse(One)));
    }

    [Fact]
    public async Task no_addresses_or_topics_are_asked_nothing()
    {
        var node = ScriptedNode.Bytes([]);
        Assert.Empty(await node.LogsAsync(0, 1, []));
        Assert.Empty(await node.LogsAsync(0, 1, null, []));
        Assert.Empty(await node.LogsAsync(Hash32.Zero, []));
    }

    [Theory]
    [InlineData("\"0x\"")]
    [InlineData("\"0x00\"")]
    [InlineData("\"0x01\"")]
    [InlineData("\"1\"")]
    [InlineData("\"-0x1\"")]
    [InlineData("\"0x-1\"")]
    [InlineData("\"0x 1\"")]
    [InlineData("\"0X1\"")]
    [InlineData("\"0xg\"")]
    [InlineData("\"0x8000000000000000\"")]
    [InlineData("\"0x10000000000000000\"")]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public Task quantities_are_read_strictly(string result) => Refuses(() => ScriptedNode.Result(result).BlockNumberAsync());

    [Theory]
    [InlineData("\"0x10000000000000000000000000000000000000000000000000000000000000000\"")]
    [InlineData("\"0x0f\"")]
    public Task large_quantities_are_read_strictly(string result) =>
        Refuses(() => ScriptedNode.Result(result).BalanceAsync(Address.Zero, BlockTag.Latest));

    [Theory]
    [InlineData("\"0x0\"")]
    [InlineData("\"00\"")]
    [InlineData("\"0xzz\"")]
    [InlineData("null")]
    [InlineData("7")]
    public Task data_is_read_strictly(string result) =>
        Refuses(() => ScriptedNode.Result(result).CallAsync(Address.Zero, [], BlockTag.Latest));

    public static TheoryData<string, string> BlockChanges() => new()
    {
        { "\"0x10\"", "null" },
        { "\"0x10\"", "\"0x11\"" },
        { One, One[..64] },
        { Two, "0x" },
        { "\"0x65\"", "101" },
        { "\"0x65\"", "\"0x8000000000000000\"" },
        { "0x0000", "0x00" },
        { "\"extra\":1", "\"baseFeePerGas\":\"7\"" },
        { "\"extra\":1", "\"number\":\"0x10\"" },
        { "\"timestamp\"", "\"time\"" },
    };

    [Theory]
    [MemberData(nameof(BlockChanges))]
    public Task a_block_of_another_shape_or_height_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Block, StringComparison.Ordinal);
        return Refuses(() => ScriptedNode.Result(Block.Replace(part, replacement, StringComparison.Ordinal)).BlockAsync(BlockTag.At(16)));
    }

    [Fact]
    public Task a_block_of_another_hash_is_refused() => Refuses(() => ScriptedNode.Result(Block).BlockAsync(Hash32.Parse(Two)));

    public static TheoryData<string, string> LogChanges() => new()
    {
        { $"[\"{One}\"]", $"[\"{One}\",\"{One}\",\"{One}\",\"{One}\",\"{One}\"]" },
        { $"[\"{One}\"]", "[\"0x11\"]" },
        { $"[\"{One}\"]", "[null]" },
        { $"[\"{One}\"]", "null" },
        { $"[\"{One}\"]", $"\"{One}\"" },
        { $"[\"{One}\"]", $"[\"{Two}\"]" },
        { $"[\"{One}\"]", "[]" },
        { "\"0x00ff\"", "\"0x00f\"" },
        { "\"0x00ff\"", "null" },
        { "\"removed\":false", "\"removed\":true" },
        { "\"removed\":false", "\"removed\":\"no\"" },
        { "\"blockNumber\":\"0x10\"", "\"blockNumber\":null" },
        { "\"blockNumber\":\"0x10\"", "\"blockNumber\":\"0x11\"" },
        { "\"blockNumber\":\"0x10\"", "\"blockNumber\":\"0x0\"" },
        { "\"logIndex\":\"0x3\"", "\"logIndex\":\"0x80000000\"" },
        { "\"logIndex\":\"0x3\"", "\"logIndex\":null" },
        { "0x5aaeb", "0x6aaeb" },
        { "0x5aaeb", "0xaaeb" },
    };

    [Theory]
    [MemberData(nameof(LogChanges))]
    public Task a_log_of_another_shape_or_that_was_not_asked_for_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Log, StringComparison.Ordinal);
        var logs = $"[{Log},{Log.Replace(part, replacement, StringComparison.Ordinal)}]";
        return Refuses(() => ScriptedNode.Result(logs).LogsAsync(1, 16, [Address.Parse(Account)], [Hash32.Parse(One)]));
    }

    [Fact]
    public Task a_log_of_another_block_is_refused() => Refuses(() => ScriptedNode.Result($"[{Log}]").LogsAsync(Hash32.Parse(Two)));

    public static TheoryData<string, string> ReceiptChanges() => new()
    {
        { "\"status\":\"0x1\",", "" },
        { "\"status\":\"0x1\"", "\"status\":null" },
        { "\"status\":\"0x1\"", "\"status\":\"0x2\"" },
        { $"\"transactionHash\":\"{Two}\",\"blockNumber\"", $"\"transactionHash\":\"{One}\",\"blockNumber\"" },
        { $"\"blockHash\":\"{One}\",\"status\"", $"\"blockHash\":\"{Two}\",\"status\"" },
        { "\"logs\":", "\"log\":" },
        { "null", "\"0x\"" },
    };

    [Theory]
    [MemberData(nameof(ReceiptChanges))]
    public Task a_receipt_of_another_shape_or_transaction_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Receipt, StringComparison.Ordinal);
        var changed = Receipt.Replace(part, replacement, StringComparison.Ordinal);
        return Refuses(() => ScriptedNode.Result(changed).ReceiptAsync(Hash32.Parse(Two)));
    }

    [Fact]
    public async Task a_sent_transaction_has_the_hash_of_its_bytes()
    {
        var expected = Keccak256.Hash([1, 2, 3]);
        Assert.Equal(expected, await ScriptedNode.Result($"\"{expected}\"").SendRawTransactionAsync([1, 2, 3]));
        await Refuses(() => ScriptedNode.Result($"\"{One}\"").SendRawTransactionAsync([1, 2, 3]));
        await Refuses(() => ScriptedNode.Result($$"""{"hash":"{{One}}"}""").TransactionExistsAsync(Hash32.Parse(Two)));
    }

    private static Task<RpcTransportException> Refuses(Func<Task> request) => Assert.ThrowsAsync<RpcTransportException>(request);

    private static async Task Asks(string method, string parameters, string result, Func<EthereumRpc, Task> request)
    {
        var node = new ScriptedNode(asked => ScriptedNode.ResultOf(asked, result));
        await request(ScriptedNode.Client(node));
        var asked = Assert.Single(node.Requests);
        Assert.Equal("2.0", asked["jsonrpc"]!.GetValue<string>());
        Assert.Equal(method, asked["method"]!.GetValue<string>());
        Assert.Equal(parameters, asked["params"]!.ToJsonString());
    }
}

using System.Net;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests;
using Grants.Primitives;
using Xunit;

namespace Grants.Service.Tests.Hostile;

/// <summary>Answers of another shape than asked for. No server is needed: the node says what it is told to.</summary>
internal static class AnswerCases
{
    private const string Vault = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

    private static readonly AbiEvent Noted = AbiEvent.Parse("event Noted(bytes32 indexed id, bytes note, uint256[] amounts)");
    private static readonly string One = "0x" + new string('1', 64);
    private static readonly string Two = "0x" + new string('2', 64);

    private static readonly string Block =
        $$"""
        {"number":"0x10","hash":"{{One}}","parentHash":"{{Two}}","timestamp":"0x65","logsBloom":"0x{{new string('0', 512)}}"}
        """;

    private static readonly string Log =
        $$"""
        {"address":"{{Vault}}","topics":["{{Noted.Topic0}}","{{One}}"],"data":"{{Words(64, 96, 0, 0)}}","blockNumber":"0x10",
        "blockHash":"{{One}}","transactionHash":"{{Two}}","transactionIndex":"0x0","logIndex":"0x3","removed":false}
        """;

    private static readonly string Receipt =
        $$"""
        {"transactionHash":"{{Two}}","blockNumber":"0x10","blockHash":"{{One}}","status":"0x1","gasUsed":"0x5208","logs":[{{Log}}]}
        """;

    public static IReadOnlyDictionary<string, Func<LocalServers, Task>> All { get; } = new Dictionary<string, Func<LocalServers, Task>>
    {
        ["B-81 the answer to another request is discarded"] = Discarded("""{"jsonrpc":"2.0","id":12345,"result":RESULT}"""),
        ["B-81 an answer without an id is discarded"] = Discarded("""{"jsonrpc":"2.0","result":RESULT}"""),
        ["B-81 an answer without its version is discarded"] = Discarded("""{"id":ID,"result":RESULT}"""),
        ["B-81 an answer with a result and an error is discarded"] =
            Discarded("""{"jsonrpc":"2.0","id":ID,"result":RESULT,"error":{"code":1,"message":"m"}}"""),
        ["B-82 a number with a leading zero is discarded"] = BadBlock("\"0x10\"", "\"0x010\""),
        ["B-82 a number below zero is discarded"] = BadBlock("\"0x10\"", "\"-0x10\""),
        ["B-82 a number above 2^64 is discarded"] = BadBlock("\"0x10\"", "\"0x10000000000000010\""),
        ["B-82 a hash of odd length is discarded"] = BadBlock(One, One[..65]),
        ["B-82 data of odd length is discarded"] = BadLogs("\"data\":\"0x0", "\"data\":\"0x"),
        ["B-83 a page of HTML is an error of the transport"] = Page(HttpStatusCode.OK),
        ["B-83 a page of HTML under 502 is an error of the transport"] = Page(HttpStatusCode.BadGateway),
        ["B-84 a log with five topics is discarded"] = BadLogs($"\"{One}\"]", $"\"{One}\",\"{One}\",\"{One}\",\"{One}\"]"),
        ["B-84 a log with three topics in place of two is not decoded"] = Undecodable([One, One], Words(64, 96, 0, 0)),
        ["B-84 data that is no multiple of 32 bytes is not decoded"] = Undecodable([One], Words(64, 96, 0, 0)[..^2]),
        ["B-84 an offset beyond the data is not followed"] = Undecodable([One], Words(0x1000, 64, 0, 0)),
        ["B-84 an offset to itself is not followed"] = Undecodable([One], Words(0, 0)),
        ["B-84 a length of 2^256 - 1 is not allocated"] = Undecodable([One], Words(64, 96) + new string('f', 64) + Words(0)[2..]),
        ["B-86 a log marked as removed is no answer to what a block holds"] = BadLogs("\"removed\":false", "\"removed\":true"),
        ["B-88 a receipt without a status is rejected"] = BadReceipt("\"status\":\"0x1\",", ""),
        ["B-88 a receipt with a root in place of a status is rejected"] = BadReceipt("\"status\":\"0x1\"", $"\"root\":\"{One}\""),
        ["B-88 a receipt of another block than its logs is rejected"] =
            BadReceipt($"\"blockHash\":\"{One}\",\"status\"", $"\"blockHash\":\"{Two}\",\"status\""),
    };

    private static Func<LocalServers, Task> Discarded(string envelope) => async _ =>
    {
        (string Result, Func<EthereumRpc, Task> Read)[] reads =
        [
            ("\"0x10\"", rpc => rpc.BlockNumberAsync()), (Block, ReadBlockAsync), ($"[{Log}]", ReadLogsAsync), (Receipt, ReadReceiptAsync),
        ];
        foreach (var (result, read) in reads)
        {
            await read(ScriptedNode.Result(result));
            var text = envelope.Replace("RESULT", result, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RpcTransportException>(() => read(ScriptedNode.Text(text)));
        }
    };

    private static Func<LocalServers, Task> Page(HttpStatusCode status) => async _ =>
    {
        var page = ScriptedNode.Text("<!doctype html><html><body>Please wait</body></html>", status);
        var failure = await Assert.ThrowsAsync<RpcTransportException>(() => page.BlockNumberAsync());
        Assert.True(failure.IsTransient);
        await Assert.ThrowsAsync<RpcTransportException>(() => ReadLogsAsync(page));
    };

    private static Func<LocalServers, Task> BadBlock(string part, string changed) => Bad(Block, ReadBlockAsync, part, changed);

    private static Func<LocalServers, Task> BadLogs(string part, string changed) => Bad($"[{Log}]", ReadLogsAsync, part, changed);

    private static Func<LocalServers, Task> BadReceipt(string part, string changed) => Bad(Receipt, ReadReceiptAsync, part, changed);

    private static Func<LocalServers, Task> Bad(string result, Func<EthereumRpc, Task> read, string part, string changed) => async _ =>
    {
        Assert.Contains(part, result, StringComparison.Ordinal);
        await read(ScriptedNode.Result(result));
        await Assert.ThrowsAsync<RpcTransportException>(
            () => read(ScriptedNode.Result(result.Replace(part, changed, StringComparison.Ordinal))));
    };

    private static Func<LocalServers, Task> Undecodable(string[] topics, string data) => servers =>
    {
        Assert.True(Noted.TryDecode(LogOf([One], Words(64, 96, 0, 0)), out _));
        var log = LogOf(topics, data);
        Noted.TryDecode(log, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(Noted.TryDecode(log, out var values));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Null(values);
        return Task.CompletedTask;
    };

    private static RpcLog LogOf(string[] topics, string data) => new(
        Address.Parse(Vault), [Noted.Topic0, .. topics.Select(Hash32.Parse)], Hex.Parse(data), 16, default, default, 0, 0);

    private static Task ReadBlockAsync(EthereumRpc rpc) => rpc.BlockAsync(BlockTag.At(16));

    private static Task ReadLogsAsync(EthereumRpc rpc) => rpc.LogsAsync(0, 16, [Address.Parse(Vault)], [Noted.Topic0]);

    private static Task ReadReceiptAsync(EthereumRpc rpc) => rpc.ReceiptAsync(Hash32.Parse(Two));

    private static string Words(params long[] numbers) => "0x" + string.Concat(numbers.Select(number => $"{number:x64}"));
}

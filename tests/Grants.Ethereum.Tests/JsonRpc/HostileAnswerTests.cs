using System.Buffers.Binary;
using System.Net;
using System.Text;
using Grants.Ethereum.Abi;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>Nodes that err or lie: nothing of what they say is taken over, and none of it costs more than its length.</summary>
public sealed class HostileAnswerTests
{
    private static readonly Address Vault = Address.Parse("0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed");
    private static readonly AbiEvent Granted = AbiEvent.Parse("event Granted(bytes32 indexed id, address indexed token, uint256 amount)");
    private static readonly AbiEvent Noted = AbiEvent.Parse("event Noted(bytes32 indexed id, bytes note, uint256[] amounts)");
    private static readonly string One = "0x" + new string('1', 64);
    private static readonly string Two = "0x" + new string('2', 64);
    private static readonly string Block =
        $$"""
        {"number":"0x10","hash":"{{One}}","parentHash":"{{Two}}","timestamp":"0x65","logsBloom":"0x{{new string('0', 512)}}",
        "baseFeePerGas":"0x7"}
        """;
    private static readonly string Log =
        $$"""
        {"address":"{{Vault.ToString().ToLowerInvariant()}}","topics":["{{Granted.Topic0}}","{{One}}","{{Word(1)}}"],"data":"{{Word(5)}}",
        "blockNumber":"0x10","blockHash":"{{One}}","transactionHash":"{{Two}}","transactionIndex":"0x0","logIndex":"0x3","removed":false}
        """;
    private static readonly string Receipt =
        $$"""
        {"transactionHash":"{{Two}}","blockNumber":"0x10","blockHash":"{{One}}","status":"0x1","gasUsed":"0x5208","logs":[{{Log}}]}
        """;

    private static readonly Dictionary<string, Func<EthereumRpc, Task>> Reads = new()
    {
        ["number"] = rpc => rpc.BlockNumberAsync(),
        ["block"] = rpc => rpc.BlockAsync(BlockTag.At(16)),
        ["logs"] = rpc => rpc.LogsAsync(0, 16, [Vault], [Granted.Topic0]),
        ["receipt"] = rpc => rpc.ReceiptAsync(Hash32.Parse(Two)),
    };

    private static readonly Dictionary<string, string> Results = new()
    {
        ["number"] = "\"0x10\"", ["block"] = Block, ["logs"] = $"[{Log}]", ["receipt"] = Receipt,
    };

    [Fact]
    public async Task the_answers_that_the_cases_change_are_good()
    {
        foreach (var (name, read) in Reads)
            await read(ScriptedNode.Result(Results[name]));
        var log = Assert.Single(await ScriptedNode.Result(Results["logs"]).LogsAsync(0, 16));
        Assert.True(Granted.TryDecode(log, out var values));
        Assert.Equal((UInt256)5UL, values[2]);
    }

    [Fact]
    public async Task what_a_lagging_node_does_not_have_is_no_answer_to_rely_on()
    {
        var node = ScriptedNode.Result("null");
        Assert.Null(await node.BlockAsync(BlockTag.At(16)));
        Assert.Null(await node.ReceiptAsync(Hash32.Parse(Two)));
        await Assert.ThrowsAsync<RpcTransportException>(() => node.LogsAsync(0, 16));
        await Assert.ThrowsAsync<RpcTransportException>(() => node.BlockNumberAsync());
    }

    public static TheoryData<string, string> Envelopes()
    {
        string[] envelopes =
        [
            """{"jsonrpc":"2.0","id":12345,"result":RESULT}""",
            """{"jsonrpc":"2.0","id":"ID","result":RESULT}""",
            """{"jsonrpc":"2.0","id":null,"result":RESULT}""",
            """{"jsonrpc":"2.0","result":RESULT}""",
            """{"id":ID,"result":RESULT}""",
            """{"jsonrpc":"2","id":ID,"result":RESULT}""",
            """{"jsonrpc":"2.0","id":ID,"result":RESULT,"error":{"code":1,"message":"m"}}""",
            """{"jsonrpc":"2.0","id":ID,"result":RESULT,"result":RESULT}""",
            """{"jsonrpc":"2.0","id":ID,"result":RESULT""",
            """[{"jsonrpc":"2.0","id":ID,"result":RESULT}]""",
            "<!doctype html><html><body>Please wait</body></html>",
            "RESULT",
        ];
        var cases = new TheoryData<string, string>();
        foreach (var name in Results.Keys)
        {
            foreach (var envelope in envelopes)
                cases.Add(name, envelope);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Envelopes))]
    public async Task an_answer_that_departs_from_the_protocol_is_discarded(string name, string envelope)
    {
        var text = envelope.Replace("RESULT", Results[name], StringComparison.Ordinal);
        await Assert.ThrowsAsync<RpcTransportException>(() => Reads[name](ScriptedNode.Text(text)));
        foreach (var status in new[] { HttpStatusCode.BadGateway, HttpStatusCode.TooManyRequests })
        {
            var failure = await Assert.ThrowsAsync<RpcTransportException>(() => Reads[name](ScriptedNode.Text(text, status)));
            Assert.Equal((status, true), (failure.Status, failure.IsTransient));
        }
    }

    public static TheoryData<string, string, string> Values()
    {
        var cases = new TheoryData<string, string, string>();
        foreach (var name in Results.Keys)
        {
            foreach (var number in new[] { "0x010", "0x", "16", "-0x10", "0x-10", "0x10000000000000000", "0x8000000000000000", "0xg" })
                cases.Add(name, "\"0x10\"", $"\"{number}\"");
            foreach (var value in new[] { "null", "16", "[]", "{}", "true" })
                cases.Add(name, "\"0x10\"", value);
        }

        foreach (var name in new[] { "block", "logs", "receipt" })
        {
            foreach (var hash in new[] { One[..65], One + "1", One[2..], "0x", One[..65] + "g" })
                cases.Add(name, $"\"{One}\"", $"\"{hash}\"");
        }

        cases.Add("block", $"\"hash\":\"{One}\",", "");
        cases.Add("block", "\"number\":\"0x10\"", "\"number\":\"0x11\"");
        cases.Add("logs", $"[\"{Granted.Topic0}\"", $"[\"{Granted.Topic0}\",\"{One}\",\"{One}\"");
        cases.Add("logs", "5aaeb", "6aaeb");
        cases.Add("logs", "\"removed\":false", "\"removed\":true");
        cases.Add("logs", $"\"{Granted.Topic0}\"", $"\"{One}\"");
        cases.Add("receipt", "\"removed\":false", "\"removed\":true");
        cases.Add("receipt", "\"status\":\"0x1\",", "");
        cases.Add("receipt", "\"status\":\"0x1\"", "\"status\":null");
        cases.Add("receipt", "\"status\":\"0x1\"", "\"status\":\"0x2\"");
        cases.Add("receipt", "\"status\":\"0x1\",", $"\"status\":\"0x1\",\"root\":\"{One}\",\"status\":\"0x1\",");
        cases.Add("receipt", $"\"blockHash\":\"{One}\",\"status\"", $"\"blockHash\":\"{Two}\",\"status\"");
        cases.Add("receipt", $"\"transactionHash\":\"{Two}\"", $"\"transactionHash\":\"{One}\"");
        return cases;
    }

    [Theory]
    [MemberData(nameof(Values))]
    public async Task a_value_of_another_shape_is_discarded(string name, string part, string replacement)
    {
        Assert.Contains(part, Results[name], StringComparison.Ordinal);
        var changed = Results[name].Replace(part, replacement, StringComparison.Ordinal);
        await Assert.ThrowsAsync<RpcTransportException>(() => Reads[name](ScriptedNode.Result(changed)));
    }

    public static TheoryData<string, string[], string> Logs() => new()
    {
        { "a topic too few", [One], Word(5) },
        { "a topic too many", [One, Word(1), One], Word(5) },
        { "a topic that is no address", [One, "0x" + new string('f', 64)], Word(5) },
        { "no data", [One, Word(1)], "0x" },
        { "data that is no multiple of 32", [One, Word(1)], "0x" + new string('0', 62) },
        { "data that goes on", [One, Word(1)], Words(5, 6) },
    };

    [Theory]
    [MemberData(nameof(Logs))]
    public void a_log_that_does_not_fit_its_event_is_not_decoded(string what, string[] topics, string data)
    {
        var log = new RpcLog(
            Vault, [Granted.Topic0, .. topics.Select(Hash32.Parse)], Hex.Parse(data), 16, default, default, 0, 0);
        Assert.False(Granted.TryDecode(log, out var values), what);
        Assert.Null(values);
    }

    public static TheoryData<string, string> Dynamic() => new()
    {
        { "an offset beyond the end", Words(0x1000, 64, 0, 0) },
        { "an offset of 2^256 - 1", Max + Words(64, 0, 0)[2..] },
        { "offsets that refer to themselves", Words(0, 0) },
        { "an offset into the head", Words(32, 32) },
        { "a length beyond the end", Words(64, 96, 1000, 0) },
        { "a length of 2^256 - 1", Words(64, 96) + Max[2..] + Words(0)[2..] },
        { "a length of 2^31", Words(64, 96, 0x80000000, 0) },
        { "an array of 2^256 - 1", Words(64, 96, 0) + Max[2..] },
        { "an array of 2^31", Words(64, 96, 0, 0x80000000) },
        { "an array of 2^58", Words(64, 96, 0, 1L << 58) },
    };

    [Theory]
    [MemberData(nameof(Dynamic))]
    public void lengths_and_offsets_of_a_liar_cost_nothing(string what, string data)
    {
        var log = new RpcLog(Vault, [Noted.Topic0, default], Hex.Parse(data), 16, default, default, 0, 0);
        Noted.TryDecode(log, out _);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.False(Noted.TryDecode(log, out var values), what);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024);
        Assert.Null(values);
    }

    [Fact]
    public async Task fees_are_read_as_they_are_however_absurd()
    {
        Assert.Equal(UInt256.Zero, await ScriptedNode.Result("\"0x0\"").MaxPriorityFeeAsync());
        Assert.Equal(UInt256.MaxValue, await ScriptedNode.Result($"\"{Max}\"").MaxPriorityFeeAsync());
        await Assert.ThrowsAsync<RpcTransportException>(() => ScriptedNode.Result($"\"{Max}0\"").MaxPriorityFeeAsync());
    }

    [Theory]
    [InlineData("logs")]
    [InlineData("block")]
    public async Task an_answer_without_end_is_cut_at_the_limit(string name)
    {
        var stream = new EndlessLogs(Encoding.UTF8.GetBytes(Log + ","));
        var node = new ScriptedNode(_ => new StreamContent(stream));
        var failure = await Assert.ThrowsAsync<RpcTransportException>(() => Reads[name](ScriptedNode.Client(node)));
        Assert.Contains("8388608", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.IsTransient);
        Assert.InRange(stream.Given, 8 * 1024 * 1024, 9 * 1024 * 1024);
    }

    [Fact]
    public async Task an_answer_that_announces_more_than_the_limit_is_not_read()
    {
        var stream = new EndlessLogs([(byte)' ']);
        var node = new ScriptedNode(_ => new StreamContent(stream) { Headers = { ContentLength = 50_000_000 } });
        await Assert.ThrowsAsync<RpcTransportException>(() => ScriptedNode.Client(node).LogsAsync(0, 16));
        Assert.Equal(0, stream.Given);
    }

    private static string Max => "0x" + new string('f', 64);

    private static string Word(long number) => Words(number);

    private static string Words(params long[] numbers)
    {
        var bytes = new byte[numbers.Length * 32];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan((i * 32) + 24), numbers[i]);
        return Hex.Format(bytes);
    }

    /// <summary>An answer of as many logs as anyone will read.</summary>
    private sealed class EndlessLogs(byte[] log) : MemoryStream
    {
        private readonly byte[] head = [.. """{"jsonrpc":"2.0","id":1,"result":["""u8];

        public long Given { get; private set; }

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            for (var i = 0; i < buffer.Length; i++, Given++)
                buffer.Span[i] = Given < head.Length ? head[Given] : log[(Given - head.Length) % log.Length];
            return ValueTask.FromResult(buffer.Length);
        }
    }
}

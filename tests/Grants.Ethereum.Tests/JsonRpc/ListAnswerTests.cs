using System.Text;
using System.Text.Json;
using CsCheck;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.JsonRpc.Wire;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

/// <summary>Logs are read while they arrive: what comes out must not depend on how the bytes were cut.</summary>
public sealed class ListAnswerTests
{
    private const int Buffer = 64 * 1024;

    private static readonly string Word = "0x" + new string('1', 64);
    private static readonly string Log =
        $$"""
        {"address":"0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed","topics":["{{Word}}","{{Word}}"],"data":"0x00ff","blockNumber":"0x10",
        "blockHash":"{{Word}}","transactionHash":"{{Word}}","transactionIndex":"0x1","logIndex":"0x2","removed":false}
        """;

    private static readonly Gen<byte[]> Data = Gen.OneOf(Gen.Byte.Array[0, 100], Gen.Byte.Array[0, 100_000]);

    private static readonly Gen<RpcLog> Logs = Gen.Select(
        Gen.Byte.Array[20],
        Gen.Byte.Array[32].Array[0, 4],
        Data,
        Gen.Long[0, long.MaxValue],
        Gen.Byte.Array[64],
        Gen.Int[0, int.MaxValue],
        Gen.Int[0, int.MaxValue],
        (address, topics, data, block, hashes, transaction, index) => new RpcLog(
            new Address(address),
            [.. topics.Select(topic => new Hash32(topic))],
            data,
            block,
            new Hash32(hashes.AsSpan(0, 32)),
            new Hash32(hashes.AsSpan(32)),
            transaction,
            index));

    [Fact]
    public void logs_are_those_that_a_reading_of_the_whole_finds() => Gen.Select(Logs.Array[0, 30], Gen.Int[1, 5]).ForAll(
        (logs, pieces) =>
        {
            var text = $"[{string.Join(',', logs.Select(Write))}]";
            using var whole = JsonDocument.Parse(text);
            var expected = RpcValue.Logs(whole.RootElement).Select(Write);
            Assert.Equal(logs.Select(Write), expected);
            Assert.Equal(expected, Read($$"""{"jsonrpc":"2.0","id":1,"result":{{text}}}""", pieces * 7919).Select(Write));
        },
        count: 100);

    [Fact]
    public void a_buffer_may_end_anywhere_in_a_log()
    {
        var logs = string.Join(',', Enumerable.Repeat(Log, (Buffer / Log.Length) + 3));
        for (var shift = 0; shift < Log.Length + 5; shift++)
        {
            var read = Read($$"""{"jsonrpc":"2.0","id":1,{{new string(' ', shift)}}"result":[{{logs}}]}""");
            Assert.Equal((Buffer / Log.Length) + 3, read.Count);
        }
    }

    [Fact]
    public void a_buffer_may_end_anywhere_after_the_logs()
    {
        const string Tail = """ ] , "extra" : {"a":[1,{"b":"c"}]} , "jsonrpc" : "2.0" , "error" : null , "id" : 1 } """;
        for (var shift = 0; shift < Tail.Length + 5; shift++)
        {
            var padding = Buffer - Log.Length - shift - """{"result":[""".Length;
            Assert.Single(Read($$"""{"result":[{{new string(' ', padding)}}{{Log}}{{Tail}}"""));
        }
    }

    [Fact]
    public void a_log_may_be_larger_than_any_buffer()
    {
        var large = Log.Replace("0x00ff", "0x" + new string('a', 4 * 1024 * 1024), StringComparison.Ordinal);
        var read = Read($$"""{"jsonrpc":"2.0","id":1,"result":[{{Log}},{{large}},{{Log}}]}""", 1000);
        Assert.Equal([2, 2 * 1024 * 1024, 2], read.Select(log => log.Data.Length));
    }

    [Fact]
    public void members_may_come_in_any_order()
    {
        var members = new[] { "\"jsonrpc\":\"2.0\"", "\"id\":1", $"\"result\":[{Log}]", "\"error\":null" };
        foreach (var order in Enumerable.Range(0, members.Length).Select(i => members.Skip(i).Concat(members.Take(i))))
            Assert.Single(Read($"{{{string.Join(',', order)}}}"));
    }

    [Fact]
    public void a_refusal_of_the_node_is_told_whole()
    {
        var refusal = Assert.Throws<RpcErrorException>(() => Read(
            """{"jsonrpc":"2.0","error":{"data":"0x01","code":-32005,"message":"more than 10000 results"},"id":1}"""));
        Assert.Equal((-32005, "more than 10000 results"), (refusal.Code, refusal.Message));
        Assert.Equal([1], refusal.RevertData);
        Assert.Throws<RpcErrorException>(() => Read("""{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"m"}}"""));
    }

    public static TheoryData<string> Malformed() =>
    [
        "",
        "null",
        "[LOG]",
        "{}",
        """{"jsonrpc":"2.0","id":1}""",
        """{"jsonrpc":"2.0","id":1,"result":null}""",
        """{"jsonrpc":"2.0","id":1,"result":{}}""",
        """{"jsonrpc":"2.0","id":1,"result":"0x"}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG]""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG,]}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG LOG]}""",
        """{"jsonrpc":"2.0","id":1,"result":[[LOG]]}""",
        """{"jsonrpc":"2.0","id":1,"result":[null]}""",
        """{"jsonrpc":"2.0","id":1,"result":[{}]}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG]} {}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG],"result":[]}""",
        """{"jsonrpc":"2.0","id":1,"id":1,"result":[LOG]}""",
        """{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"result":[LOG]}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG],"error":{"code":1,"message":"m"}}""",
        """{"jsonrpc":"2.0","id":1,"result":[],"error":{"code":1,"message":"m"}}""",
        """{"jsonrpc":"2.0","id":1,"error":null}""",
        """{"jsonrpc":"2.0","id":1,"error":{"code":1}}""",
        """{"jsonrpc":"2.0","id":1,"error":"m"}""",
        """{"jsonrpc":"2.0","id":2,"result":[LOG]}""",
        """{"jsonrpc":"2.0","id":"1","result":[LOG]}""",
        """{"jsonrpc":"2.0","id":1.5,"result":[LOG]}""",
        """{"jsonrpc":"2.0","id":null,"result":[LOG]}""",
        """{"jsonrpc":"2.0","id":[1],"result":[LOG]}""",
        """{"jsonrpc":"1.0","id":1,"result":[LOG]}""",
        """{"jsonrpc":2.0,"id":1,"result":[LOG]}""",
        """{"jsonrpc":["2.0"],"id":1,"result":[LOG]}""",
        """{"id":1,"result":[LOG]}""",
        """{"jsonrpc":"2.0","result":[LOG]}""",
        """{"jsonrpc":"2.0","id":1,"result":[LOG],"extra":DEEP}""",
        """{"jsonrpc":"2.0","id":1,"result":[{"extra":DEEP}]}""",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public void an_answer_of_another_shape_is_refused(string text)
    {
        var answer = text
            .Replace("LOG", Log, StringComparison.Ordinal)
            .Replace("DEEP", new string('[', 32) + new string(']', 32), StringComparison.Ordinal);
        Assert.True(RpcAnswer.IsMalformed(Assert.ThrowsAny<Exception>(() => Read(answer))));
    }

    [Fact]
    public void every_beginning_of_an_answer_is_refused()
    {
        var answer = $$"""{"jsonrpc":"2.0","id":1,"result":[{{Log}}]}""";
        Assert.Single(Read(answer));
        for (var length = 0; length < answer.Length; length++)
            Assert.True(RpcAnswer.IsMalformed(Assert.ThrowsAny<Exception>(() => Read(answer[..length]))), $"{length}");
    }

    public static TheoryData<string, string> Changes() => new()
    {
        { "\"data\":\"0x00ff\",", "" },
        { "\"data\":\"0x00ff\"", "\"data\":\"0x00ff\",\"data\":\"0x00ff\"" },
        { "\"data\":\"0x00ff\"", "\"data\":\"0x00ff\",\"d\\u0061ta\":\"0x00ff\"" },
        { "\"0x00ff\"", "\"\\u0030x00ff\"" },
        { "\"0x00ff\"", "\"0X00ff\"" },
        { "\"0x00ff\"", "\"\"" },
        { "\"0x00ff\"", "[]" },
        { "\"0x00ff\"", "255" },
        { "\"0x10\"", "\"0x\"" },
        { "\"0x10\"", "\"0x010\"" },
        { "\"0x10\"", "\"0x 1\"" },
        { "\"0x10\"", "\"0x+1\"" },
        { "\"0x10\"", "\"-0x1\"" },
        { "\"0x10\"", "\"0x10000000000000000\"" },
        { "\"0x10\"", "\"0x8000000000000000\"" },
        { "\"0x10\"", "16" },
        { "\"removed\":false", "\"removed\":null" },
        { "\"removed\":false", "\"removed\":true" },
        { "\"topics\":[", "\"topics\":[[]," },
        { "\"topics\":[", "\"topics\":[null," },
        { "\"topics\":[", "\"topics\":{\"a\":[" },
        { "5aaeb", "5aae" },
        { "5aaeb", "5aaebb" },
        { "5aaeb", "5aaeg" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void a_log_of_another_shape_is_refused(string part, string replacement)
    {
        Assert.Contains(part, Log, StringComparison.Ordinal);
        var changed = Log.Replace(part, replacement, StringComparison.Ordinal);
        var failure = Assert.ThrowsAny<Exception>(() => Read($$"""{"jsonrpc":"2.0","id":1,"result":[{{Log}},{{changed}}]}"""));
        Assert.True(RpcAnswer.IsMalformed(failure), failure.ToString());
    }

    [Fact]
    public void members_that_do_not_count_may_be_anything()
    {
        var extended = Log.Replace("{", "{\"blockTimestamp\":\"0x1\",\"x\":[{\"data\":1}],", StringComparison.Ordinal);
        Assert.Single(Read($$"""{"jsonrpc":"2.0","id":1,"result":[{{extended}}]}"""));
    }

    private static IReadOnlyList<RpcLog> Read(string text, int piece = int.MaxValue)
    {
        using var content = new StreamContent(new PiecewiseStream(Encoding.UTF8.GetBytes(text), piece));
        return new ListAnswer<RpcLog>(1, LogReader.TryRead, _ => true).ReadAsync(content, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static string Write(RpcLog log) =>
        $$"""
        {"address":"{{log.Address}}","topics":[{{string.Join(',', log.Topics.Select(topic => $"\"{topic}\""))}}],
        "data":"{{Hex.Format(log.Data)}}","blockNumber":"0x{{log.BlockNumber:x}}","blockHash":"{{log.BlockHash}}",
        "transactionHash":"{{log.TransactionHash}}","transactionIndex":"0x{{log.TransactionIndex:x}}","logIndex":"0x{{log.LogIndex:x}}"}
        """;

    private sealed class PiecewiseStream(byte[] bytes, int piece) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, piece)], cancellationToken);
    }
}

using System.Net;
using System.Text;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.JsonRpc.Wire;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RpcChannelTests
{
    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("<html>busy</html>")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x1" """)]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x1"} {}""")]
    [InlineData("""[{"jsonrpc":"2.0","id":ID,"result":"0x1"}]""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID}""")]
    [InlineData("""{"id":ID,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"1.0","id":ID,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":2.0,"id":ID,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":"ID","result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":999,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID.5,"result":"0x1"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x1","error":{"code":1,"message":"m"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"result":"0x1","result":"0x2"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":null}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":"m"}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":1}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"message":"m"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":"1","message":"m"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":99999999999,"message":"m"}}""")]
    [InlineData("""{"jsonrpc":"2.0","id":ID,"error":{"code":1,"message":"\ud800"}}""")]
    public Task answers_that_depart_from_the_protocol_are_refused(string text) => Refused(ScriptedNode.Text(text));

    [Fact]
    public async Task an_answer_with_a_null_error_or_a_null_result_is_understood()
    {
        Assert.Equal(1, await ScriptedNode.Text("""{"jsonrpc":"2.0","id":ID,"result":"0x1","error":null}""").ChainIdAsync());
        var both = ScriptedNode.Text("""{"jsonrpc":"2.0","id":ID,"result":null,"error":{"code":7,"message":"no"}}""");
        Assert.Equal(7, (await Assert.ThrowsAsync<RpcErrorException>(() => both.ChainIdAsync())).Code);
    }

    [Fact]
    public async Task bytes_that_are_no_text_are_refused()
    {
        await Refused(ScriptedNode.Bytes([0xff, 0xfe, 0x00]));
        await Refused(ScriptedNode.Bytes([.. "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"0x"u8, 0xc3, 0x28, .. "\"}"u8]));
    }

    [Fact]
    public async Task answers_deeper_than_32_levels_are_refused()
    {
        var asked = await ScriptedNode.Result(Nested(31)).RequestAsync("debug", []);
        Assert.Equal(1, asked.GetArrayLength());
        await Assert.ThrowsAsync<RpcTransportException>(() => ScriptedNode.Result(Nested(32)).RequestAsync("debug", []));
        await Assert.ThrowsAsync<RpcTransportException>(() => ScriptedNode.Result(Nested(100_000)).RequestAsync("debug", []));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task answers_of_more_than_eight_mebibytes_are_refused(bool saysItsLength)
    {
        var frame = """{"jsonrpc":"2.0","id":1,"result":""}""".Length;
        var whole = new string('a', RpcChannel.LargestBody - frame);
        Assert.Equal(whole, (await Endless(whole).RequestAsync("debug", [])).GetString());
        var refusal = await Assert.ThrowsAsync<RpcTransportException>(() => Endless(whole + "a").RequestAsync("debug", []));
        Assert.Contains("8388608", refusal.Message, StringComparison.Ordinal);

        EthereumRpc Endless(string text) => ScriptedNode.Client(new ScriptedNode(request =>
        {
            var bytes = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":"{{text}}"}""");
            return saysItsLength ? new ByteArrayContent(bytes) : new StreamContent(new UnseekableStream(bytes));
        }));
    }

    [Theory]
    [InlineData(HttpStatusCode.BadGateway)]
    [InlineData(HttpStatusCode.TooManyRequests)]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.BadRequest)]
    [InlineData(HttpStatusCode.NoContent)]
    public async Task another_status_of_http_is_told(HttpStatusCode status)
    {
        var refusal = await Refused(ScriptedNode.Text("""{"jsonrpc":"2.0","id":ID,"result":"0x1"}""", status));
        Assert.Equal(status, refusal.Status);
        refusal = await Refused(ScriptedNode.Text("<html>", status));
        Assert.Equal(status, refusal.Status);
    }

    [Fact]
    public async Task an_error_with_the_status_of_a_bad_request_is_the_nodes_own()
    {
        const string Error = """{"code":-32602,"message":"query returned more than 10000 results"}""";
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(
            () => ScriptedNode.Error(Error, HttpStatusCode.BadRequest).ChainIdAsync());
        Assert.Equal((-32602, "query returned more than 10000 results"), (refusal.Code, refusal.Message));
        await Refused(ScriptedNode.Error(Error, HttpStatusCode.TooManyRequests));
    }

    [Theory]
    [InlineData("""{"code":3,"message":"execution reverted","data":"0x08c379a0"}""", "0x08c379a0")]
    [InlineData("""{"code":3,"message":"execution reverted","data":"Reverted 0x08c379a0"}""", "0x08c379a0")]
    [InlineData("""{"code":-32000,"message":"m","data":{"message":"n","data":"0x08c379a0"}}""", "0x08c379a0")]
    [InlineData("""{"code":3,"message":"m","data":"0x"}""", "0x")]
    [InlineData("""{"code":3,"message":"m","data":"no data"}""", null)]
    [InlineData("""{"code":3,"message":"m","data":null}""", null)]
    [InlineData("""{"code":3,"message":"m","data":[1]}""", null)]
    [InlineData("""{"code":3,"message":"m"}""", null)]
    public async Task the_data_of_a_revert_is_kept(string error, string? data)
    {
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(() => ScriptedNode.Error(error).ChainIdAsync());
        Assert.Equal(data, refusal.RevertData is { } bytes ? Primitives.Hex.Format(bytes) : null);
    }

    [Fact]
    public async Task a_long_message_is_cut()
    {
        var error = $$"""{"code":1,"message":"{{new string('x', 100_000)}}"}""";
        Assert.Equal(500, (await Assert.ThrowsAsync<RpcErrorException>(() => ScriptedNode.Error(error).ChainIdAsync())).Message.Length);
    }

    [Fact]
    public async Task a_node_that_does_not_answer_is_given_up()
    {
        foreach (var node in new HttpMessageHandler[] { new SilentNode(), new ScriptedNode(_ => new StreamContent(new SilentStream())) })
        {
            var rpc = new EthereumRpc(new HttpClient(node), new Uri("http://node.invalid")) { Timeout = TimeSpan.FromMilliseconds(20) };
            await Refused(rpc);
        }

        Assert.Equal(TimeSpan.FromSeconds(5), ScriptedNode.Result("1").Timeout);
    }

    [Fact]
    public async Task a_caller_who_cancels_is_told_so()
    {
        using var source = new CancellationTokenSource();
        var request = ScriptedNode.Client(new SilentNode()).ChainIdAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    [Fact]
    public async Task a_broken_connection_can_be_tried_again()
    {
        await Refused(ScriptedNode.Client(new ScriptedNode(_ => throw new HttpRequestException("connection refused"))));
        await Refused(ScriptedNode.Client(new ScriptedNode(_ => new StreamContent(new BrokenStream()))));
    }

    [Fact]
    public async Task requests_at_the_same_time_have_ids_of_their_own()
    {
        var node = new ScriptedNode(request => ScriptedNode.ResultOf(request, "\"0x1\""));
        var rpc = ScriptedNode.Client(node);
        await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => rpc.ChainIdAsync())));
        Assert.Equal(50, node.Requests.Select(request => request["id"]!.GetValue<long>()).Distinct().Count());
    }

    private static string Nested(int levels) => new string('[', levels) + new string(']', levels);

    private static Task<RpcTransportException> Refused(EthereumRpc rpc) =>
        Assert.ThrowsAsync<RpcTransportException>(() => rpc.ChainIdAsync());

    private sealed class SilentNode : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return new HttpResponseMessage();
        }
    }

    private class UnseekableStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }

    private sealed class SilentStream() : UnseekableStream([])
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }

    private sealed class BrokenStream() : UnseekableStream([])
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new IOException("connection reset");
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Grants.Ethereum.JsonRpc;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RpcBatchTests
{
    private static readonly RpcRequest[] Two = [new("eth_blockNumber"), new("eth_getBalance", "0x00", "latest")];

    [Fact]
    public async Task requests_are_sent_in_one_body_and_answers_sorted_by_id()
    {
        var node = new AttemptedNode((_, body) => AttemptedNode.Text(
            $"[{string.Join(',', body.AsArray().Reverse().Select(one => Answer(one!, $"\"{one!["method"]}\"")))}]"));
        var rpc = node.Client();
        for (var i = 0; i < 2; i++)
        {
            var outcomes = await rpc.BatchAsync(Two);
            Assert.Equal(["eth_blockNumber", "eth_getBalance"], outcomes.Select(outcome => outcome.Result.GetString()));
        }

        Assert.Equal(2, node.Requests.Count);
        var sent = node.Requests.SelectMany(body => body.AsArray()).Select(one => one!).ToArray();
        Assert.Equal(4, sent.Select(one => one["id"]!.GetValue<long>()).Distinct().Count());
        Assert.Equal("""["0x00","latest"]""", sent[1]["params"]!.ToJsonString());
        Assert.All(sent, one => Assert.Equal("2.0", one["jsonrpc"]!.GetValue<string>()));
    }

    [Fact]
    public async Task each_request_fails_for_itself()
    {
        const string Refusal = """{"code":3,"message":"reverted","data":"0x01"}""";
        var outcomes = await Batch(
            (first, second) => $$"""[{{Answer(first, "1")}},{"jsonrpc":"2.0","id":{{second["id"]}},"error":{{Refusal}}}]""");
        Assert.Equal((1, null), (outcomes[0].Result.GetInt32(), outcomes[0].Error));
        Assert.Equal((3, "reverted"), (outcomes[1].Error!.Code, outcomes[1].Error!.Message));
        Assert.Equal([1], outcomes[1].Error!.RevertData);
        Assert.Equal(outcomes[1].Error, Assert.Throws<RpcErrorException>(() => outcomes[1].Result));
    }

    public static TheoryData<string> Malformed() =>
    [
        "",
        "null",
        "{}",
        "[]",
        "[A]",
        "[A,A]",
        "[A,B,B]",
        "[A,B,C]",
        "[A,C]",
        "[A,null]",
        "[A,[]]",
        "[A,{}]",
        "[[A,B]]",
        "[A,B] x",
        "A",
        "[A,{\"jsonrpc\":\"2.0\",\"result\":1}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":1,\"message\":\"m\"}}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":\"IDB\",\"result\":1}]",
        "[A,{\"jsonrpc\":\"1.0\",\"id\":IDB,\"result\":1}]",
        "[A,{\"id\":IDB,\"result\":1}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":IDB}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":IDB,\"result\":1,\"error\":{\"code\":1,\"message\":\"m\"}}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":IDB,\"id\":IDB,\"result\":1}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":9223372036854775808,\"result\":1}]",
        "[A,{\"jsonrpc\":\"2.0\",\"id\":-9223372036854775808,\"result\":1}]",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public Task an_answer_that_is_missing_given_twice_or_foreign_spoils_the_batch(string text) =>
        Assert.ThrowsAsync<RpcTransportException>(() => Batch((first, second) => text
            .Replace("A", Answer(first, "1"), StringComparison.Ordinal)
            .Replace("IDB", second["id"]!.ToJsonString(), StringComparison.Ordinal)
            .Replace("B", Answer(second, "2"), StringComparison.Ordinal)
            .Replace("C", """{"jsonrpc":"2.0","id":77,"result":3}""", StringComparison.Ordinal)));

    [Fact]
    public async Task a_node_may_refuse_the_batch_as_a_whole()
    {
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(() => Batch(
            (_, _) => """{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"batch too large"}}"""));
        Assert.Equal((-32600, "batch too large"), (refusal.Code, refusal.Message));
        var broken = new AttemptedNode((_, _) => AttemptedNode.Text("<html>", HttpStatusCode.BadGateway));
        Assert.Equal(
            HttpStatusCode.BadGateway, (await Assert.ThrowsAsync<RpcTransportException>(() => broken.Client().BatchAsync(Two))).Status);
    }

    [Fact]
    public async Task nothing_is_asked_for_nothing_and_too_much_is_refused()
    {
        var node = new AttemptedNode((_, _) => AttemptedNode.Text("[]"));
        Assert.Empty(await node.Client().BatchAsync([]));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => node.Client().BatchAsync([.. Enumerable.Repeat(new RpcRequest("eth_blockNumber"), 1001)]));
        Assert.Empty(node.Requests);
    }

    private static string Answer(JsonNode request, string result) => $$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":{{result}}}""";

    private static Task<IReadOnlyList<RpcOutcome>> Batch(Func<JsonNode, JsonNode, string> answer) =>
        new AttemptedNode((_, body) => AttemptedNode.Text(answer(body[0]!, body[1]!))).Client().BatchAsync(Two);
}

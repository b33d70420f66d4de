using System.Net;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RpcResilienceTests
{
    private static readonly RpcResilience Eager = new() { Retries = 2, FirstPause = TimeSpan.Zero, BreakAtFailureRatio = null };

    public static TheoryData<string> Failures() => ["broken", "503", "429", "408", "malformed", "foreign"];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task a_read_that_failed_in_transit_is_asked_again_under_another_id(string failure)
    {
        var node = new AttemptedNode((attempt, body) => attempt < 3 ? Fail(failure) : AttemptedNode.Result(body, "\"0x5\""));
        Assert.Equal(5, await node.Client(Eager).ChainIdAsync());
        Assert.Equal(3, node.Requests.Select(request => request["id"]!.GetValue<long>()).Distinct().Count());
    }

    [Fact]
    public async Task logs_and_batches_of_reads_are_asked_again()
    {
        var logs = new AttemptedNode((attempt, body) => attempt < 3 ? Fail("malformed") : AttemptedNode.Result(body, "[]"));
        Assert.Empty(await logs.Client(Eager).LogsAsync(0, 1));
        var batch = new AttemptedNode((attempt, body) => attempt < 3
            ? Fail("broken")
            : AttemptedNode.Text($$"""[{"jsonrpc":"2.0","id":{{body[0]!["id"]}},"result":1}]"""));
        Assert.Single(await batch.Client(Eager).BatchAsync([new RpcRequest("eth_chainId")]));
        Assert.Equal((3, 3), (logs.Requests.Count, batch.Requests.Count));
    }

    [Fact]
    public async Task a_node_that_says_how_long_it_wants_to_be_left_alone_is_asked_then()
    {
        var time = new FakeTimeProvider();
        var node = new AttemptedNode((attempt, body) => attempt == 1 ? Busy(seconds: 7) : AttemptedNode.Result(body, "\"0x5\""));
        var start = time.GetUtcNow();
        var asked = node.Client(Eager with { FirstPause = TimeSpan.FromHours(2), LongestPause = TimeSpan.FromHours(4), Time = time })
            .ChainIdAsync();
        while (!asked.IsCompleted)
        {
            Assert.InRange(time.GetUtcNow() - start, TimeSpan.Zero, TimeSpan.FromHours(1));
            await Task.Yield();
            if (node.Requests.Count > 0)
                time.Advance(TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal(5, await asked);
        Assert.True(time.GetUtcNow() - start >= TimeSpan.FromSeconds(7));

        static HttpResponseMessage Busy(int seconds)
        {
            var busy = AttemptedNode.Text("slow down", HttpStatusCode.TooManyRequests);
            busy.Headers.RetryAfter = new(TimeSpan.FromSeconds(seconds));
            return busy;
        }
    }

    [Fact]
    public async Task trouble_that_lasts_is_told_in_the_end()
    {
        var node = new AttemptedNode((_, _) => Fail("503"));
        var failure = await Assert.ThrowsAsync<RpcTransportException>(() => node.Client(Eager).ChainIdAsync());
        Assert.Equal((HttpStatusCode.ServiceUnavailable, 3), (failure.Status, node.Requests.Count));
    }

    [Fact]
    public async Task nothing_is_asked_again_without_being_told_to()
    {
        foreach (var resilience in new[] { null, Eager with { Retries = 0 } })
        {
            var node = new AttemptedNode((_, _) => Fail("503"));
            await Assert.ThrowsAsync<RpcTransportException>(() => node.Client(resilience).ChainIdAsync());
            Assert.Single(node.Requests);
        }
    }

    [Theory]
    [InlineData("401")]
    [InlineData("404")]
    [InlineData("large")]
    public async Task what_would_fail_again_is_not_asked_again(string failure)
    {
        var node = new AttemptedNode((_, _) => Fail(failure));
        var told = await Assert.ThrowsAsync<RpcTransportException>(() => node.Client(Eager).ChainIdAsync());
        Assert.False(told.IsTransient);
        Assert.Single(node.Requests);
    }

    [Fact]
    public async Task a_refusal_is_not_asked_again()
    {
        var node = new AttemptedNode((_, body) => AttemptedNode.Error(body, 3, "execution reverted"));
        await Assert.ThrowsAsync<RpcErrorException>(() => node.Client(Eager).CallAsync(Address.Zero, [], BlockTag.Latest));
        Assert.Single(node.Requests);
    }

    [Theory]
    [InlineData("eth_sendTransaction")]
    [InlineData("eth_sendRawTransaction")]
    [InlineData("eth_getFilterChanges")]
    [InlineData("eth_newFilter")]
    [InlineData("anvil_mine")]
    public async Task what_may_change_something_is_sent_once(string method)
    {
        var node = new AttemptedNode((_, _) => Fail("broken"));
        await Assert.ThrowsAsync<RpcTransportException>(() => node.Client(Eager).RequestAsync(method, []));
        await Assert.ThrowsAsync<RpcTransportException>(
            () => node.Client(Eager).BatchAsync([new RpcRequest("eth_chainId"), new RpcRequest(method)]));
        Assert.Equal(2, node.Requests.Count);
    }

    [Theory]
    [InlineData("broken")]
    [InlineData("503")]
    [InlineData("malformed")]
    [InlineData("already known")]
    [InlineData("nonce too low")]
    public async Task a_signed_transaction_is_sent_once_and_counts_as_sent_where_the_node_has_it(string failure)
    {
        var hash = Keccak256.Hash([1, 2, 3]);
        var node = new AttemptedNode((attempt, body) => attempt > 1
            ? AttemptedNode.Result(body, $$"""{"hash":"{{hash}}"}""")
            : failure.Contains(' ', StringComparison.Ordinal) ? AttemptedNode.Error(body, -32000, failure) : Fail(failure));
        Assert.Equal(hash, await node.Client(Eager).SendRawTransactionAsync([1, 2, 3]));
        Assert.Equal(
            ["eth_sendRawTransaction", "eth_getTransactionByHash"],
            node.Requests.Select(request => request["method"]!.GetValue<string>()));
        Assert.Equal("\"0x010203\"", node.Requests[0]["params"]![0]!.ToJsonString());
    }

    [Fact]
    public async Task a_signed_transaction_of_which_nothing_is_known_is_not_sent_again()
    {
        var node = new AttemptedNode((attempt, body) => attempt == 1 ? Fail("broken") : AttemptedNode.Result(body, "null"));
        await Assert.ThrowsAsync<RpcTransportException>(() => node.Client(Eager).SendRawTransactionAsync([1]));
        var away = new AttemptedNode((_, _) => Fail("broken"));
        await Assert.ThrowsAsync<RpcTransportException>(() => away.Client(Eager).SendRawTransactionAsync([1]));
        Assert.All(
            new[] { node, away },
            one => Assert.Single(one.Requests, request => request["method"]!.GetValue<string>() == "eth_sendRawTransaction"));
    }

    [Fact]
    public async Task a_transaction_that_is_refused_and_unknown_is_refused()
    {
        var node = new AttemptedNode((attempt, body) => attempt == 1
            ? AttemptedNode.Error(body, -32000, "nonce too low")
            : AttemptedNode.Result(body, "null"));
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(() => node.Client(Eager).SendRawTransactionAsync([1]));
        Assert.Equal("nonce too low", refusal.Message);
    }

    [Fact]
    public async Task a_node_that_keeps_failing_is_left_alone_and_then_tried()
    {
        var time = new FakeTimeProvider();
        var node = new AttemptedNode((attempt, body) => attempt <= 2 ? Fail("503") : AttemptedNode.Result(body, "\"0x1\""));
        var rpc = node.Client(new RpcResilience
        {
            Retries = 0, BreakAtFailureRatio = 1, BreakAfterRequests = 2, BreakDuration = TimeSpan.FromSeconds(15), Time = time,
        });
        for (var i = 0; i < 2; i++)
            await Assert.ThrowsAsync<RpcTransportException>(() => rpc.ChainIdAsync());
        var alone = await Assert.ThrowsAsync<RpcTransportException>(() => rpc.SendRawTransactionAsync([1]));
        Assert.Contains("node.invalid", alone.Message, StringComparison.Ordinal);
        Assert.Equal(2, node.Requests.Count);
        time.Advance(TimeSpan.FromSeconds(16));
        Assert.Equal(1, await rpc.ChainIdAsync());
        Assert.Equal(1, await rpc.ChainIdAsync());
    }

    [Fact]
    public async Task refusals_do_not_break_the_circuit()
    {
        var node = new AttemptedNode((_, body) => AttemptedNode.Error(body, 3, "execution reverted"));
        var rpc = node.Client(new RpcResilience { Retries = 0, BreakAtFailureRatio = 0.1, BreakAfterRequests = 2 });
        for (var i = 0; i < 10; i++)
            await Assert.ThrowsAsync<RpcErrorException>(() => rpc.ChainIdAsync());
    }

    [Fact]
    public async Task requests_beyond_the_ration_and_the_queue_are_not_sent()
    {
        const int Asked = 20;
        var node = new AttemptedNode((_, body) => AttemptedNode.Result(body, "\"0x1\""));
        var rpc = node.Client(Eager with { RequestsPerSecond = 1, MostWaiting = 0 });
        var answers = await Task.WhenAll(
            Enumerable.Range(0, Asked).Select(async _ => await Record.ExceptionAsync(() => rpc.ChainIdAsync())));
        Assert.Equal(node.Requests.Count, answers.Count(failure => failure is null));
        Assert.InRange(node.Requests.Count, 1, Asked - 1);
        Assert.All(answers, failure => Assert.True(failure is null or RpcTransportException, failure?.ToString()));
    }

    [Fact]
    public async Task requests_within_the_ration_and_the_queue_are_all_sent()
    {
        var node = new AttemptedNode((_, body) => AttemptedNode.Result(body, "\"0x1\""));
        var rpc = node.Client(Eager with { RequestsPerSecond = 50, MostWaiting = 50 });
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => rpc.ChainIdAsync()));
        Assert.Equal(60, node.Requests.Count);
    }

    [Fact]
    public async Task a_caller_who_cancels_in_a_pause_is_told_so()
    {
        using var source = new CancellationTokenSource();
        var node = new AttemptedNode((_, _) => Fail("503"));
        var request = node.Client(Eager with { FirstPause = TimeSpan.FromHours(1), LongestPause = TimeSpan.FromHours(2) })
            .ChainIdAsync(source.Token);
        Assert.False(request.IsCompleted);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
    }

    private static HttpResponseMessage Fail(string failure) => failure switch
    {
        "broken" => throw new HttpRequestException("connection reset"),
        "malformed" => AttemptedNode.Text("<html>"),
        "foreign" => AttemptedNode.Text("""{"jsonrpc":"2.0","id":-1,"result":"0x1"}"""),
        "large" => new HttpResponseMessage { Content = new ByteArrayContent(new byte[9 * 1024 * 1024]) },
        _ => AttemptedNode.Text("busy", (HttpStatusCode)int.Parse(failure, System.Globalization.CultureInfo.InvariantCulture)),
    };
}

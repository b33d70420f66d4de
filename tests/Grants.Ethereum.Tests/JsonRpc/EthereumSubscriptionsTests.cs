using System.Text.Json.Nodes;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Tests.Following;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class EthereumSubscriptionsTests
{
    private const string Account = "0x5aaeb6053f3e94c9b9a09f33669435e7ef1beaed";

    private static readonly SubscriptionOptions Eager = new() { FirstPause = TimeSpan.FromMilliseconds(1), MostFailures = 0 };
    private static readonly string Word = "0x" + new string('1', 64);

    [Fact]
    public async Task heads_of_a_real_chain_arrive_in_order()
    {
        await using var chain = await AnvilChain.StartAsync();
        await using var heads = Subscriptions(chain).HeadsAsync().GetAsyncEnumerator();
        var first = await FirstAsync(heads, () => chain.MineAsync());
        await chain.MineAsync(3);
        for (var number = first.Number + 1; number <= (await chain.HeadAsync()).Number; number++)
        {
            Assert.True(await heads.MoveNextAsync());
            var asked = await chain.Rpc.BlockAsync(BlockTag.At(number));
            Assert.Equal(asked!.Ref, heads.Current.Ref);
            Assert.Equal((asked.ParentHash, asked.BaseFeePerGas), (heads.Current.ParentHash, heads.Current.BaseFeePerGas));
            Assert.Equal(asked.LogsBloom, heads.Current.LogsBloom);
        }
    }

    [Fact]
    public async Task logs_of_a_real_chain_arrive_and_only_those_that_were_asked_for()
    {
        await using var chain = await AnvilChain.StartAsync();
        var (wanted, other) = (await chain.DeployEchoAsync(), await chain.DeployEchoAsync());
        await using var logs = Subscriptions(chain).LogsAsync([wanted]).GetAsyncEnumerator();
        var notice = await FirstAsync(logs, () => chain.MineWithLogsAsync(other, wanted, other));
        var from = Assert.IsType<LogNotice.Emitted>(notice).Log;
        await chain.MineWithLogsAsync(other, wanted, wanted);
        foreach (var asked in (await chain.LogsAsync(wanted)).Where(log => log.BlockNumber > from.BlockNumber))
        {
            Assert.True(await logs.MoveNextAsync());
            var told = Assert.IsType<LogNotice.Emitted>(logs.Current).Log;
            Assert.Equal((asked.BlockHash, asked.LogIndex, asked.Address), (told.BlockHash, told.LogIndex, told.Address));
            Assert.Equal(asked.Data, told.Data);
        }
    }

    [Fact]
    public async Task requests_are_those_of_the_nodes()
    {
        var requests = new List<JsonObject>();
        await using var node = new ScriptedSocket(async connection =>
        {
            requests.Add(await connection.SubscribeAsync());
            await connection.CloseAsync();
        });
        var subscriptions = new EthereumSubscriptions(node.Endpoint, Eager);
        await Assert.ThrowsAsync<RpcTransportException>(() => ReadAsync(subscriptions.HeadsAsync()));
        await Assert.ThrowsAsync<RpcTransportException>(() => ReadAsync(subscriptions.LogsAsync()));
        await Assert.ThrowsAsync<RpcTransportException>(
            () => ReadAsync(subscriptions.LogsAsync([Address.Zero], [Hash32.Parse(Word), Hash32.Zero])));
        Assert.All(requests, request => Assert.Equal("eth_subscribe", request["method"]!.GetValue<string>()));
        Assert.Equal(
            [
                """["newHeads"]""",
                """["logs",{}]""",
                $$"""["logs",{"address":["{{Address.Zero}}"],"topics":[["{{Word}}","{{Hash32.Zero}}"]]}]""",
            ],
            requests.Select(request => request["params"]!.ToJsonString()));
    }

    [Fact]
    public async Task a_broken_connection_is_made_anew_and_the_gap_is_told()
    {
        await using var node = new ScriptedSocket(
            connection => connection.CloseAsync(),
            async connection =>
            {
                await connection.SubscribeAsync();
                await connection.NotifyAsync(Log(1));
            },
            async connection =>
            {
                await connection.SubscribeAsync();
                await connection.NotifyAsync("{}");
                await connection.GoneAsync();
            },
            async connection =>
            {
                await connection.SubscribeAsync();
                await connection.NotifyAsync(Log(2, removed: true));
                await connection.GoneAsync();
            });
        var subscriptions = new EthereumSubscriptions(node.Endpoint, Eager with { MostFailures = 5 });
        var told = new List<string>();
        await foreach (var notice in subscriptions.LogsAsync([Address.Parse(Account)], [Hash32.Parse(Word)]))
        {
            told.Add(notice switch
            {
                LogNotice.Emitted emitted => $"emitted {emitted.Log.BlockNumber}",
                LogNotice.Removed removed => $"removed {removed.Log.BlockNumber}",
                _ => "gap",
            });
            if (notice is LogNotice.Removed)
                break;
        }

        Assert.Equal(["emitted 1", "gap", "gap", "removed 2"], told);
        Assert.Equal(4, node.Connections);
    }

    public static TheoryData<string> Malformed() =>
    [
        "",
        "null",
        "[]",
        "{}",
        "<html>",
        """{"jsonrpc":"2.0","id":1,"result":"0x1"}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"0x1","result":LOG}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB"}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"result":LOG}}""",
        """{"jsonrpc":"2.0","method":"eth_other","params":{"subscription":"SUB","result":LOG}}""",
        """{"method":"eth_subscription","params":{"subscription":"SUB","result":LOG}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB","result":null}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB","result":[LOG]}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB","result":FOREIGN}}""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB","result":LOG}} x""",
        """{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"SUB","result":DEEP}}""",
        "LARGE",
    ];

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task a_notification_of_another_shape_breaks_the_connection(string text)
    {
        var sent = text
            .Replace("LARGE", new string(' ', (8 * 1024 * 1024) + 1), StringComparison.Ordinal)
            .Replace("DEEP", new string('[', 40) + new string(']', 40), StringComparison.Ordinal)
            .Replace("SUB", "0x9cef478923ff08bf67fde6c64013158d", StringComparison.Ordinal)
            .Replace("FOREIGN", Log(1).Replace("0x5aaeb", "0x6aaeb", StringComparison.Ordinal), StringComparison.Ordinal)
            .Replace("LOG", Log(1), StringComparison.Ordinal);
        await using var node = new ScriptedSocket(async connection =>
        {
            await connection.SubscribeAsync();
            await connection.SendAsync(sent);
            await connection.GoneAsync();
        });
        var subscriptions = new EthereumSubscriptions(node.Endpoint, Eager);
        await Assert.ThrowsAsync<RpcTransportException>(() => ReadAsync(subscriptions.LogsAsync([Address.Parse(Account)])));
        Assert.Equal(1, node.Connections);
    }

    [Fact]
    public async Task a_subscription_that_the_node_refuses_ends()
    {
        await using var node = new ScriptedSocket(async connection =>
        {
            var request = await connection.RequestAsync();
            await connection.SendAsync(
                $$$"""{"jsonrpc":"2.0","id":{{{request["id"]}}},"error":{"code":-32601,"message":"notifications not supported"}}""");
            await connection.GoneAsync();
        });
        var refusal = await Assert.ThrowsAsync<RpcErrorException>(
            () => ReadAsync(new EthereumSubscriptions(node.Endpoint, Eager with { MostFailures = null }).HeadsAsync()));
        Assert.Equal((-32601, 1), (refusal.Code, node.Connections));
    }

    [Fact]
    public async Task a_node_that_says_nothing_is_given_up()
    {
        await using var node = new ScriptedSocket(connection => connection.GoneAsync());
        var options = Eager with { Timeout = TimeSpan.FromMilliseconds(100) };
        var failure = await Assert.ThrowsAsync<RpcTransportException>(
            () => ReadAsync(new EthereumSubscriptions(node.Endpoint, options).HeadsAsync()));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
        var nobody = new EthereumSubscriptions(new Uri("ws://127.0.0.1:1/secret"), Eager with { MostFailures = 2 });
        failure = await Assert.ThrowsAsync<RpcTransportException>(() => ReadAsync(nobody.HeadsAsync()));
        Assert.DoesNotContain("secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task no_log_is_lost_to_a_slow_reader()
    {
        const int Sent = 50;
        await using var node = new ScriptedSocket(async connection =>
        {
            await connection.SubscribeAsync();
            for (var number = 1; number <= Sent; number++)
                await connection.NotifyAsync(Log(number));
            await connection.GoneAsync();
        });
        var read = new List<long>();
        await foreach (var notice in new EthereumSubscriptions(node.Endpoint, Eager with { Buffer = 1 }).LogsAsync())
        {
            read.Add(Assert.IsType<LogNotice.Emitted>(notice).Log.BlockNumber);
            if (read.Count == Sent)
                break;
            await Task.Yield();
        }

        Assert.Equal(Enumerable.Range(1, Sent).Select(number => (long)number), read);
    }

    [Fact]
    public async Task the_newest_heads_stay_for_a_slow_reader()
    {
        const int Sent = 50;
        await using var node = new ScriptedSocket(async connection =>
        {
            await connection.SubscribeAsync();
            for (var number = 1; number <= Sent; number++)
                await connection.NotifyAsync(Head(number));
            await connection.CloseAsync();
        });
        var read = new List<long>();
        await Assert.ThrowsAsync<RpcTransportException>(async () =>
        {
            await foreach (var head in new EthereumSubscriptions(node.Endpoint, Eager with { Buffer = 2 }).HeadsAsync())
                read.Add(head.Number);
        });
        Assert.Equal(read.Order().Distinct(), read);
        Assert.Equal(Sent, read[^1]);
    }

    [Fact]
    public async Task a_reader_who_leaves_or_cancels_closes_the_connection()
    {
        var gone = new[] { new TaskCompletionSource(), new TaskCompletionSource() };
        var count = 0;
        await using var node = new ScriptedSocket(async connection =>
        {
            await connection.SubscribeAsync();
            await connection.NotifyAsync(Head(1));
            await connection.GoneAsync();
            gone[count++].SetResult();
        });
        var subscriptions = new EthereumSubscriptions(node.Endpoint, Eager);
        await foreach (var head in subscriptions.HeadsAsync())
        {
            Assert.Equal(1, head.Number);
            break;
        }

        await gone[0].Task;
        using var source = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var _ in subscriptions.HeadsAsync(source.Token))
                await source.CancelAsync();
        });
        await gone[1].Task;
    }

    [Fact]
    public async Task nothing_asked_for_is_nothing_and_another_address_is_refused()
    {
        var subscriptions = new EthereumSubscriptions(new Uri("ws://127.0.0.1:1"), Eager);
        Assert.Empty(await subscriptions.LogsAsync([]).ToListAsync());
        Assert.Empty(await subscriptions.LogsAsync(null, []).ToListAsync());
        Assert.Throws<ArgumentException>(() => new EthereumSubscriptions(new Uri("http://127.0.0.1:1")));
    }

    private static EthereumSubscriptions Subscriptions(AnvilChain chain) =>
        new(new UriBuilder(chain.Endpoint) { Scheme = "ws" }.Uri, new SubscriptionOptions { MostFailures = 0 });

    /// <summary>Acts until something arrives: nobody says when a subscription has begun.</summary>
    private static async Task<T> FirstAsync<T>(IAsyncEnumerator<T> stream, Func<Task> act)
    {
        var arrived = stream.MoveNextAsync().AsTask();
        while (!arrived.IsCompleted)
        {
            await act();
            await Task.WhenAny(arrived, Task.Delay(TimeSpan.FromMilliseconds(20)));
        }

        Assert.True(await arrived);
        return stream.Current;
    }

    private static async Task ReadAsync<T>(IAsyncEnumerable<T> stream)
    {
        await foreach (var _ in stream)
        {
        }
    }

    private static string Log(int block, bool removed = false) =>
        $$"""
        {"address":"{{Account}}","topics":["{{Word}}"],"data":"0x","blockNumber":"0x{{block:x}}","blockHash":"{{Word}}",
        "transactionHash":"{{Word}}","transactionIndex":"0x0","logIndex":"0x0","removed":{{(removed ? "true" : "false")}}}
        """;

    private static string Head(int number) =>
        $$"""
        {"number":"0x{{number:x}}","hash":"{{Word}}","parentHash":"{{Word}}","timestamp":"0x1","logsBloom":"0x{{new string('0', 512)}}"}
        """;
}

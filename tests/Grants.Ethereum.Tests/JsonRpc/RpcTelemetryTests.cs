using System.Collections.Concurrent;
using System.Diagnostics;
using Grants.Ethereum.JsonRpc;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class RpcTelemetryTests
{
    [Fact]
    public async Task a_request_is_a_span_with_the_method_and_the_host_and_no_key()
    {
        var host = $"{Guid.NewGuid():n}.invalid";
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == RpcTelemetry.SourceName,
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                if (span.GetTagItem("server.address") is string address && address == host)
                    spans.Enqueue(span);
            },
        };
        ActivitySource.AddActivityListener(listener);

        var endpoint = new Uri($"http://user:secret@{host}:8545/v3/secret?key=secret");
        var good = new ScriptedNode(request => ScriptedNode.ResultOf(request, "\"0x1\""));
        await new EthereumRpc(new HttpClient(good), endpoint).ChainIdAsync();
        var bad = new ScriptedNode(request => new StringContent(
            $$$"""{"jsonrpc":"2.0","id":{{{request["id"]}}},"error":{"code":-32005,"message":"secret"}}"""));
        await Assert.ThrowsAsync<RpcErrorException>(() => new EthereumRpc(new HttpClient(bad), endpoint).LogsAsync(0, 1));

        Assert.Equal(["eth_chainId", "eth_getLogs"], spans.Select(span => span.OperationName));
        Assert.All(spans, span => Assert.Equal(ActivityKind.Client, span.Kind));
        var (first, second) = (spans.First(), spans.Last());
        Assert.Equal(["rpc.method=eth_chainId", "rpc.system=jsonrpc", $"server.address={host}"], Tags(first));
        Assert.Equal(
            [
                "error.type=RpcErrorException", "rpc.jsonrpc.error_code=-32005",
                "rpc.method=eth_getLogs", "rpc.system=jsonrpc", $"server.address={host}",
            ],
            Tags(second));
        Assert.Equal((ActivityStatusCode.Unset, ActivityStatusCode.Error), (first.Status, second.Status));
        Assert.All(spans, span => Assert.Null(span.StatusDescription));
    }

    private static IEnumerable<string> Tags(Activity span) =>
        span.TagObjects.Select(tag => $"{tag.Key}={tag.Value}").Order(StringComparer.Ordinal);
}

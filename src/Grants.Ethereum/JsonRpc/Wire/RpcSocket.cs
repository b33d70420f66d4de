using System.Net.WebSockets;
using System.Text.Json;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>
/// One connection with one subscription of eth_subscribe. What the node says is bounded as over HTTP, and every departure
/// from the protocol is an <see cref="RpcTransportException"/>.
/// </summary>
internal sealed class RpcSocket(Uri endpoint, SubscriptionOptions options) : IDisposable
{
    private const string Method = "eth_subscribe";
    private const string Notification = "eth_subscription";
    private const int RequestId = 1;

    private readonly ClientWebSocket socket = new();
    private byte[] buffer = new byte[16 * 1024];
    private string? subscription;

    /// <summary>Connects and subscribes.</summary>
    /// <exception cref="RpcErrorException">The node refuses the subscription.</exception>
    public async Task OpenAsync(object[] parameters, CancellationToken cancellation)
    {
        using var span = RpcTelemetry.Start(Method, endpoint.Host);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(options.Timeout);
        socket.Options.KeepAliveInterval = options.Silence / 2;
        socket.Options.KeepAliveTimeout = options.Silence / 2;
        try
        {
            await socket.ConnectAsync(endpoint, limit.Token);
            var request = JsonSerializer.SerializeToUtf8Bytes(RpcAnswer.Request(RequestId, Method, parameters));
            await socket.SendAsync(request, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
            using var answer = JsonDocument.Parse(await MessageAsync(limit.Token), RpcAnswer.Options);
            subscription = RpcAnswer.Result(answer.RootElement, RequestId).GetString() ?? throw new FormatException("It has no id.");
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            var failure = new RpcTransportException($"No answer to {Method} within {options.Timeout.TotalSeconds} s.", late);
            RpcTelemetry.Fail(span, failure);
            throw failure;
        }
        catch (Exception failure)
        {
            RpcTelemetry.Fail(span, failure);
            if (Told(failure) is { } told)
                throw told;
            throw;
        }
    }

    /// <summary>The next notification; waits for it.</summary>
    public async Task<T> NextAsync<T>(Func<JsonElement, T> read, CancellationToken cancellation)
    {
        try
        {
            using var message = JsonDocument.Parse(await MessageAsync(cancellation), RpcAnswer.Options);
            var root = message.RootElement;
            var parameters = root.GetProperty("params");
            return root.GetProperty("jsonrpc").GetString() == RpcAnswer.Version
                && root.GetProperty("method").GetString() == Notification
                && parameters.GetProperty("subscription").GetString() == subscription
                ? read(parameters.GetProperty("result"))
                : throw new FormatException("It is of another subscription.");
        }
        catch (Exception failure) when (Told(failure) is { } told)
        {
            throw told;
        }
    }

    public void Dispose() => socket.Dispose();

    private static RpcTransportException? Told(Exception failure) => failure switch
    {
        _ when RpcAnswer.IsMalformed(failure) => RpcAnswer.Malformed(Method, failure),
        WebSocketException or IOException or HttpRequestException =>
            new RpcTransportException($"The connection of {Method} is broken: {failure.Message}", failure),
        _ => null,
    };

    private async Task<ReadOnlyMemory<byte>> MessageAsync(CancellationToken cancellation)
    {
        var length = 0;
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(length), cancellation);
            if (part.MessageType == WebSocketMessageType.Close)
                throw new RpcTransportException("The node closed the connection.");
            length += part.Count;
            RpcHttp.RefuseLarge(length);
            if (part.EndOfMessage)
                return buffer.AsMemory(0, length);
            if (length == buffer.Length)
                Array.Resize(ref buffer, Math.Min(buffer.Length * 2, RpcHttp.LargestBody + 1));
        }
    }
}

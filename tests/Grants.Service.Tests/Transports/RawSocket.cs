using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Grants.Service.Api.Transports;
using Xunit;

namespace Grants.Service.Tests.Transports;

/// <summary>A WebSocket that says what no well-behaved client would.</summary>
internal sealed class RawSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ClientWebSocket socket = new();
    private readonly CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private RawSocket() => limit.CancelAfter(Patience);

    public static async Task<RawSocket> ConnectAsync(Uri url, string? protocol = SocketTransport.Protocol, string? origin = null)
    {
        var raw = new RawSocket();
        if (protocol is not null)
            raw.socket.Options.AddSubProtocol(protocol);
        if (origin is not null)
            raw.socket.Options.SetRequestHeader("Origin", origin);
        await raw.socket.ConnectAsync(url, raw.limit.Token);
        return raw;
    }

    /// <summary>Connects and is acknowledged.</summary>
    public static async Task<RawSocket> OpenAsync(Uri url)
    {
        var raw = await ConnectAsync(url);
        await raw.SendAsync("""{"type":"connection_init"}""");
        Assert.Equal("connection_ack", (await raw.ReadAsync())!["type"]!.GetValue<string>());
        return raw;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type) => socket.SendAsync(bytes, type, endOfMessage: true, limit.Token);

    /// <summary>The next message; null where the server said goodbye.</summary>
    public async Task<JsonNode?> ReadAsync()
    {
        var (buffer, read) = (new byte[64 * 1024], 0);
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(read), limit.Token);
            if (part.MessageType == WebSocketMessageType.Close)
                return null;
            read += part.Count;
            if (part.EndOfMessage)
                return JsonNode.Parse(buffer.AsSpan(0, read));
        }
    }

    /// <summary>The code that the server closes with, whatever it says before.</summary>
    public async Task<(int Code, string? Reason)> ClosedAsync()
    {
        while (await ReadAsync() is not null)
        {
        }

        var said = ((int)socket.CloseStatus!, socket.CloseStatusDescription);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        return said;
    }

    public void Dispose()
    {
        socket.Dispose();
        limit.Dispose();
    }
}

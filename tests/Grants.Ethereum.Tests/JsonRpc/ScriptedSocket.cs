using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Grants.Ethereum.Tests;

/// <summary>A node at the other end of a WebSocket: it plays one script a connection, and the last one from then on.</summary>
internal sealed class ScriptedSocket : IAsyncDisposable
{
    private const string Subscription = "0x9cef478923ff08bf67fde6c64013158d";

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource end = new();
    private readonly Task accepting;
    private int connections;

    public ScriptedSocket(params Func<Connection, Task>[] scripts)
    {
        listener.Start();
        accepting = AcceptAsync(scripts);
    }

    public Uri Endpoint => new($"ws://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/secret?key=secret");

    public int Connections => Volatile.Read(ref connections);

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        listener.Stop();
        await accepting;
        end.Dispose();
    }

    private async Task AcceptAsync(Func<Connection, Task>[] scripts)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                var client = await listener.AcceptTcpClientAsync(end.Token);
                var number = Interlocked.Increment(ref connections);
                running.Add(PlayAsync(client, scripts[Math.Min(number, scripts.Length) - 1]));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task PlayAsync(TcpClient client, Func<Connection, Task> script)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                var key = await KeyAsync(stream);
#pragma warning disable CA5350 // RFC 6455 defines the handshake over SHA-1; nothing secret rests on it.
                var accept = Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")));
#pragma warning restore CA5350
                await stream.WriteAsync(Encoding.ASCII.GetBytes(
                    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + $"Sec-WebSocket-Accept: {accept}\r\n\r\n"));
                using var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
                await script(new Connection(socket, end.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or WebSocketException or IOException)
            {
                // The client may leave at any point of a script.
            }
        }
    }

    private static async Task<string> KeyAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        var key = "";
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Sec-WebSocket-Key:", StringComparison.OrdinalIgnoreCase))
                key = line.Split(':')[1].Trim();
        }

        return key;
    }

    /// <summary>One connection, from the node's side.</summary>
    internal sealed class Connection(WebSocket socket, CancellationToken end)
    {
        public async Task<JsonObject> RequestAsync()
        {
            var buffer = new byte[64 * 1024];
            var part = await socket.ReceiveAsync(buffer.AsMemory(), end);
            return JsonNode.Parse(buffer.AsSpan(0, part.Count))!.AsObject();
        }

        /// <summary>Takes the request for a subscription and grants it.</summary>
        public async Task<JsonObject> SubscribeAsync()
        {
            var request = await RequestAsync();
            await SendAsync($$"""{"jsonrpc":"2.0","id":{{request["id"]}},"result":"{{Subscription}}"}""");
            return request;
        }

        public Task NotifyAsync(string result) => SendAsync(
            $$$"""{"jsonrpc":"2.0","method":"eth_subscription","params":{"subscription":"{{{Subscription}}}","result":{{{result}}}}}""");

        public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
            socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, end);

        public Task CloseAsync() => socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, end);

        /// <summary>Ends where the client has gone.</summary>
        public async Task GoneAsync()
        {
            try
            {
                while ((await socket.ReceiveAsync(new byte[1024].AsMemory(), end)).MessageType != WebSocketMessageType.Close)
                {
                }
            }
            catch (WebSocketException)
            {
                // An aborted connection is gone as well.
            }
        }
    }
}

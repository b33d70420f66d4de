using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace Grants.Service.Api.Transports;

/// <summary>Reads the text messages of one socket.</summary>
internal sealed class SocketInbox(WebSocket socket, SocketOutbox outbox)
{
    // Less than a request by HTTP may have, because it is held for as long as the connection.
    private const int MessageBytesMax = 64 * 1024;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ArrayBufferWriter<byte> message = new(4_096);

    /// <summary>The next message; null when the socket has ended.</summary>
    /// <exception cref="SocketFault">The message is too long, or not text.</exception>
    public async Task<string?> ReadAsync()
    {
        message.ResetWrittenCount();
        try
        {
            while (true)
            {
                var part = await socket.ReceiveAsync(message.GetMemory(4_096), outbox.Gone);
                if (part.MessageType == WebSocketMessageType.Close)
                {
                    await outbox.CloseAsync(SocketClose.Normal, "Normal Closure");
                    return null;
                }

                message.Advance(part.Count);
                if (message.WrittenCount > MessageBytesMax)
                    throw new SocketFault(SocketClose.MessageTooBig, "Message too big");
                if (!part.EndOfMessage)
                    continue;
                return part.MessageType == WebSocketMessageType.Text
                    ? Strict.GetString(message.WrittenSpan)
                    : throw new SocketFault(SocketClose.BadRequest, "Messages must be text");
            }
        }
        catch (DecoderFallbackException)
        {
            throw new SocketFault(SocketClose.BadRequest, "Messages must be UTF-8");
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>Reads on to the client's goodbye, whatever else it says.</summary>
    public async Task DrainAsync()
    {
        try
        {
            while (await ReadAsync() is not null)
            {
            }
        }
        catch (SocketFault)
        {
            // It had its reason already.
        }
    }
}

using System.Net.WebSockets;
using System.Text;
using GraphQL;
using GraphQL.Transport;

namespace Grants.Service.Api.Transports;

/// <summary>
/// Sends messages of one socket, one at a time. There is no queue: whoever has something to say waits for its turn, and makes
/// nothing more meanwhile, so that a slow client holds one message an operation.
/// </summary>
internal sealed class SocketOutbox : IDisposable
{
    private const int ReasonBytesMax = 123;

    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(5);

    private readonly WebSocket socket;
    private readonly IGraphQLTextSerializer serializer;
    private readonly TimeSpan patience;
    private readonly SemaphoreSlim turn = new(1);
    private readonly CancellationTokenSource gone = new();
    private bool isClosed;

    /// <param name="patience">How long the client may take to accept one message; then the socket is aborted.</param>
    public SocketOutbox(WebSocket socket, IGraphQLTextSerializer serializer, TimeSpan patience)
    {
        (this.socket, this.serializer, this.patience) = (socket, serializer, patience);
        Gone = gone.Token;
    }

    /// <summary>Cancelled when the socket is of no use any more.</summary>
    public CancellationToken Gone { get; }

    /// <param name="isWanted">Asked when it is the message's turn.</param>
    public async Task SendAsync(OperationMessage message, Func<bool>? isWanted = null)
    {
        var bytes = Encoding.UTF8.GetBytes(serializer.Serialize(message));
        await turn.WaitAsync(Gone);
        try
        {
            if (isClosed || isWanted?.Invoke() == false)
                return;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(Gone);
            limit.CancelAfter(patience);
            await socket.SendAsync(bytes, WebSocketMessageType.Text, endOfMessage: true, limit.Token);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Says goodbye, once; nothing is sent after it. The client has a few seconds to answer.</summary>
    public async Task CloseAsync(SocketClose code, string reason)
    {
        try
        {
            gone.CancelAfter(Farewell);
            await turn.WaitAsync(Gone);
            try
            {
                if (isClosed)
                    return;
                isClosed = true;
                var text = Encoding.UTF8.GetByteCount(reason) <= ReasonBytesMax ? reason : code.ToString();
                await socket.CloseOutputAsync((WebSocketCloseStatus)code, text, Gone);
            }
            finally
            {
                turn.Release();
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            // It ended before we could say so.
        }
    }

    public void Leave() => gone.Cancel();

    public void Dispose()
    {
        gone.Dispose();
        turn.Dispose();
    }
}

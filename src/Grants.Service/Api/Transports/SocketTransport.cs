using GraphQL;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api.Transports;

/// <summary>Takes WebSockets of the sub-protocol graphql-transport-ws.</summary>
public sealed class SocketTransport(
    OperationRunner operations,
    IGraphQLTextSerializer serializer,
    IOptions<TransportOptions> options,
    IHostApplicationLifetime lifetime,
    ILogger<SocketTransport> log)
{
    public const string Protocol = "graphql-transport-ws";

    /// <summary>Serves a socket until it ends.</summary>
    public async Task AnswerAsync(HttpContext http, Client stranger, FindSession sessions)
    {
        var speaks = http.WebSockets.WebSocketRequestedProtocols.Contains(Protocol);
        var alive = TimeSpan.FromSeconds(options.Value.KeepAliveSeconds);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = speaks ? Protocol : null,
            KeepAliveInterval = alive,
            KeepAliveTimeout = alive,
        });
        using var outbox = new SocketOutbox(socket, serializer, TimeSpan.FromSeconds(options.Value.SendSeconds));
        // Only an accepted socket can carry the code that says what is wrong with it.
        if (!speaks)
            await outbox.CloseAsync(SocketClose.SubprotocolNotAcceptable, "Subprotocol not acceptable");
        await using var connection = new SocketConnection(outbox, operations, serializer, stranger, sessions, options.Value, log);
        using var stopping = lifetime.ApplicationStopping.Register(() => _ = outbox.CloseAsync(SocketClose.GoingAway, "Going away"));
        await connection.ServeAsync(new SocketInbox(socket, outbox));
    }
}

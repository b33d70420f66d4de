using System.Text.Json;
using GraphQL;
using GraphQL.Transport;

namespace Grants.Service.Api.Transports;

/// <summary>Close codes of graphql-transport-ws (github.com/enisdenjo/graphql-ws, PROTOCOL.md) and RFC 6455, section 7.4.</summary>
internal enum SocketClose
{
    Normal = 1000,
    GoingAway = 1001,
    MessageTooBig = 1009,
    BadRequest = 4400,
    Unauthorized = 4401,
    Forbidden = 4403,
    SubprotocolNotAcceptable = 4406,
    ConnectionInitialisationTimeout = 4408,
    SubscriberAlreadyExists = 4409,
    TooManyInitialisationRequests = 4429,
    InternalServerError = 4500,
}

/// <summary>The client broke the protocol: the socket is closed with this code and reason.</summary>
internal sealed class SocketFault(SocketClose code, string reason) : Exception(reason)
{
    public SocketClose Code { get; } = code;
}

/// <summary>A message of the client.</summary>
internal abstract record SocketMessage
{
    /// <param name="Authorization">As in the header of HTTP; null where the client does not sign in.</param>
    public sealed record Init(string? Authorization) : SocketMessage;

    public sealed record Ping(object? Payload) : SocketMessage;

    public sealed record Pong : SocketMessage;

    public sealed record Subscribe(string Id, GraphQLRequest Request) : SocketMessage;

    public sealed record Complete(string Id) : SocketMessage;

    /// <exception cref="SocketFault">The text is no message of the protocol.</exception>
    public static SocketMessage Read(string text, IGraphQLTextSerializer serializer)
    {
        try
        {
            var message = serializer.Deserialize<OperationMessage>(text);
            return message?.Type switch
            {
                "connection_init" => new Init(AuthorizationOf(message.Payload as JsonElement?)),
                "ping" => new Ping(message.Payload),
                "pong" => new Pong(),
                "subscribe" when message.Id is { Length: > 0 } id
                    && message.Payload is JsonElement payload
                    && RequestJson.Read(payload, serializer) is { } request
                    && (request.Query is not null || request.DocumentId is not null) => new Subscribe(id, request),
                "complete" when message.Id is { Length: > 0 } id => new Complete(id),
                _ => throw new SocketFault(SocketClose.BadRequest, "Invalid message received"),
            };
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            throw new SocketFault(SocketClose.BadRequest, "Invalid message received");
        }
    }

    private static string? AuthorizationOf(JsonElement? payload) => payload?.ValueKind switch
    {
        null or JsonValueKind.Null => null,
        JsonValueKind.Object => payload.Value.TryGetProperty("authorization", out var authorization) ? authorization.GetString() : null,
        _ => throw new SocketFault(SocketClose.BadRequest, "The payload of connection_init must be an object"),
    };
}

namespace Grants.Service.Api.Transports;

/// <summary>Bounds of the long connections, WebSockets and event streams. Section <c>Transports</c>.</summary>
public sealed class TransportOptions
{
    /// <summary>Origins besides the service's own whose pages may connect, as in <c>https://app.example.org</c>.</summary>
    public string[] Origins { get; set; } = [];

    public int Connections { get; set; } = 10_000;

    /// <summary>Of one IPv4 address, or one IPv6 network of 64 bits. Behind a proxy that is the proxy's: set it higher there.</summary>
    public int ConnectionsPerAddress { get; set; } = 100;

    /// <summary>Operations that run at the same time in one WebSocket.</summary>
    public int OperationsPerConnection { get; set; } = 50;

    /// <summary>How long a WebSocket may stay without <c>connection_init</c>, seconds.</summary>
    public int InitSeconds { get; set; } = 10;

    /// <summary>How long a client may take to accept one message before it is dropped, seconds.</summary>
    public int SendSeconds { get; set; } = 30;

    /// <summary>After how much silence the other side is asked for a sign of life, seconds.</summary>
    public int KeepAliveSeconds { get; set; } = 15;
}

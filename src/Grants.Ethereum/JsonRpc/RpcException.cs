using System.Net;

namespace Grants.Ethereum.JsonRpc;

/// <summary>A request of JSON-RPC 2.0 to a node failed.</summary>
public abstract class RpcException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The node answered with an error of JSON-RPC 2.0: it understood the request and refuses it.</summary>
public sealed class RpcErrorException(int code, string message, byte[]? revertData = null) : RpcException(message)
{
    /// <summary>The code of JSON-RPC 2.0 or EIP-1474; 3 where a call reverted.</summary>
    public int Code => code;

    /// <summary>What the contract reverted with, where the node says it.</summary>
    public byte[]? RevertData => revertData;
}

/// <summary>No usable answer: time ran out, HTTP failed, or the answer is not of JSON-RPC 2.0 or EIP-1474.</summary>
public class RpcTransportException(string message, Exception? inner = null, HttpStatusCode? status = null)
    : RpcException(message, inner)
{
    /// <summary>The status of HTTP, where it is what failed.</summary>
    public HttpStatusCode? Status => status;

    /// <summary>How long the node asks to be left alone (Retry-After of RFC 9110), where it does.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same request may succeed later: not where it was too large or refused by its status.</summary>
    public bool IsTransient { get; init; } = true;
}

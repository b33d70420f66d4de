using System.Text.Json;

namespace Grants.Ethereum.JsonRpc;

/// <summary>A request of a batch: any method of JSON-RPC 2.0 with its parameters by position.</summary>
/// <param name="Method">The name, such as <c>eth_call</c>.</param>
/// <param name="Parameters">Values that are written as JSON.</param>
public sealed record RpcRequest(string Method, params object?[] Parameters);

/// <summary>What a node said to one request of a batch of JSON-RPC 2.0: a result or an error.</summary>
public sealed record RpcOutcome
{
    private readonly JsonElement result;

    internal RpcOutcome(JsonElement result) => this.result = result;

    internal RpcOutcome(RpcErrorException error) => Error = error;

    /// <summary>Why the node refuses this request; null where it does not.</summary>
    public RpcErrorException? Error { get; }

    /// <summary>The result.</summary>
    /// <exception cref="RpcErrorException">The node refuses this request.</exception>
    public JsonElement Result => Error is null ? result : throw Error;
}

using System.Text.Json.Nodes;

namespace Grants.Chaos;

/// <summary>A request of JSON-RPC on its way to the node. A fault may ask on with another.</summary>
/// <param name="Method">The name of the method.</param>
/// <param name="Parameters">By position.</param>
public sealed record RpcCall(string Method, JsonArray Parameters)
{
    /// <summary>Of the HTTP request that it came in, counted from 1: calls of one batch have the same.</summary>
    public long Body { get; init; }

    public static RpcCall Of(string method, params JsonNode?[] parameters) => new(method, new JsonArray(parameters));

    /// <summary>A parameter as text; null where there is none or it is something else.</summary>
    public string? Text(int index) =>
        index < Parameters.Count && Parameters[index] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    /// <summary>The same method with one parameter replaced.</summary>
    public RpcCall With(int index, JsonNode? value)
    {
        var parameters = Parameters.DeepClone().AsArray();
        parameters[index] = value;
        return this with { Parameters = parameters };
    }
}

/// <summary>What comes back to the client.</summary>
public abstract record RpcReply
{
    private RpcReply()
    {
    }

    /// <summary>A result, which may be null.</summary>
    public sealed record Result(JsonNode? Value) : RpcReply;

    /// <summary>An error of JSON-RPC.</summary>
    public sealed record Error(int Code, string Message, JsonNode? Data = null) : RpcReply;

    /// <summary>Any bytes under any status: a balancer's page, half an answer. In a batch it takes the place of the whole answer.</summary>
    public sealed record Page(int Status, string Body, string ContentType = "text/html", int? RetryAfterSeconds = null) : RpcReply;

    /// <summary>The connection ends without an answer.</summary>
    public sealed record Severed : RpcReply;
}

/// <summary>Asks on: the next fault, and after the last one the node.</summary>
public delegate Task<RpcReply> Ask(RpcCall call);

/// <summary>Answers a call, in the node's place or with what the node answers.</summary>
/// <param name="call">What the client asks.</param>
/// <param name="ask">Asks on, as often as the fault likes, whatever it likes.</param>
/// <param name="gone">Ends when the client gives up.</param>
public delegate Task<RpcReply> Fault(RpcCall call, Ask ask, CancellationToken gone);

/// <summary>A call that came, and what became of it.</summary>
/// <param name="Number">Calls before it.</param>
/// <param name="At">Since the proxy started.</param>
/// <param name="Call">What the client asked.</param>
/// <param name="Reply">What it was told.</param>
public sealed record RecordedCall(int Number, TimeSpan At, RpcCall Call, RpcReply Reply);

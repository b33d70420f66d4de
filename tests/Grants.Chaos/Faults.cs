using System.Text.Json.Nodes;

namespace Grants.Chaos;

/// <summary>What may happen to any call on the wire, and what a fault is put together from.</summary>
public static class Faults
{
    /// <summary>The fault for these methods only.</summary>
    public static Fault For(Fault fault, params string[] methods) => When(call => methods.Contains(call.Method), fault);

    /// <summary>The fault for some calls only.</summary>
    public static Fault When(Func<RpcCall, bool> applies, Fault fault) =>
        (call, ask, gone) => applies(call) ? fault(call, ask, gone) : ask(call);

    /// <summary>The fault the first so many times that it comes up; put it inside of <see cref="For"/>.</summary>
    public static Fault Times(int times, Fault fault)
    {
        var left = times;
        return (call, ask, gone) => Interlocked.Decrement(ref left) >= 0 ? fault(call, ask, gone) : ask(call);
    }

    /// <summary>The fault every so many times that it comes up: 3 for the third, the sixth and so on.</summary>
    public static Fault Every(int times, Fault fault)
    {
        var count = 0;
        return (call, ask, gone) => Interlocked.Increment(ref count) % times == 0 ? fault(call, ask, gone) : ask(call);
    }

    /// <summary>The fault in so many of a hundred requests, batches as a whole, by chance.</summary>
    public static Fault Often(int percent, int seed, Fault fault)
    {
        var shift = new Random(seed).Next(0, 1 << 20);
        return (call, ask, gone) => new Random((int)(call.Body + shift)).Next(100) < percent ? fault(call, ask, gone) : ask(call);
    }

    /// <summary>The answer comes late.</summary>
    public static Fault Delay(TimeSpan time) => async (call, ask, gone) =>
    {
        await Task.Delay(time, gone);
        return await ask(call);
    };

    /// <summary>No answer at all, for as long as the client waits.</summary>
    public static Fault Silence() => async (_, _, gone) =>
    {
        await Task.Delay(Timeout.Infinite, gone);
        return new RpcReply.Severed();
    };

    /// <summary>The connection breaks before the node hears of the call.</summary>
    public static Fault Drop() => (_, _, _) => Task.FromResult<RpcReply>(new RpcReply.Severed());

    /// <summary>The node hears of the call and answers, and the answer is lost.</summary>
    public static Fault LoseAnswer() => async (call, ask, _) =>
    {
        await ask(call);
        return new RpcReply.Severed();
    };

    /// <summary>An error of JSON-RPC; the node hears nothing.</summary>
    public static Fault Refuse(int code, string message) => (_, _, _) => Task.FromResult<RpcReply>(new RpcReply.Error(code, message));

    /// <summary>A page in the answer's place: 429, 503, a login form.</summary>
    public static Fault Page(int status, string body, int? retryAfterSeconds = null) =>
        (_, _, _) => Task.FromResult<RpcReply>(new RpcReply.Page(status, body, RetryAfterSeconds: retryAfterSeconds));

    /// <summary>A result in the answer's place; the node hears nothing.</summary>
    public static Fault Answer(JsonNode? result) => (_, _, _) => Task.FromResult<RpcReply>(new RpcReply.Result(result?.DeepClone()));

    /// <summary>The node's result, changed; errors and nulls pass.</summary>
    public static Fault Change(Action<RpcCall, JsonNode> change) => async (call, ask, _) =>
    {
        var reply = await ask(call);
        if (reply is RpcReply.Result { Value: { } value })
            change(call, value);
        return reply;
    };
}

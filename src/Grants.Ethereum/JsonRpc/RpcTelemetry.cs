using System.Diagnostics;

namespace Grants.Ethereum.JsonRpc;

/// <summary>
/// Spans of requests, by the conventions of OpenTelemetry for RPC. They name the method and the endpoint's host and nothing
/// else of it: its path and query often hold a key.
/// </summary>
public static class RpcTelemetry
{
    /// <summary>The name of the <see cref="ActivitySource"/>.</summary>
    public const string SourceName = "Grants.Ethereum";

    private static readonly ActivitySource Source = new(SourceName);

    internal static Activity? Start(string method, string host)
    {
        var span = Source.StartActivity(method, ActivityKind.Client);
        span?.SetTag("rpc.system", "jsonrpc").SetTag("rpc.method", method).SetTag("server.address", host);
        return span;
    }

    /// <summary>The kind of failure; messages may quote an answer and are left out.</summary>
    internal static void Fail(Activity? span, Exception failure)
    {
        if (failure is RpcErrorException refusal)
            span?.SetTag("rpc.jsonrpc.error_code", refusal.Code);
        span?.SetTag("error.type", failure.GetType().Name).SetStatus(ActivityStatusCode.Error);
    }
}

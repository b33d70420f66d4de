using System.Text.Json;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>The answer object of JSON-RPC 2.0. Every departure from the standard throws.</summary>
internal static class RpcAnswer
{
    public const string Version = "2.0";
    public const int DeepestNesting = 32;
    private const int LongestMessage = 500;

    public static readonly JsonDocumentOptions Options = new() { MaxDepth = DeepestNesting, AllowDuplicateProperties = false };

    /// <summary>The body of a request.</summary>
    public static Dictionary<string, object> Request(long id, string method, object?[] parameters) =>
        new() { ["jsonrpc"] = Version, ["id"] = id, ["method"] = method, ["params"] = parameters };

    /// <summary>Whether an exception says that an answer has another shape.</summary>
    public static bool IsMalformed(Exception wrong) => wrong is JsonException or FormatException or InvalidOperationException
        or KeyNotFoundException or OverflowException;

    public static RpcTransportException Malformed(string method, Exception wrong) =>
        new($"The answer to {method} is malformed: {wrong.Message}", wrong);

    /// <exception cref="RpcErrorException">The node refuses.</exception>
    public static JsonElement Result(JsonElement answer, long id)
    {
        if (answer.GetProperty("id").GetInt64() != id)
            throw new FormatException("It answers another request.");
        return Result(answer);
    }

    /// <summary>The result, whichever request it is for.</summary>
    /// <exception cref="RpcErrorException">The node refuses.</exception>
    public static JsonElement Result(JsonElement answer)
    {
        if (answer.GetProperty("jsonrpc").GetString() != Version)
            throw new FormatException("It is not of JSON-RPC 2.0.");
        var hasResult = answer.TryGetProperty("result", out var result);
        if (!answer.TryGetProperty("error", out var error) || (hasResult && RpcValue.IsNull(error)))
            return hasResult ? result : throw new FormatException("It has neither result nor error.");
        if (hasResult && !RpcValue.IsNull(result))
            throw new FormatException("It has both result and error.");
        throw Error(error);
    }

    public static RpcErrorException Error(JsonElement error)
    {
        var message = error.GetProperty("message").GetString() ?? "";
        return new RpcErrorException(
            error.GetProperty("code").GetInt32(),
            message.Length <= LongestMessage ? message : message[..LongestMessage],
            error.TryGetProperty("data", out var data) ? RevertData(data) : null);
    }

    /// <summary>Nodes give it as text, as text after "Reverted ", or in an object of their own.</summary>
    private static byte[]? RevertData(JsonElement data) => data.ValueKind switch
    {
        JsonValueKind.String => Hex.TryParse(data.GetString()!.Replace("Reverted ", "", StringComparison.Ordinal), out var bytes)
            ? bytes
            : null,
        JsonValueKind.Object when data.TryGetProperty("data", out var inner) => RevertData(inner),
        _ => null,
    };
}

using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;

namespace Grants.Ethereum.Tests.Following;

/// <summary>
/// Stands for what lies between us and a node: a balancer whose backend is behind, a provider with limits. It sees each
/// request and may answer in the node's place; where it returns null the node answers.
/// </summary>
public sealed class ChangedAnswers(Func<string, JsonArray, Func<Task<JsonNode?>>, Task<JsonNode?>> answer)
    : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>
    /// A node that has not heard of blocks above a height yet; below it, it answers as the other does.
    /// </summary>
    public static ChangedAnswers Behind(Func<long> height, int finalDepth = 2) => new(async (method, parameters, ask) =>
    {
        switch (method)
        {
            case "eth_getBlockByNumber" when parameters[0]!.GetValue<string>() is "latest" or "finalized":
                var back = parameters[0]!.GetValue<string>() == "latest" ? 0 : finalDepth;
                parameters[0] = $"0x{Math.Max(0, height() - back):x}";
                return Result(await ask());
            case "eth_getBlockByNumber" or "eth_getBlockByHash":
                var block = Result(await ask());
                return block is null || Convert.ToInt64(block["number"]!.GetValue<string>(), 16) > height() ? null : block;
            default:
                return Result(await ask());
        }
    });

    /// <summary>A node that refuses questions for the logs of more blocks than that.</summary>
    public static ChangedAnswers LimitedTo(int blocks) => new(async (method, parameters, ask) =>
    {
        if (method == "eth_getLogs" && parameters[0]!["fromBlock"] is { } from)
        {
            var count = Number(parameters[0]!["toBlock"]!) - Number(from) + 1;
            if (count > blocks)
                throw new RefusedException($"limited to a {blocks} range");
        }

        return Result(await ask());
    });

    /// <summary>A node that answers some questions for logs with nothing at first.</summary>
    public static ChangedAnswers ForgettingOnce(Func<JsonNode, bool> forgets)
    {
        var forgotten = new ConcurrentDictionary<string, bool>(); // the follower asks side by side
        return new ChangedAnswers(async (method, parameters, ask) =>
            method == "eth_getLogs" && forgets(parameters[0]!) && forgotten.TryAdd(parameters.ToJsonString(), true)
                ? new JsonArray()
                : Result(await ask()));
    }

    private static long Number(JsonNode quantity) => Convert.ToInt64(quantity.GetValue<string>(), 16);

    private static JsonNode? Result(JsonNode? whole) => whole?["result"]?.DeepClone();

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var body = JsonNode.Parse(await request.Content!.ReadAsStringAsync(cancellationToken))!.AsObject();
        var reply = new JsonObject { ["jsonrpc"] = "2.0", ["id"] = body["id"]!.DeepClone() };
        try
        {
            reply["result"] = await answer(body["method"]!.GetValue<string>(), body["params"]!.AsArray(), AskAsync);
        }
        catch (RefusedException refused)
        {
            reply["error"] = new JsonObject { ["code"] = -32005, ["message"] = refused.Message };
        }

        return new HttpResponseMessage { Content = new StringContent(reply.ToJsonString(), Encoding.UTF8, "application/json") };

        async Task<JsonNode?> AskAsync()
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            using var response = await base.SendAsync(request, cancellationToken);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        }
    }

    private sealed class RefusedException(string message) : Exception(message);
}

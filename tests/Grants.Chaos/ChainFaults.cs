using System.Globalization;
using System.Text.Json.Nodes;

namespace Grants.Chaos;

/// <summary>How a node's view of the chain may be behind, incomplete or forged. Blocks and logs are JSON as in EIP-1474.</summary>
public static class ChainFaults
{
    private static readonly string[] MovingTags = ["latest", "pending", "safe", "finalized"];

    /// <summary>
    /// A node that has not heard of the last blocks: its tags are as many lower, the blocks are null, and questions for their logs
    /// are answered with an empty list, as a balancer's backend does that lags.
    /// </summary>
    /// <param name="blocks">How many, asked anew at each call.</param>
    public static Fault Behind(Func<long> blocks) => async (call, ask, _) =>
    {
        var lag = blocks();
        if (lag == 0)
            return await ask(call);
        var height = Math.Max(0, await HeadAsync(ask) - lag);
        switch (call.Method)
        {
            case "eth_blockNumber":
                return Of(Quantity(height));
            case "eth_getBlockByNumber" when MovingTags.Contains(call.Text(0)):
                var tagged = await ask(call);
                return Number(tagged) is { } number ? await ask(call.With(0, Quantity(Math.Max(0, number - lag)))) : tagged;
            case "eth_getBlockByNumber" or "eth_getBlockByHash" or "eth_getBlockReceipts":
                var block = await ask(call);
                return Number(block) > height ? Of(null) : block;
            case "eth_getLogs":
                return Without(await ask(call), log => Number(log["blockNumber"]!) > height);
            default:
                return await ask(call);
        }
    };

    /// <summary>A node whose final block is another than the true one; null for a node that does not know of one.</summary>
    /// <param name="number">The reported number, from the true one.</param>
    public static Fault FinalizedAt(Func<long, long?> number) => Faults.When(
        call => call is { Method: "eth_getBlockByNumber" } && call.Text(0) == "finalized",
        async (call, ask, _) => Number(await ask(call)) is { } truly && number(truly) is { } reported
            ? await ask(call.With(0, Quantity(reported)))
            : Of(null));

    /// <summary>A node whose final block does not move any more.</summary>
    public static Fault FinalizedStalls()
    {
        long? first = null;
        return FinalizedAt(truly => first ??= truly);
    }

    /// <summary>A node that leaves logs out of what it answers to eth_getLogs.</summary>
    public static Fault OmitLogs(Func<JsonNode, bool> omitted) =>
        Faults.For(async (call, ask, _) => Without(await ask(call), omitted), "eth_getLogs");

    /// <summary>A node that changes logs, in lists and in receipts alike; their blocks' headers stay.</summary>
    public static Fault ForgeLogs(Action<JsonNode> forge) => Faults.Change((call, result) =>
    {
        foreach (var log in LogsIn(call, result))
            forge(log);
    });

    /// <summary>A node that changes receipts, asked for one by one or by block.</summary>
    public static Fault WrongReceipts(Action<JsonNode> change) => Faults.Change((call, result) =>
    {
        if (call.Method == "eth_getTransactionReceipt")
            change(result);
        if (call.Method == "eth_getBlockReceipts")
            result.AsArray().ToList().ForEach(receipt => change(receipt!));
    });

    /// <summary>A node that refuses questions for the logs of more blocks than that, in a provider's words.</summary>
    public static Fault LimitedTo(int blocks, int code, string message) => Faults.When(
        call => call.Method == "eth_getLogs" && call.Parameters[0]!["fromBlock"] is { } from
            && Number(call.Parameters[0]!["toBlock"]!) - Number(from) + 1 > blocks,
        Faults.Refuse(code, message));

    /// <summary>A quantity of EIP-1474.</summary>
    public static string Quantity(long number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    /// <summary>Reads a quantity of EIP-1474.</summary>
    public static long Number(JsonNode quantity) => Convert.ToInt64(quantity.GetValue<string>(), 16);

    private static async Task<long> HeadAsync(Ask ask) =>
        await ask(RpcCall.Of("eth_blockNumber")) is RpcReply.Result { Value: { } number } ? Number(number) : 0;

    private static long? Number(RpcReply reply) => reply is not RpcReply.Result { Value: { } value }
        ? null
        : value switch
        {
            JsonObject block => Number(block["number"]!),
            JsonArray { Count: > 0 } receipts => Number(receipts[0]!["blockNumber"]!),
            _ => null,
        };

    private static RpcReply Without(RpcReply reply, Func<JsonNode, bool> omitted)
    {
        if (reply is RpcReply.Result { Value: JsonArray logs })
        {
            for (var i = logs.Count - 1; i >= 0; i--)
            {
                if (omitted(logs[i]!))
                    logs.RemoveAt(i);
            }
        }

        return reply;
    }

    private static IEnumerable<JsonNode> LogsIn(RpcCall call, JsonNode result) => call.Method switch
    {
        "eth_getLogs" => result.AsArray().Select(log => log!),
        "eth_getTransactionReceipt" => result["logs"]!.AsArray().Select(log => log!),
        "eth_getBlockReceipts" => result.AsArray().SelectMany(receipt => receipt!["logs"]!.AsArray()).Select(log => log!),
        _ => [],
    };

    private static RpcReply.Result Of(JsonNode? value) => new(value);
}

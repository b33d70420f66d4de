using System.Text.Json;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>The answer to a batch of JSON-RPC 2.0, section 6.</summary>
internal static class BatchAnswer
{
    /// <summary>What nodes take in one body by default.</summary>
    public const int MostRequests = 1000;

    /// <summary>Outcomes in the order of the requests, whose ids count up from the first.</summary>
    /// <exception cref="FormatException">An answer is missing, comes twice or is for another request.</exception>
    /// <exception cref="RpcErrorException">The node refuses the batch as a whole.</exception>
    public static IReadOnlyList<RpcOutcome> Sort(JsonElement root, long firstId, int count)
    {
        if (root.ValueKind == JsonValueKind.Object)
            throw new FormatException($"A batch was answered with a single result: {RpcAnswer.Result(root).ValueKind}.");
        if (root.GetArrayLength() != count)
            throw new FormatException($"{count} requests have {root.GetArrayLength()} answers.");
        var outcomes = new RpcOutcome?[count];
        foreach (var answer in root.EnumerateArray())
        {
            var id = answer.GetProperty("id").GetInt64();
            if (id < firstId || id - firstId >= count)
                throw new FormatException("An answer is for another request.");
            ref var outcome = ref outcomes[id - firstId];
            if (outcome is not null)
                throw new FormatException("A request has two answers.");
            outcome = Read(answer);
        }

        return outcomes!;
    }

    private static RpcOutcome Read(JsonElement answer)
    {
        try
        {
            return new RpcOutcome(RpcAnswer.Result(answer).Clone());
        }
        catch (RpcErrorException refusal)
        {
            return new RpcOutcome(refusal);
        }
    }
}

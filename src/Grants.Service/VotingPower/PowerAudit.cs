using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Primitives;

namespace Grants.Service.VotingPower;

/// <summary>A vote's power once more, from other logs than the service's own.</summary>
public static class PowerAudit
{
    /// <summary>
    /// Folds the power from the given logs and the recorded answers, and asks the node for the recorded answers again, where it still
    /// has the state of the block.
    /// </summary>
    /// <param name="rules">With which the vote opened.</param>
    /// <param name="block">The snapshot block.</param>
    /// <param name="evidence">The recorded answers of the vote, in their order.</param>
    /// <param name="logs">Of the node, say.</param>
    /// <param name="node">Answers at the snapshot block.</param>
    /// <returns>The power, or a sentence that says what contradicts it.</returns>
    public static async Task<(MaterialisedPower? Power, string? Problem)> RecomputeAsync(
        PowerRules rules, BlockRef block, IReadOnlyList<PowerReading> evidence, LogSource logs, CallSource node)
    {
        if (await RecordedAnswers.FirstFalseAsync(evidence, node) is { } wrong)
            return (null, $"{wrong.Contract} answers {wrong.Call} otherwise than recorded.");
        var (power, rejection) = await new PowerReader(logs, RecordedAnswers.Of(evidence)).ReadAsync(rules, block);
        return (power, rejection?.Message);
    }
}

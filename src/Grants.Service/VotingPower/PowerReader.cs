using Grants.Domain.VotingPower.Strategies;
using Grants.Domain;
using Grants.Domain.VotingPower;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.VotingPower.Reading;

namespace Grants.Service.VotingPower;

/// <summary>Everybody's voting power at a block.</summary>
/// <param name="Snapshot">Who has how much.</param>
/// <param name="Supply">What a quorum by share is a share of, base units.</param>
/// <param name="Block">When.</param>
/// <param name="Readings">What contracts answered, for whoever comes after; see <see cref="PowerEvidenceRecorded"/>.</param>
public sealed record MaterialisedPower(PowerSnapshot Snapshot, UInt256 Supply, BlockRef Block, IReadOnlyList<PowerReading> Readings);

/// <summary>
/// Voting power from the logs and answers of any source: the service reads what it indexed and asks the node, the audit reads what the
/// node says and takes the recorded answers, and both come to the same by the same folds.
/// </summary>
public sealed class PowerReader(LogSource logs, CallSource calls)
{
    /// <summary>Everybody's power under the rules, from all logs up to the block and the answers at it.</summary>
    /// <returns>The power, or why it cannot be told: <c>POWER_INCONSISTENT</c>, <c>POWER_NOT_READABLE</c>.</returns>
    public async Task<(MaterialisedPower? Power, Rejection? Rejection)> ReadAsync(PowerRules rules, BlockRef block)
    {
        var questions = new PowerQuestions(calls);
        var strategies = new StrategyReader(new PowerLogs(logs, block.Number), questions, OwnContracts.Of(rules));
        var parts = new List<StrategyPower>();
        foreach (var strategy in rules.Strategies)
        {
            try
            {
                var (part, rejection) = await strategies.ReadAsync(strategy);
                if (part is null)
                    return (null, rejection);
                parts.Add(part);
            }
            catch (RpcTransportException)
            {
                return (null, new PowerNotReadable(strategy.Contract));
            }
        }

        return WeightedPower.Of(rules, parts) is { } power
            ? (new MaterialisedPower(power.Snapshot, power.Supply, block, questions.Readings), null)
            : (null, new PowerInconsistent(rules.Strategies[0].Contract, "the weighted supplies are above 2^256 - 1."));
    }
}

using System.Collections.Frozen;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Contracts.Adapters;

/// <summary>
/// Reads the logs of one kind of contract. Signatures collide between kinds, and the same signature with other parameters indexed
/// between versions (contract ABI specification, "Events"): so a contract is read by the adapter of its kind only, and within one
/// kind first topic and number of topics together tell the event.
/// </summary>
public sealed class ContractAdapter
{
    private readonly FrozenDictionary<(Hash32 Topic0, int Topics), LogType> types;

    internal ContractAdapter(params IReadOnlyList<LogType> types)
    {
        Types = types;
        this.types = types.ToFrozenDictionary(type => (type.Event.Topic0, type.Event.TopicCount));
    }

    /// <summary>What is read of the kind.</summary>
    public IReadOnlyList<LogType> Types { get; }

    /// <summary>
    /// The log as a typed value; null for an event that is not read, and for topics or data that Solidity does not emit for the
    /// event that they name. Whatever the log holds, nothing is thrown.
    /// </summary>
    public ContractLog? Read(RpcLog log) =>
        log.Topics.Count > 0 && types.TryGetValue((log.Topics[0], log.Topics.Count), out var type) ? type.Read(log) : null;
}

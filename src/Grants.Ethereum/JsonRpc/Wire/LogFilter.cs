using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>Which logs are wanted. No addresses or topics given means any.</summary>
internal sealed class LogFilter(IReadOnlyCollection<Address>? addresses, IReadOnlyCollection<Hash32>? topics0)
{
    private readonly HashSet<Address>? wantedAddresses = addresses?.ToHashSet();
    private readonly HashSet<Hash32>? wantedTopics = topics0?.ToHashSet();

    /// <summary>Whether no log can pass. To a node an empty list means any, so it must not be asked.</summary>
    public bool IsNothing => addresses is { Count: 0 } || topics0 is { Count: 0 };

    /// <summary>Whether a log passes. Nodes are not trusted to have filtered.</summary>
    public bool Asks(RpcLog log) => (wantedAddresses is null || wantedAddresses.Contains(log.Address))
        && (wantedTopics is null || (log.Topics.Count > 0 && wantedTopics.Contains(log.Topics[0])));

    /// <summary>The filter object of a request, after the members that bound the blocks.</summary>
    public Dictionary<string, object> ToParameter(params ReadOnlySpan<(string Name, string Value)> bounds)
    {
        var filter = new Dictionary<string, object>();
        foreach (var (name, value) in bounds)
            filter[name] = value;
        if (addresses is not null)
            filter["address"] = addresses;
        if (topics0 is not null)
            filter["topics"] = new object[] { topics0 };
        return filter;
    }
}

using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Proofs;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>The addresses whose logs are wanted (the <c>address</c> of a filter of EIP-1474), and what else is known of them.</summary>
public sealed class WatchedAddresses
{
    /// <summary>Filters of more addresses are refused or slow at many providers: then everything is asked for and sorted here.</summary>
    private const int LargestFilter = 500;

    private readonly HashSet<Address> addresses;
    private readonly int[] bloomBits;

    /// <summary>Takes the addresses.</summary>
    /// <param name="addresses">May hold an address twice, and may be empty: then nothing is wanted.</param>
    public WatchedAddresses(IEnumerable<Address> addresses)
    {
        this.addresses = [.. addresses];
        bloomBits = [.. this.addresses.SelectMany(address => LogsBloom.Bits(address.ToBytes()))];
    }

    /// <summary>The filter to send to a node; null asks for the logs of every address.</summary>
    public IReadOnlyList<Address>? Filter => addresses.Count > LargestFilter ? null : [.. addresses];

    /// <summary>Whether the same addresses are wanted.</summary>
    public bool AreThose(WatchedAddresses other) => addresses.SetEquals(other.addresses);

    /// <summary>Whether the logs of the address are wanted.</summary>
    public bool Contains(Address address) => addresses.Contains(address);

    /// <summary>
    /// Whether a header's bloom filter (2048 bits, Yellow Paper 4.4.3) allows a log of one of the addresses. False is
    /// certain; true may be chance.
    /// </summary>
    public bool MayAppearIn(ReadOnlySpan<byte> logsBloom)
    {
        for (var i = 0; i < bloomBits.Length; i += 3)
        {
            if (LogsBloom.IsSet(logsBloom, bloomBits[i])
                && LogsBloom.IsSet(logsBloom, bloomBits[i + 1])
                && LogsBloom.IsSet(logsBloom, bloomBits[i + 2]))
                return true;
        }

        return false;
    }

    /// <summary>The logs of these addresses, in the order in which they come.</summary>
    public IEnumerable<RpcLog> Of(IEnumerable<RpcLog> logs) => logs.Where(log => Contains(log.Address));
}

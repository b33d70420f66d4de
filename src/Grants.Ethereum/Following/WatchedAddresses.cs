using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>The addresses whose logs are wanted.</summary>
public sealed class WatchedAddresses
{
    /// <summary>Filters of more addresses are refused or slow at many providers: then everything is asked for and sorted here.</summary>
    private const int LargestFilter = 500;

    private readonly HashSet<Address> addresses;
    private readonly ushort[] bloomBits;

    public WatchedAddresses(IEnumerable<Address> addresses)
    {
        this.addresses = [.. addresses];
        bloomBits = [.. this.addresses.SelectMany(BloomBits)];
    }

    /// <summary>No address at all.</summary>
    public static WatchedAddresses None { get; } = new([]);

    public bool IsEmpty => addresses.Count == 0;

    public int Count => addresses.Count;

    /// <summary>The filter to send to a node; null asks for the logs of every address.</summary>
    public IReadOnlyList<Address>? Filter => addresses.Count > LargestFilter ? null : [.. addresses];

    public bool Contains(Address address) => addresses.Contains(address);

    /// <summary>
    /// Whether a header's bloom filter (2048 bits, Yellow Paper 4.4.3) allows a log of one of the addresses. False is
    /// certain; true may be chance.
    /// </summary>
    public bool MayAppearIn(ReadOnlySpan<byte> logsBloom)
    {
        for (var i = 0; i < bloomBits.Length; i += 3)
        {
            if (IsSet(logsBloom, bloomBits[i]) && IsSet(logsBloom, bloomBits[i + 1]) && IsSet(logsBloom, bloomBits[i + 2]))
                return true;
        }

        return false;
    }

    /// <summary>The logs of these addresses, by index in their block.</summary>
    public IEnumerable<RpcLog> Of(IEnumerable<RpcLog> logs) =>
        logs.Where(log => Contains(log.Address)).OrderBy(log => log.LogIndex);

    private static bool IsSet(ReadOnlySpan<byte> bloom, ushort bit) => (bloom[255 - (bit / 8)] & (1 << (bit % 8))) != 0;

    /// <summary>The low 11 bits of the first three pairs of bytes of the hash.</summary>
    private static IEnumerable<ushort> BloomBits(Address address)
    {
        var hash = Keccak256.Hash(address.ToBytes()).ToBytes();
        for (var i = 0; i < 6; i += 2)
            yield return (ushort)(((hash[i] << 8) | hash[i + 1]) & 2047);
    }
}

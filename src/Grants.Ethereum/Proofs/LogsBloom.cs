using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>The filter of 2048 bits in receipts and headers (Yellow Paper, 4.4.3).</summary>
public static class LogsBloom
{
    /// <summary>The number of bytes.</summary>
    public const int Length = 256;

    private const int BitsOfEntry = 3;

    /// <summary>The filter in which every address and topic of the logs has set its three bits.</summary>
    public static byte[] Of(IEnumerable<ReceiptLog> logs)
    {
        var bloom = new byte[Length];
        foreach (var log in logs)
        {
            Add(bloom, log.Address.ToBytes());
            foreach (var topic in log.Topics)
                Add(bloom, topic.ToBytes());
        }

        return bloom;
    }

    /// <summary>The three bits of an address or a topic: the low 11 bits of the first three pairs of bytes of its hash.</summary>
    internal static IEnumerable<int> Bits(byte[] entry)
    {
        var hash = Keccak256.Hash(entry).ToBytes();
        for (var i = 0; i < 2 * BitsOfEntry; i += 2)
            yield return ((hash[i] << 8) | hash[i + 1]) & ((Length * 8) - 1);
    }

    internal static bool IsSet(ReadOnlySpan<byte> bloom, int bit) => (bloom[Length - 1 - (bit / 8)] & (1 << (bit % 8))) != 0;

    private static void Add(byte[] bloom, byte[] entry)
    {
        foreach (var bit in Bits(entry))
            bloom[Length - 1 - (bit / 8)] |= (byte)(1 << (bit % 8));
    }
}

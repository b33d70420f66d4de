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
        Span<byte> entry = stackalloc byte[Hash32.Length];
        ReceiptLog? before = null;
        foreach (var log in logs)
        {
            // Logs of one kind come in rows: what the last one has set need not be hashed again.
            if (before?.Address != log.Address)
            {
                log.Address.CopyTo(entry);
                Add(bloom, entry[..Address.Length]);
            }

            for (var i = 0; i < log.Topics.Count; i++)
            {
                if (before?.Topics.Count > i && before.Topics[i] == log.Topics[i])
                    continue;
                log.Topics[i].CopyTo(entry);
                Add(bloom, entry);
            }

            before = log;
        }

        return bloom;
    }

    /// <summary>The three bits of an address or a topic: the low 11 bits of the first three pairs of bytes of its hash.</summary>
    internal static int[] Bits(ReadOnlySpan<byte> entry)
    {
        Span<int> bits = stackalloc int[BitsOfEntry];
        Bits(entry, bits);
        return bits.ToArray();
    }

    internal static bool IsSet(ReadOnlySpan<byte> bloom, int bit) => (bloom[Length - 1 - (bit / 8)] & (1 << (bit % 8))) != 0;

    private static void Bits(ReadOnlySpan<byte> entry, Span<int> bits)
    {
        Span<byte> hash = stackalloc byte[Hash32.Length];
        Keccak256.Hash(entry, hash);
        for (var i = 0; i < BitsOfEntry; i++)
            bits[i] = ((hash[2 * i] << 8) | hash[(2 * i) + 1]) & ((Length * 8) - 1);
    }

    private static void Add(byte[] bloom, ReadOnlySpan<byte> entry)
    {
        Span<int> bits = stackalloc int[BitsOfEntry];
        Bits(entry, bits);
        foreach (var bit in bits)
            bloom[Length - 1 - (bit / 8)] |= (byte)(1 << (bit % 8));
    }
}

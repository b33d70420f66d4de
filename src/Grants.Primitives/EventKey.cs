using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Grants.Primitives;

/// <summary>
/// The place of a log on a chain: the evidence that an event of ours rests on, and the source of its identity.
/// </summary>
/// <param name="ChainId">The EIP-155 chain id.</param>
/// <param name="BlockNumber">The block's height.</param>
/// <param name="BlockHash">The block's hash; with the log index it identifies the log.</param>
/// <param name="TransactionHash">The transaction that emitted it.</param>
/// <param name="LogIndex">The log's index in its block.</param>
public sealed record EventKey(long ChainId, long BlockNumber, Hash32 BlockHash, Hash32 TransactionHash, int LogIndex)
{
    private static readonly Guid Namespace = new("6d1f44e5-8f5c-5b3e-9e0d-5e8f0c2b7a11");

    /// <summary>
    /// UUIDv5 (RFC 9562) of chain, block hash, transaction, log index and <paramref name="purpose"/>. The purpose tells
    /// apart the several events that one log may cause.
    /// </summary>
    public Guid EventId(string purpose)
    {
        var name = Encoding.UTF8.GetBytes(purpose);
        var input = new byte[16 + 8 + 32 + 32 + 4 + name.Length];
        Namespace.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(input.AsSpan(16), ChainId);
        BlockHash.CopyTo(input.AsSpan(24));
        TransactionHash.CopyTo(input.AsSpan(56));
        BinaryPrimitives.WriteInt32BigEndian(input.AsSpan(88), LogIndex);
        name.CopyTo(input.AsSpan(92));
#pragma warning disable CA5350 // RFC 9562 defines version 5 over SHA-1; nothing secret rests on it.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0f) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3f) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }
}

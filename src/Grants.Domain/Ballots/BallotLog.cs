using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Domain.Ballots;

/// <summary>
/// The append-only Merkle log of a proposal's ballots: the tree of RFC 6962 section 2.1 over SHA-256, with leaf prefix
/// 0x00 and node prefix 0x01. Whoever holds a ballot and its proof can see that the published root contains it.
/// </summary>
public static class BallotLog
{
    private static readonly JsonSerializerOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// The leaf of a ballot: SHA-256 of 0x00 and the canonical JSON
    /// <c>{"index","digest","voter","choice","nonce","power","signature"}</c>: the index is a number,
    /// nonce and power are decimal strings.
    /// </summary>
    public static Hash32 Leaf(BallotRecord record)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                index = record.Index,
                digest = record.Digest.ToString(),
                voter = record.Ballot.Voter.ToString(),
                choice = record.Ballot.Choice,
                nonce = record.Ballot.Nonce.ToString(),
                power = record.Power.ToString(),
                signature = record.Signature,
            },
            Canonical);
        return new Hash32(SHA256.HashData([0, .. json]));
    }

    /// <summary>The Merkle tree hash; of no leaves, SHA-256 of nothing.</summary>
    public static Hash32 Root(ReadOnlySpan<Hash32> leaves) => leaves.Length switch
    {
        0 => new Hash32(SHA256.HashData([])),
        1 => leaves[0],
        _ => Node(Root(leaves[..Split(leaves.Length)]), Root(leaves[Split(leaves.Length)..])),
    };

    /// <summary>The audit path of a leaf, from its sibling up (RFC 6962 section 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<Hash32> InclusionProof(ReadOnlySpan<Hash32> leaves, int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, leaves.Length);
        if (leaves.Length == 1)
            return [];
        var split = Split(leaves.Length);
        return index < split
            ? [.. InclusionProof(leaves[..split], index), Root(leaves[split..])]
            : [.. InclusionProof(leaves[split..], index - split), Root(leaves[..split])];
    }

    /// <summary>Whether the path leads from the leaf to the root (RFC 9162 section 2.1.3.2).</summary>
    public static bool Verify(Hash32 leaf, long index, long size, IReadOnlyList<Hash32> proof, Hash32 root)
    {
        if (index < 0 || index >= size)
            return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var sibling in proof)
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = Node(sibling, hash);
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                hash = Node(hash, sibling);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash == root;
    }

    private static Hash32 Node(Hash32 left, Hash32 right) =>
        new(SHA256.HashData([1, .. left.ToBytes(), .. right.ToBytes()]));

    // The largest power of two below the length.
    private static int Split(int length) => 1 << (31 - int.LeadingZeroCount(length - 1));
}

using System.Buffers;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Domain.Ballots;

/// <summary>
/// The append-only Merkle log of a space's ballots: the tree of RFC 6962 section 2.1 over SHA-256, with leaf prefix 0x00 and
/// node prefix 0x01. Whoever holds a ballot and its proof can see that the published root contains it; whoever kept an older
/// root can see that the newer one contains all that the older did.
/// </summary>
public static class BallotLog
{
    private static readonly JsonWriterOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The root of an empty log: SHA-256 of nothing.</summary>
    public static Hash32 EmptyRoot { get; } = new(SHA256.HashData([]));

    /// <summary>
    /// The leaf of a ballot: SHA-256 of 0x00 and the canonical JSON
    /// <c>{"index","vote","digest","voter","choice","nonce","power","signature","kind","acceptedAt"}</c>, without white space, in
    /// this order. index (in the space's log) and acceptedAt (milliseconds since 1970, rounded down) are numbers; nonce and power
    /// are decimal strings; voter is checksummed (EIP-55); kind is <c>ECDSA</c> or <c>ERC1271</c>; the others are as signed, hashes
    /// in lower case. The digest binds all that was signed, the reason included. Strings escape the quotation mark, the
    /// backslash and control characters only.
    /// </summary>
    public static Hash32 Leaf(BallotRecord record)
    {
        var bytes = new ArrayBufferWriter<byte>(768);
        bytes.Write([(byte)0]);
        using (var json = new Utf8JsonWriter(bytes, Canonical))
        {
            json.WriteStartObject();
            json.WriteNumber("index", record.Index);
            json.WriteString("vote", record.Ballot.Proposal.ToString());
            json.WriteString("digest", record.Digest.ToString());
            json.WriteString("voter", record.Ballot.Voter.ToString());
            json.WriteString("choice", record.Ballot.Choice);
            json.WriteString("nonce", record.Ballot.Nonce.ToString());
            json.WriteString("power", record.Power.ToString());
            json.WriteString("signature", record.Signature);
            json.WriteString("kind", NameOf(record.SignatureKind));
            json.WriteNumber("acceptedAt", record.AcceptedAt.ToUnixTimeMilliseconds());
            json.WriteEndObject();
        }

        return new Hash32(SHA256.HashData(bytes.WrittenSpan));
    }

    /// <summary>How a signature was verified, as a leaf and an export write it.</summary>
    public static string NameOf(SignatureKind kind) => kind == SignatureKind.Ecdsa ? "ECDSA" : "ERC1271";

    /// <summary>The hash of an inner node: SHA-256 of 0x01 and its children.</summary>
    public static Hash32 Node(Hash32 left, Hash32 right)
    {
        Span<byte> children = stackalloc byte[1 + (2 * Hash32.Length)];
        children[0] = 1;
        left.CopyTo(children[1..]);
        right.CopyTo(children[(1 + Hash32.Length)..]);
        Span<byte> hash = stackalloc byte[Hash32.Length];
        SHA256.HashData(children, hash);
        return new Hash32(hash);
    }

    /// <summary>The Merkle tree hash; of no leaves, SHA-256 of nothing.</summary>
    public static Hash32 Root(ReadOnlySpan<Hash32> leaves) => leaves.Length switch
    {
        0 => EmptyRoot,
        1 => leaves[0],
        _ => Node(Root(leaves[..(int)LogPath.Split(leaves.Length)]), Root(leaves[(int)LogPath.Split(leaves.Length)..])),
    };

    /// <summary>The audit path of a leaf, from its sibling up (RFC 6962 section 2.1.1).</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such leaf.</exception>
    public static IReadOnlyList<Hash32> InclusionProof(ReadOnlySpan<Hash32> leaves, int index) =>
        Roots(leaves, LogPath.Inclusion(index, leaves.Length));

    /// <summary>The proof that a log of so many of these leaves is the beginning of all of them (RFC 6962 section 2.1.2).</summary>
    /// <exception cref="ArgumentOutOfRangeException">The log was never of that size.</exception>
    public static IReadOnlyList<Hash32> ConsistencyProof(ReadOnlySpan<Hash32> leaves, int from) =>
        Roots(leaves, LogPath.Consistency(from, leaves.Length));

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

    /// <summary>
    /// Whether the proof shows that the older log is the beginning of the newer (RFC 9162 section 2.1.4.2). The empty log is the
    /// beginning of every log, and a log of itself, both without a proof.
    /// </summary>
    public static bool VerifyConsistency(long from, long to, IReadOnlyList<Hash32> proof, Hash32 fromRoot, Hash32 toRoot)
    {
        if (from < 0 || from > to)
            return false;
        if (from == 0 || from == to)
            return proof.Count == 0 && (from == to ? fromRoot == toRoot : fromRoot == EmptyRoot) && (to > 0 || toRoot == EmptyRoot);
        var (node, last) = (from - 1, to - 1);
        while ((node & 1) == 1)
            (node, last) = (node >> 1, last >> 1);

        // Where the older log is one complete subtree, its root is not sent.
        var sent = node == 0 ? 0 : 1;
        if (proof.Count < sent)
            return false;
        var (older, newer) = sent == 0 ? (fromRoot, fromRoot) : (proof[0], proof[0]);
        foreach (var hash in proof.Skip(sent))
        {
            if (last == 0)
                return false;
            if ((node & 1) == 1 || node == last)
            {
                (older, newer) = (Node(hash, older), Node(hash, newer));
                while ((node & 1) == 0 && node != 0)
                    (node, last) = (node >> 1, last >> 1);
            }
            else
            {
                newer = Node(newer, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && older == fromRoot && newer == toRoot;
    }

    private static Hash32[] Roots(ReadOnlySpan<Hash32> leaves, IReadOnlyList<LeafSpan> path)
    {
        var roots = new Hash32[path.Count];
        for (var i = 0; i < roots.Length; i++)
            roots[i] = Root(leaves[(int)path[i].First..(int)path[i].End]);
        return roots;
    }
}

using Grants.Primitives;

namespace Grants.Domain.Ballots.Log;

/// <summary>What the service says of a space's log, and signs with its log key (EIP-712 type <c>TreeHead</c>).</summary>
/// <param name="Size">Leaves.</param>
/// <param name="Root">The Merkle tree hash (RFC 6962) at that size.</param>
/// <param name="Timestamp">Seconds since 1970.</param>
public sealed record TreeHead(string Space, long Size, Hash32 Root, long Timestamp)
{
    public TypedStruct ToTyped() => new(
        "TreeHead",
        [
            new("space", "string", Space),
            new("size", "uint64", (UInt256)Size),
            new("root", "bytes32", Root),
            new("timestamp", "uint64", (UInt256)Timestamp),
        ]);
}

/// <param name="Signature">Hexadecimal: r, s and the recovery value 27 or 28.</param>
public sealed record SignedTreeHead(TreeHead Head, string Signature);

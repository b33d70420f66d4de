using System.Text.Json.Serialization;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Export;

/// <summary>
/// A line of a vote's export: one JSON object in UTF-8 and a line feed. First the manifest, then every leaf of the space's log in
/// its order up to the certificate's size, each ballot of the vote on a line of its own and the other votes' leaves between them
/// as roots of complete subtrees, then the seal.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type", UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization)]
[JsonDerivedType(typeof(ExportManifest), "manifest")]
[JsonDerivedType(typeof(ExportedBallot), "ballot")]
[JsonDerivedType(typeof(OtherLeaves), "others")]
[JsonDerivedType(typeof(ExportSeal), "seal")]
public abstract record ExportLine;

/// <param name="Format"><see cref="ExportFormat.Version"/>.</param>
/// <param name="Terms">JSON of <see cref="VoteTerms"/>.</param>
/// <param name="Outcome">JSON of the certified <see cref="VotingOutcome"/>.</param>
/// <param name="Certificate">The result, signed.</param>
/// <param name="TreeHead">The head of the log at the certificate's size; null where the log is empty.</param>
/// <param name="LogAddress">Whose key signed both.</param>
public sealed record ExportManifest(
    string Format,
    ExactJson Terms,
    ExactJson Outcome,
    SignedVoteCertificate Certificate,
    SignedTreeHead? TreeHead,
    Address LogAddress) : ExportLine;

/// <param name="Index">Its place in the space's log, from 0.</param>
/// <param name="Ballot">All that was signed.</param>
/// <param name="Signature">As given, hexadecimal.</param>
/// <param name="Kind">ECDSA, or ERC1271: the voter is a contract that vouched for the signature at the snapshot block.</param>
/// <param name="AcceptedAt">Milliseconds since 1970, rounded down.</param>
/// <param name="Power">Base units.</param>
/// <param name="PowerProof">From the voter's leaf to the root of the snapshot.</param>
public sealed record ExportedBallot(
    long Index,
    SignedBallot Ballot,
    string Signature,
    string Kind,
    long AcceptedAt,
    UInt256 Power,
    ValueList<Hash32> PowerProof) : ExportLine
{
    public static ExportedBallot Of(BallotRecord record, IEnumerable<Hash32> powerProof) => new(
        record.Index,
        record.Ballot,
        record.Signature,
        BallotLog.NameOf(record.SignatureKind),
        record.AcceptedAt.ToUnixTimeMilliseconds(),
        record.Power,
        [.. powerProof]);
}

/// <summary>Leaves of other votes: a complete subtree of the space's log.</summary>
/// <param name="First">The place of the first leaf, from 0.</param>
/// <param name="Level">There are 2^level leaves.</param>
/// <param name="Root">Of their subtree.</param>
public sealed record OtherLeaves(long First, int Level, Hash32 Root) : ExportLine;

/// <summary>The last line.</summary>
/// <param name="Sha256">Of all bytes before this line.</param>
public sealed record ExportSeal(Hash32 Sha256) : ExportLine;

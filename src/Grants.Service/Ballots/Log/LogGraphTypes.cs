using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL.Types;

namespace Grants.Service.Ballots.Log;

/// <summary>The log of a space as it stands.</summary>
/// <param name="Signer">By this address everybody knows the log.</param>
/// <param name="Head">Null where the log is empty.</param>
public sealed record SpaceLogState(string Space, Address Signer, SignedTreeHead? Head);

/// <summary>A leaf and its audit path.</summary>
/// <param name="Head">Signed at this size; null where the log did not stop there between two batches.</param>
public sealed record ProvedLeaf(long Index, long Size, Hash32 Leaf, Hash32 Root, IReadOnlyList<Hash32> Path, SignedTreeHead? Head);

/// <summary>A ballot and the proof that it is in the log.</summary>
public sealed record ProvedBallot(BallotRecord Record, ProvedLeaf Place);

/// <summary>Two sizes of a log and the proof that the older is the beginning of the newer.</summary>
public sealed record ProvedGrowth(
    long From, long To, Hash32 FromRoot, Hash32 ToRoot, IReadOnlyList<Hash32> Path, SignedTreeHead? FromHead, SignedTreeHead? ToHead);

public sealed class TreeHeadGraphType : ObjectGraphType<SignedTreeHead>
{
    public TreeHeadGraphType()
    {
        Name = "TreeHead";
        Description = "What the service says of the ballot log, signed by its log key (EIP-712 type TreeHead, domain as of a ballot).";
        Field("space", signed => signed.Head.Space);
        Field("size", signed => signed.Head.Size).Description("Leaves.");
        Field("root", signed => signed.Head.Root).Description("The Merkle tree hash (RFC 6962 over SHA-256) at that size.");
        Field("timestamp", signed => signed.Head.Timestamp).Description("Seconds since 1970.");
        Field("signature", signed => signed.Signature).Description("Hexadecimal: r, s and the recovery value 27 or 28.");
    }
}

public sealed class BallotLogGraphType : ObjectGraphType<SpaceLogState>
{
    public BallotLogGraphType()
    {
        Name = "BallotLog";
        Description = "The append-only log of all ballots of the space (RFC 6962).";
        Field("space", log => log.Space);
        Field("address", log => log.Signer)
            .Description("Signs the heads and the certificates of this log. Keep it: what it signed can be held against it.");
        Field("size", log => log.Head == null ? 0 : log.Head.Head.Size).Description("Leaves.");
        Field("root", log => log.Head == null ? BallotLog.EmptyRoot : log.Head.Head.Root);
        Field<TreeHeadGraphType>("treeHead")
            .Description("The newest one; null where the log is empty.")
            .Resolve(context => context.Source.Head);
    }
}

public sealed class LogLeafProofGraphType : ObjectGraphType<ProvedLeaf>
{
    public LogLeafProofGraphType()
    {
        Name = "LogLeafProof";
        Description = "A leaf of the ballot log and its audit path (RFC 6962 section 2.1.1).";
        this.AddPlace(place => place);
    }
}

public sealed class BallotProofGraphType : ObjectGraphType<ProvedBallot>
{
    public BallotProofGraphType()
    {
        Name = "BallotProof";
        Description = "A voter's ballot and its audit path in the ballot log of the space: all that the leaf is the hash of, and all "
            + "that a receipt holds.";
        Field("voteId", proof => proof.Record.Ballot.Proposal);
        Field("voter", proof => proof.Record.Ballot.Voter);
        Field("choice", proof => proof.Record.Ballot.Choice);
        Field("nonce", proof => proof.Record.Ballot.Nonce);
        Field("power", proof => proof.Record.Power).Description("Base units.");
        Field("digest", proof => proof.Record.Digest).Description("The EIP-712 digest that was signed.");
        Field("signature", proof => proof.Record.Signature);
        Field("kind", proof => BallotLog.NameOf(proof.Record.SignatureKind)).Description("ECDSA, or ERC1271 where a contract vouched.");
        Field("acceptedAt", proof => proof.Record.AcceptedAt.ToUnixTimeMilliseconds()).Description("Milliseconds since 1970.");
        this.AddPlace(proof => proof.Place);
    }
}

public sealed class LogGrowthProofGraphType : ObjectGraphType<ProvedGrowth>
{
    public LogGrowthProofGraphType()
    {
        Name = "LogGrowthProof";
        Description = "That the log of the older size is the beginning of the log of the newer one (RFC 6962 section 2.1.2).";
        Field("from", proof => proof.From).Description("Leaves.");
        Field("to", proof => proof.To).Description("Leaves.");
        Field("fromRoot", proof => proof.FromRoot);
        Field("toRoot", proof => proof.ToRoot);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("path").Resolve(context => context.Source.Path);
        Field<TreeHeadGraphType>("fromTreeHead")
            .Description("Null where none was signed at that size.")
            .Resolve(context => context.Source.FromHead);
        Field<TreeHeadGraphType>("toTreeHead")
            .Description("Null where none was signed at that size.")
            .Resolve(context => context.Source.ToHead);
    }
}

internal static class LogPlaceFields
{
    public static void AddPlace<T>(this ObjectGraphType<T> type, Func<T, ProvedLeaf> place)
    {
        type.Field<NonNullGraphType<LongGraphType>>("logIndex").Description("The leaf's place in the log, from 0.")
            .Resolve(context => place(context.Source).Index);
        type.Field<NonNullGraphType<LongGraphType>>("logSize").Description("Leaves of the log that the path leads to.")
            .Resolve(context => place(context.Source).Size);
        type.Field<NonNullGraphType<Bytes32Scalar>>("leaf").Description("SHA-256 of 0x00 and the ballot's canonical JSON.")
            .Resolve(context => place(context.Source).Leaf);
        type.Field<NonNullGraphType<Bytes32Scalar>>("root").Description("The root of the log at that size.")
            .Resolve(context => place(context.Source).Root);
        type.Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("path").Description("From the leaf's sibling up.")
            .Resolve(context => place(context.Source).Path);
        type.Field<TreeHeadGraphType>("treeHead")
            .Description("Signed at that size; null where the log did not stop there between two batches.")
            .Resolve(context => place(context.Source).Head);
    }
}

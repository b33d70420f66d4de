using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Ballots.Log;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Ballots.Log;
using Grants.Service.Ballots.Recording;
using GraphQL.Types;

namespace Grants.Service.Ballots;

public sealed record BallotInput(
    string Space,
    [property: Description("The vote's id.")] Hash32 Proposal,
    [property: Description("The content hash of the proposal as submitted.")] Hash32 ProposalHash,
    Address Voter,
    [property: Description("Canonical JSON of the choice; for basic@1: 1 for, 2 against, 3 abstain.")] string Choice,
    [property: Description("Higher than the voter's last one in this vote.")] UInt256 Nonce,
    [property: Description("Seconds since 1970, at most a week ahead.")] long ExpiresAt,
    [property: Description("Public; may be empty.")] string Reason)
{
    public SignedBallot ToBallot() => new(Space, Proposal, ProposalHash, Voter, Choice, Nonce, ExpiresAt, Reason);
}

public sealed record SignedBallotInput(
    BallotInput Ballot, [property: Description("The voter's signature of the typed data, hexadecimal.")] string Signature);

/// <summary>A ballot with its receipt.</summary>
public sealed record CastBallot(SignedBallot Ballot, BallotReceipt Receipt);

/// <summary>What became of one ballot of a batch.</summary>
public sealed record CastResult(CastBallot? Ballot, Rejection? Error);

public sealed class CastBallotGraphType : ObjectGraphType<CastBallot>
{
    public CastBallotGraphType()
    {
        Name = "CastBallot";
        Description = "The receipt of a ballot.";
        Field("voteId", cast => cast.Ballot.Proposal);
        Field("voter", cast => cast.Ballot.Voter);
        Field("choice", cast => cast.Ballot.Choice);
        Field("nonce", cast => cast.Ballot.Nonce);
        Field("logIndex", cast => cast.Receipt.LogIndex).Description("The ballot's place in the space's ballot log, from 0.");
        Field<NonNullGraphType<TreeHeadGraphType>>("treeHead")
            .Description("The first signed head of the log that includes the ballot.")
            .Resolve(context => context.Source.Receipt.Head);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("path")
            .Description("The audit path of the ballot's leaf under that head: with it the receipt proves itself.")
            .ResolveAsync(async context =>
            {
                var (index, head) = (context.Source.Receipt.LogIndex, context.Source.Receipt.Head.Head);
                return await context.Service<LogReader>().RootsAsync(
                    head.Space, [.. LogPath.Inclusion(index, head.Size)], context.CancellationToken);
            });
    }
}

public sealed class CastResultGraphType : ObjectGraphType<CastResult>
{
    public CastResultGraphType()
    {
        Name = "CastResult";
        Description = "What became of one ballot of a batch: either its receipt, or why it was refused.";
        Field<CastBallotGraphType>("ballot").Resolve(context => context.Source.Ballot);
        Field<UserErrorGraphType>("error").Resolve(context => context.Source.Error);
    }
}

public sealed class BallotOrderGraphType : EnumerationGraphType<BallotOrder>
{
    public BallotOrderGraphType() => Name = "BallotOrder";
}

public sealed class BallotGraphType : ObjectGraphType<CurrentBallot>
{
    public BallotGraphType()
    {
        Name = "Ballot";
        Description = "A ballot that counts.";
        Field("voter", ballot => ballot.Voter);
        Field("choice", ballot => ballot.Choice).Description("Canonical JSON.");
        Field("reason", ballot => ballot.Reason);
        Field("power", ballot => ballot.Power).Description("Base units.");
        Field("nonce", ballot => ballot.Nonce);
        Field("byContract", ballot => ballot.ByContract).Description("The voter is a contract that vouched for the signature (ERC-1271).");
        Field<NonNullGraphType<LongGraphType>>("logIndex")
            .Description("Its place in the space's ballot log.")
            .Resolve(context => context.Source.LogIndex);
        Field("digest", ballot => ballot.Digest).Description("The EIP-712 digest that was signed.");
        Field("acceptedAt", ballot => ballot.AcceptedAt).Description("The server's time.");
    }
}

using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Proposals;
using Grants.Service.VotingPower;
using GraphQL;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.Options;
using Wolverine;

namespace Grants.Service.Ballots;

public sealed record OpenVotingInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, Hash32 ProposalId) : IMutationInput;

public sealed record BallotInput(
    string Space,
    Hash32 Proposal,
    [property: Description("The content hash of the proposal as submitted.")] Hash32 ProposalHash,
    Address Voter,
    [property: Description("Canonical JSON of the choice; for basic@1: 1 for, 2 against, 3 abstain.")] string Choice,
    [property: Description("Higher than the voter's last one on this proposal.")] UInt256 Nonce,
    [property: Description("Seconds since 1970, at most a week ahead.")] long ExpiresAt,
    [property: Description("Public; may be empty.")] string Reason)
{
    public SignedBallot ToBallot() => new(Space, Proposal, ProposalHash, Voter, Choice, Nonce, ExpiresAt, Reason);
}

public sealed record CastBallotInput(
    [property: Description("Chosen by the client; returned as given. The same signed ballot is the same act, whatever the key.")]
    string ClientMutationId,
    BallotInput Ballot,
    [property: Description("The voter's signature of the typed data, hexadecimal.")] string Signature) : IMutationInput;

public sealed record CastBallot(SignedBallot Ballot, long LogIndex, Hash32 Digest);

/// <summary>Everything needed to see that a ballot is in the certified log.</summary>
public sealed record BallotProof(BallotRecord Record, Hash32 Leaf, IReadOnlyList<Hash32> Path, long LogSize, Hash32 Root);

public sealed class CastBallotGraphType : ObjectGraphType<CastBallot>
{
    public CastBallotGraphType()
    {
        Name = "CastBallot";
        Field("proposal", cast => cast.Ballot.Proposal);
        Field("voter", cast => cast.Ballot.Voter);
        Field("choice", cast => cast.Ballot.Choice);
        Field("nonce", cast => cast.Ballot.Nonce);
        Field("logIndex", cast => cast.LogIndex).Description("The ballot's place in the proposal's ballot log.");
        Field("digest", cast => cast.Digest).Description("The EIP-712 digest that was signed.");
    }
}

public sealed class TallyGraphType : ObjectGraphType<Tally>
{
    public TallyGraphType()
    {
        Name = "Tally";
        Description = "The sum of the ballots that count now. Voting power in base units.";
        Field("for", tally => tally.For);
        Field("against", tally => tally.Against);
        Field("abstain", tally => tally.Abstain);
        Field("voters", tally => tally.Voters);
    }
}

public sealed class BallotProofGraphType : ObjectGraphType<BallotProof>
{
    public BallotProofGraphType()
    {
        Name = "BallotProof";
        Description = "A ballot and its audit path in the ballot log (RFC 6962 over SHA-256).";
        Field("logIndex", proof => proof.Record.Index);
        Field("logSize", proof => proof.LogSize);
        Field("root", proof => proof.Root);
        Field("leaf", proof => proof.Leaf).Description("SHA-256 of 0x00 and the ballot's canonical JSON.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<Bytes32Scalar>>>>("path").Resolve(context => context.Source.Path);
        Field("choice", proof => proof.Record.Ballot.Choice);
        Field("nonce", proof => proof.Record.Ballot.Nonce);
        Field("power", proof => proof.Record.Power).Description("Base units.");
        Field("digest", proof => proof.Record.Digest);
        Field("signature", proof => proof.Record.Signature);
    }
}

public static class BallotsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        ExtendQuery(query);
        mutation.AddCommand<OpenVotingInput, ProposalGraphType>(
            "openVoting",
            "proposal",
            "Opens the vote on a submitted proposal, with voting power as of the last finalized block. For program managers.",
            static (context, input, actor) =>
                context.Service<IOptions<AccessOptions>>().Value.IsProgramManager(actor)
                    ? context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                        new StartVoting(input.ProposalId, actor), context.CancellationToken)
                    : Task.FromResult<CommandResult>(new Forbidden("Only a program manager opens votes.")),
            static async (context, input, _) => await context.Service<IQuerySession>()
                .LoadAsync<Proposal>(Proposal.StreamId(input.ProposalId), context.CancellationToken));
        mutation.AddMutation<CastBallotInput, CastBallotGraphType>(
            "castBallot",
            "ballot",
            "Casts a signed ballot. The signature is the authority: no session is needed, and anybody may deliver it.",
            static async (context, input) =>
            {
                var (admitted, refusal) = await context.Service<BallotDoor>().AdmitAsync(
                    input.Ballot.ToBallot(), input.Signature, context.CancellationToken);
                if (admitted is null)
                    return (null, refusal);
                var answer = await context.Service<BallotWriter>().CastAsync(admitted, context.CancellationToken);
                return answer.Index is { } index
                    ? (new CastBallot(admitted.Ballot, index, admitted.Digest), null)
                    : (null, answer.Rejection);
            });
    }

    private static void ExtendQuery(ObjectGraphType query)
    {
        query.Field<NonNullGraphType<TallyGraphType>>("tally")
            .Description("The live tally of a proposal.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .ResolveAsync(async context => await context.Service<BallotStore>()
                .TallyAsync(context.GetArgument<Hash32>("proposalId"), context.CancellationToken));
        query.Field<NonNullGraphType<UInt256Scalar>>("votingPower")
            .Description("An account's voting power on a proposal, base units; zero before the vote opens.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .Argument<NonNullGraphType<AddressScalar>>("account")
            .ResolveAsync(async context => await context.Service<PowerStore>().PowerOfAsync(
                context.GetArgument<Hash32>("proposalId"), context.GetArgument<Address>("account"), context.CancellationToken));
        query.Field<StringGraphType>("ballotTypedData")
            .Description("The EIP-712 typed data of a voter's next ballot, as JSON for eth_signTypedData_v4; null where no vote is open.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .Argument<NonNullGraphType<AddressScalar>>("voter")
            .Argument<NonNullGraphType<StringGraphType>>("choice")
            .Argument<StringGraphType>("reason")
            .ResolveAsync(async context => await TypedDataAsync(context));
        query.Field<BallotProofGraphType>("ballotProof")
            .Description("The proof that a voter's last ballot is in the certified log; null before the vote is closed.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .Argument<NonNullGraphType<AddressScalar>>("voter")
            .ResolveAsync(async context => await ProofAsync(context));
    }

    private static async Task<string?> TypedDataAsync(IResolveFieldContext context)
    {
        var (proposalId, voter) = (context.GetArgument<Hash32>("proposalId"), context.GetArgument<Address>("voter"));
        var ballots = context.Service<BallotStore>();
        if (await ballots.WindowAsync(proposalId, context.CancellationToken) is not { Closed: false } window)
            return null;
        var last = await ballots.CurrentAsync(proposalId, voter, context.CancellationToken);
        var ballot = new SignedBallot(
            window.Window.Space,
            proposalId,
            window.Window.ProposalHash,
            voter,
            context.GetArgument<string>("choice"),
            (last?.Nonce ?? UInt256.Zero) + UInt256.One,
            Math.Min(
                window.Window.ClosesAt.ToUnixTimeSeconds() + 1,
                context.Service<TimeProvider>().GetUtcNow().ToUnixTimeSeconds() + BallotBox.ExpirySecondsMax),
            context.GetArgument<string?>("reason") ?? string.Empty);
        return BallotTypedData.Of(ballot, context.Service<ChainIdentity>().ChainId).ToJson();
    }

    private static async Task<BallotProof?> ProofAsync(IResolveFieldContext context)
    {
        var (proposalId, voter) = (context.GetArgument<Hash32>("proposalId"), context.GetArgument<Address>("voter"));
        var proposal = await context.Service<IQuerySession>()
            .LoadAsync<Proposal>(Proposal.StreamId(proposalId), context.CancellationToken);
        if (proposal?.Result is not { } result)
            return null;
        var recorded = await context.Service<BallotStore>().LogAsync(proposalId, context.CancellationToken);
        if (recorded.LastOrDefault(record => record.Ballot.Voter == voter) is not { } ballot)
            return null;
        var leaves = recorded.Select(BallotLog.Leaf).ToArray();
        var path = BallotLog.InclusionProof(leaves, (int)ballot.Index);
        return new BallotProof(ballot, leaves[ballot.Index], path, leaves.Length, result.BallotLogRoot);
    }
}

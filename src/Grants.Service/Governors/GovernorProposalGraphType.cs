using Grants.Domain.Governors;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Governors;

public sealed class LinkedApplicationGraphType : ObjectGraphType<LinkedApplication>
{
    public LinkedApplicationGraphType()
    {
        Name = "LinkedProposal";
        Description = "A proposal to a program that the execution approves.";
        Field("proposalId", link => link.ApplicationId);
        Field("contentHash", link => link.ContentHash);
    }
}

public sealed class GovernorProposalGraphType : ObjectGraphType<GovernorProposalView>
{
    public GovernorProposalGraphType()
    {
        Name = "GovernorProposal";
        Description = "A proposal on a governor contract, from its final logs. Timepoints are of the governor's clock.";
        AddContent();
        AddVote();
        AddExecution();
    }

    private void AddContent()
    {
        Field("governor", view => view.Proposal.Key.Governor);
        Field("chainId", view => view.Proposal.Key.ChainId);
        Field("proposalId", view => view.Proposal.Key.ProposalId).Description("The same id can occur on another governor.");
        Field("proposer", view => view.Proposal.Created.Proposer);
        Field("description", view => view.Proposal.Created.Description);
        Field("descriptionHash", view => view.Proposal.Created.DescriptionHash);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<GovernorCallGraphType>>>>("calls")
            .Resolve(context => context.Source.Proposal.Created.Calls);
        Field("createdAt", view => view.Proposal.Created.At).Description("The time of its block.");
        Field("evidence", view => view.Proposal.Created.Evidence).Description("The log of its creation.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<LinkedApplicationGraphType>>>>("approves")
            .Description("The proposals to programs that its execution approves.")
            .Resolve(context => context.Source.Proposal.Links);
    }

    private void AddVote()
    {
        Field<EnumerationGraphType<GovernorProposalState>>("state")
            .Description("As the contract computes it, in the block asOf; null while the governor's past is still being read.")
            .Resolve(context => context.Source is { AsOf: { } block } view ? GovernorState.Of(view.Proposal, view.Governor, block) : null);
        Field<BlockRefGraphType>("asOf")
            .Description("The final block up to which everything is known.")
            .Resolve(context => context.Source.AsOf);
        Field("snapshot", view => view.Proposal.Created.Snapshot)
            .Description("The timepoint at which votes are read; until it is over, the proposal is pending.");
        Field("deadline", view => view.Proposal.Deadline)
            .Description("The last timepoint at which votes count, extended by a late quorum.");
        Field<NonNullGraphType<BooleanGraphType>>("isExtended")
            .Resolve(context => context.Source.Proposal.Deadline > context.Source.Proposal.Created.Deadline);
        Field<NonNullGraphType<VoteTallyGraphType>>("votes").Resolve(context => context.Source.Proposal.Votes);
        Field("voteCount", view => view.Proposal.VoteCount).Description("Votes, not voters: one may vote several times.");
        Field<SnapshotQuorumGraphType>("quorum")
            .Description("Null until the snapshot is over.")
            .Resolve(context => context.Source.Proposal.Quorum);
        Field<UInt256Scalar>("votingPower")
            .Description("An account's votes at the snapshot, from the token's logs; null until it is over, or where no log tells.")
            .Argument<NonNullGraphType<AddressScalar>>("account")
            .Resolve(context => context.Source.Proposal.Quorum is null
                ? null
                : GovernorQueries.VotesOf(context, context.Source, context.GetArgument<Address>("account")));
    }

    private void AddExecution()
    {
        Field<LongGraphType>("etaSeconds")
            .Description("Unix seconds from which it can be carried out; null until it is queued.")
            .Resolve(context => context.Source.Proposal.EtaSeconds is var eta and > 0 ? eta : null);
        Field<Bytes32Scalar>("operationId")
            .Description("What waits for it in an OpenZeppelin timelock.")
            .Resolve(context => context.Source.Proposal.OperationId);
        Field<EvidenceGraphType>("executedAt")
            .Description("The governor's log of the execution; null also where the timelock was used directly.")
            .Resolve(context => context.Source.Proposal.Executed?.Evidence);
        Field<EvidenceGraphType>("canceledAt")
            .Description("The governor's first log of a cancellation; null also where it was cancelled in the timelock.")
            .Resolve(context => context.Source.Proposal.CanceledAt);
    }
}

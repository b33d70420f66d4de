using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Proposals;

public static class ProposalsSubscriptions
{
    public static void Extend(ObjectGraphType subscription) => subscription.AddResumable<ProposalGraphType>(
        "proposalChanged",
        "A proposal as it is now, and again after each change. A slow client is spared what lies between, never the newest, unless it goes "
            + "on from a sequence. A draft is seen by its applicant alone.",
        [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "proposalId" }],
        static (context, after) =>
        {
            var actor = context.ActorOrNull();
            return context.TellStream<Proposal>(
                Proposal.StreamId(context.GetArgument<Hash32>("proposalId")),
                Proposal.Evolve,
                "proposal",
                after,
                (now, then) => ProposalsGraphQL.IsVisible(then, actor) ? then with { HiddenBecause = now.HiddenBecause } : null);
        });
}

using System.Runtime.CompilerServices;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting.Changes;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Proposals;

public static class ProposalsSubscriptions
{
    public static void Extend(ObjectGraphType subscription) => subscription.AddStream<Proposal, ProposalGraphType>(
        "proposalChanged",
        "A proposal as it is now, and again after each change. A slow client is spared what lies between, never the newest. A draft is "
            + "seen by its applicant alone.",
        [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "proposalId" }],
        context => ChangesAsync(
            context.Service<ChangeFeed>(),
            context.Service<IDocumentStore>(),
            context.Space(),
            Proposal.StreamId(context.GetArgument<Hash32>("proposalId")),
            context.ActorOrNull()));

    private static async IAsyncEnumerable<Proposal> ChangesAsync(
        ChangeFeed changes,
        IDocumentStore store,
        string space,
        string id,
        Address? actor,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        async Task<Proposal?> LoadAsync(CancellationToken token)
        {
            await using var session = store.QuerySession(space);
            return await session.LoadAsync<Proposal>(id, token);
        }

        using var follower = changes.Follow(ChangeNotices.Topic(space, id));
        Proposal? shown = null;
        while (true)
        {
            await follower.WaitAsync(cancellation);
            var proposal = await follower.LookTogetherAsync(LoadAsync, cancellation);
            if (proposal is null || !ProposalsGraphQL.IsVisible(proposal, actor))
                throw new ProtocolError("NOT_FOUND", "There is no such proposal.");
            if (!proposal.Equals(shown))
                yield return shown = proposal;
        }
    }
}

using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;
using Marten;
using Marten.Linq.MatchesSql;

namespace Grants.Service.Proposals;

/// <summary>In which order proposals are listed.</summary>
public enum ProposalOrder
{
    Id,
    Newest,
    Amount,
    Title,
}

public sealed class ProposalOrderGraphType : EnumerationGraphType<ProposalOrder>
{
    public ProposalOrderGraphType()
    {
        Name = "ProposalOrder";
        Description = "ID; NEWEST: last submitted first; AMOUNT: the most asked for first; TITLE: by its code points. Then by the id.";
    }
}

public static class ProposalQueries
{
    public static void Extend(ObjectGraphType query)
    {
        query.Field<ProposalGraphType>("proposal")
            .Description("One proposal. A draft is seen by its applicant alone.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context => await VisibleAsOfAsync(context));
        query.AddKeysetConnection<Proposal, ProposalGraphType>(
            "proposals",
            "The submitted proposals; and with applicant set to who asks, their drafts as well.",
            [
                new QueryArgument<StringGraphType> { Name = "programId" },
                new QueryArgument<ProposalStateGraphType> { Name = "state" },
                new QueryArgument<AddressScalar> { Name = "applicant" },
                new QueryArgument<StringGraphType> { Name = "label" },
                new QueryArgument<StringGraphType> { Name = "title", Description = "A part of it, in any case; hidden ones are left out." },
                new QueryArgument<AddressScalar> { Name = "reviewer", Description = "Those that this account reviews." },
                new QueryArgument<IntGraphType> { Name = "round", Description = "The number of the round of their submission." },
                new QueryArgument<ProposalOrderGraphType> { Name = "orderBy", DefaultValue = ProposalOrder.Id },
            ],
            proposal => proposal.Id,
            ListAsync,
            context => Filtered(context, context.Service<IQuerySession>().Query<Proposal>()));
        query.AddListConnection<ProposalRevision, ProposalRevisionGraphType>(
            "proposalRevisions",
            "What a proposal's content was, oldest first. What lies before its first submission is seen by its applicant alone.",
            [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "proposalId" }],
            RevisionsAsync);
        query.Field<StringGraphType>("recipientConsentTypedData")
            .Description("The typed data (EIP-712) that the recipient of a draft signs, as JSON; for its applicant. See proveRecipient.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("proposalId")
            .ResolveAsync(async context => await ConsentAsync(context));
    }

    private static Task<IReadOnlyList<Proposal>> ListAsync(IResolveFieldContext context, int count, string? after)
    {
        var session = context.Service<IQuerySession>();
        return OrderOf(context.GetArgument<ProposalOrder>("orderBy")).ReadAsync(
            session, Filtered(context, session.Query<Proposal>()), count, after, context.CancellationToken);
    }

    private static IQueryable<Proposal> Filtered(IResolveFieldContext context, IQueryable<Proposal> proposals)
    {
        Address? applicant = context.GetArgument<Address?>("applicant");
        if (applicant is null || applicant != context.ActorOrNull())
            proposals = proposals.Where(proposal => proposal.State != ProposalState.Draft);
        proposals = proposals
            .Being("d.data ->> 'applicant'", applicant?.ToString())
            .Naming(
                "case when d.data ->> 'hiddenBecause' is null then d.data -> 'content' ->> 'title' end",
                context.GetArgument<string?>("title"));
        if (context.GetArgument<string?>("programId") is { } programId)
            proposals = proposals.Where(proposal => proposal.ProgramId == programId);
        if (context.GetArgument<ProposalState?>("state") is { } state)
            proposals = proposals.Where(proposal => proposal.State == state);
        if (context.GetArgument<int?>("round") is { } round)
            proposals = proposals.Where(proposal => proposal.SubmissionRound == round);
        if (context.GetArgument<string?>("label") is { } label)
            proposals = proposals.Where(proposal => proposal.MatchesSql("d.data -> 'content' -> 'labels' @> to_jsonb(?::text)", label));
        if (context.GetArgument<Address?>("reviewer") is { } reviewer)
        {
            var text = reviewer.ToString();
            proposals = proposals.Where(proposal => proposal.MatchesSql("d.data -> 'review' -> 'reviewers' @> to_jsonb(?::text)", text));
        }

        return proposals;
    }

    // As the document's JSON has them; amounts are text there.
    private static Keyset<Proposal> OrderOf(ProposalOrder order) => order switch
    {
        ProposalOrder.Newest => new(
            "coalesce(d.data ->> 'submittedAt', d.data ->> 'draftedAt')::timestamptz",
            "timestamptz",
            true,
            proposal => $"{proposal.SubmittedAt ?? proposal.DraftedAt:O}"),
        ProposalOrder.Amount => new(
            "(d.data -> 'content' ->> 'requestedAmount')::numeric",
            "numeric",
            true,
            proposal => proposal.Content.RequestedAmount.ToString()),
        ProposalOrder.Title => new(
            "(d.data -> 'content' ->> 'title') collate \"C\"", "text", false, proposal => proposal.Content.Title),
        _ => Keysets.ById<Proposal>(proposal => proposal.Id),
    };

    private static async Task<Proposal?> VisibleAsync(IResolveFieldContext context) =>
        await ProposalsGraphQL.LoadAsync(context, context.GetArgument<Hash32>("proposalId")) is { } proposal
        && ProposalsGraphQL.IsVisible(proposal, context.ActorOrNull())
            ? proposal
            : null;

    // What is hidden or private now was not public in its past either.
    private static async Task<Proposal?> VisibleAsOfAsync(IResolveFieldContext context)
    {
        var now = await VisibleAsync(context);
        if (now is null || AsOf.MomentOf(context) is null)
            return now;
        return await context.LoadAsOfAsync<Proposal>(now.Id, Proposal.Evolve) is { } then
            && ProposalsGraphQL.IsVisible(then, context.ActorOrNull())
                ? then with { HiddenBecause = now.HiddenBecause }
                : null;
    }

    private static async Task<IReadOnlyList<ProposalRevision>> RevisionsAsync(IResolveFieldContext context)
    {
        if (await VisibleAsync(context) is not { } proposal)
            return [];
        var events = await context.Service<IQuerySession>().Events
            .FetchStreamAsync(proposal.Id, token: context.CancellationToken);
        var all = ProposalRevision.Of(events.Select(one => one.Data));
        if (proposal.Applicant == context.ActorOrNull())
            return all;
        return proposal.HiddenBecause is null ? ProposalRevision.PublicOf(all) : [];
    }

    private static async Task<string?> ConsentAsync(IResolveFieldContext context)
    {
        if (await VisibleAsync(context) is not { } proposal || proposal.Applicant != context.ActorOrNull())
            return null;
        var program = (await context.Service<IQuerySession>()
            .LoadAsync<FundingProgram>(proposal.ProgramId, context.CancellationToken))!.Terms;
        return RecipientDoor.TypedDataOf(proposal.ConsentIn(program.Space), program.ChainId).ToJson();
    }
}

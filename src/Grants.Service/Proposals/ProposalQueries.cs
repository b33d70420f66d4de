using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
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
            .ResolveAsync(async context => await VisibleAsync(context));
        query.AddKeysetConnection<Proposal, ProposalGraphType>(
            "proposals",
            "The submitted proposals; and with applicant set to who asks, their drafts as well.",
            [
                new QueryArgument<StringGraphType> { Name = "programId" },
                new QueryArgument<ProposalStateGraphType> { Name = "state" },
                new QueryArgument<AddressScalar> { Name = "applicant" },
                new QueryArgument<StringGraphType> { Name = "label" },
                new QueryArgument<AddressScalar> { Name = "reviewer", Description = "Those that this account reviews." },
                new QueryArgument<IntGraphType> { Name = "round", Description = "The number of the round of their submission." },
                new QueryArgument<ProposalOrderGraphType> { Name = "orderBy", DefaultValue = ProposalOrder.Id },
            ],
            proposal => proposal.Id,
            ListAsync);
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

    private static async Task<IReadOnlyList<Proposal>> ListAsync(IResolveFieldContext context, int count, string? after)
    {
        var session = context.Service<IQuerySession>();
        var found = Filtered(context, session.Query<Proposal>());
        var order = context.GetArgument<ProposalOrder>("orderBy");
        if (after is null)
            return await Ordered(found, order).Take(count).ToListAsync(context.CancellationToken);
        if (await session.LoadAsync<Proposal>(after, context.CancellationToken) is not { } last)
            throw new ProtocolError("BAD_USER_INPUT", "after is not a cursor of this list.");
        return await Ordered(Behind(found, order, last), order).Take(count).ToListAsync(context.CancellationToken);
    }

    private static IQueryable<Proposal> Filtered(IResolveFieldContext context, IQueryable<Proposal> proposals)
    {
        Address? applicant = context.GetArgument<Address?>("applicant");
        if (applicant is null || applicant != context.ActorOrNull())
            proposals = proposals.Where(proposal => proposal.State != ProposalState.Draft);
        if (applicant is { } account)
        {
            var text = account.ToString();
            proposals = proposals.Where(proposal => proposal.MatchesSql("d.data ->> 'applicant' = ?", text));
        }

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

    // The columns that order, as the document's JSON has them; amounts are text there.
    private const string SubmittedAt = "coalesce(d.data ->> 'submittedAt', d.data ->> 'draftedAt')::timestamptz";
    private const string Amount = "(d.data -> 'content' ->> 'requestedAmount')::numeric";
    private const string Title = "(d.data -> 'content' ->> 'title') collate \"C\"";

    private static IQueryable<Proposal> Ordered(IQueryable<Proposal> proposals, ProposalOrder order) => order switch
    {
        ProposalOrder.Newest => proposals.OrderBySql($"{SubmittedAt} desc, d.id"),
        ProposalOrder.Amount => proposals.OrderBySql($"{Amount} desc, d.id"),
        ProposalOrder.Title => proposals.OrderBySql($"{Title}, d.id"),
        _ => proposals.OrderBy(proposal => proposal.Id),
    };

    private static IQueryable<Proposal> Behind(IQueryable<Proposal> proposals, ProposalOrder order, Proposal last)
    {
        var (id, at) = (last.Id, (last.SubmittedAt ?? last.DraftedAt).ToUniversalTime());
        var (amount, title) = (last.Content.RequestedAmount.ToString(), last.Content.Title);
        return order switch
        {
            ProposalOrder.Newest => proposals.Where(proposal => proposal.MatchesSql(
                $"({SubmittedAt} < ? or ({SubmittedAt} = ? and d.id > ?))", at, at, id)),
            ProposalOrder.Amount => proposals.Where(proposal => proposal.MatchesSql(
                $"({Amount} < ?::numeric or ({Amount} = ?::numeric and d.id > ?))", amount, amount, id)),
            ProposalOrder.Title => proposals.Where(proposal => proposal.MatchesSql($"({Title}, d.id) > (?, ?)", title, id)),
            _ => proposals.Where(proposal => proposal.Id.CompareTo(id) > 0),
        };
    }

    private static async Task<Proposal?> VisibleAsync(IResolveFieldContext context) =>
        await ProposalsGraphQL.LoadAsync(context, context.GetArgument<Hash32>("proposalId")) is { } proposal
        && ProposalsGraphQL.IsVisible(proposal, context.ActorOrNull())
            ? proposal
            : null;

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

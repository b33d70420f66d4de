using Grants.Domain.Programs;
using Grants.Domain.Proposals;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;
using Marten;

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
        query.AddDocumentConnection<Proposal, ProposalGraphType>(
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
            new DocumentList<Proposal>(proposal => proposal.Id, Proposal.Evolve, Choose, Disclose));
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

    private static DocumentChoice<Proposal> Choose(IResolveFieldContext context)
    {
        Address? applicant = context.GetArgument<Address?>("applicant");
        var isTheirs = applicant is not null && applicant == context.ActorOrNull();
        return new(
            new Criteria()
                .Being("d.data ->> 'applicant'", applicant?.ToString())
                .Being("d.data ->> 'programId'", context.GetArgument<string?>("programId")),
            new Criteria()
                .That("d.data ->> 'state' <> ?", isTheirs ? null : $"{ProposalState.Draft}")
                .Being("d.data ->> 'state'", context.GetArgument<ProposalState?>("state")?.ToString())
                .Naming(
                    "case when d.data ->> 'hiddenBecause' is null then d.data -> 'content' ->> 'title' end",
                    context.GetArgument<string?>("title"))
                .Being("d.data ->> 'submissionRound'", context.GetArgument<int?>("round")?.ToString())
                .That("d.data -> 'content' -> 'labels' @> to_jsonb(?::text)", context.GetArgument<string?>("label"))
                .That(
                    "d.data -> 'review' -> 'reviewers' @> to_jsonb(?::text)",
                    context.GetArgument<Address?>("reviewer")?.ToString()),
            OrderOf(context.GetArgument<ProposalOrder>("orderBy")));
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

    // What is hidden now was not public in its past either.
    private static Proposal Disclose(Proposal then, Proposal now) => then with { HiddenBecause = now.HiddenBecause };

    private static async Task<Proposal?> VisibleAsOfAsync(IResolveFieldContext context)
    {
        var now = await VisibleAsync(context);
        if (now is null || AsOf.MomentOf(context) is null)
            return now;
        return await context.LoadAsOfAsync<Proposal>(now.Id, Proposal.Evolve) is { } then
            && ProposalsGraphQL.IsVisible(then, context.ActorOrNull())
                ? Disclose(then, now)
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

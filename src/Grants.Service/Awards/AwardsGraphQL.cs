using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Api.History;
using Grants.Service.Api.Lists;
using GraphQL;
using GraphQL.Types;
using Marten;

namespace Grants.Service.Awards;

/// <summary>In which order awards are listed.</summary>
public enum AwardOrder
{
    Id,
    Newest,
    Amount,
    Remaining,
}

public sealed class AwardOrderGraphType : EnumerationGraphType<AwardOrder>
{
    public AwardOrderGraphType()
    {
        Name = "AwardOrder";
        Description = "ID; NEWEST: last begun first; AMOUNT and REMAINING: the most first. Then by the id.";
    }
}

public static class AwardsGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        AwardActsGraphQL.Extend(mutation);
        RecipientGraphQL.Extend(query, mutation);
        query.Field<AwardGraphType>("award")
            .Description("One award, by its own id or by its proposal's.")
            .Argument<Bytes32Scalar>("awardId")
            .Argument<Bytes32Scalar>("proposalId")
            .Argument<InputType<AsOfInput>>(AsOf.Name, AsOf.Description)
            .ResolveAsync(async context =>
            {
                Hash32? ofProposal = context.GetArgument<Hash32?>("proposalId") is { } proposalId ? Award.IdOf(proposalId) : null;
                var awardId = context.GetArgument<Hash32?>("awardId") ?? ofProposal
                    ?? throw new ProtocolError("BAD_USER_INPUT", "Give awardId or proposalId.");
                return await context.LoadAsOfAsync<Award>(Award.StreamId(awardId), Award.Evolve);
            });
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<MilestoneActGraphType>>>>("milestoneHistory")
            .Description("All that was done about the milestones of an award, oldest first.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("awardId")
            .ResolveAsync(async context =>
            {
                var events = await context.Service<IQuerySession>().Events.FetchStreamAsync(
                    Award.StreamId(context.GetArgument<Hash32>("awardId")), token: context.CancellationToken);
                return events.Select(e => MilestoneAct.Of(e.Data)).OfType<MilestoneAct>().ToList();
            });
        query.AddListConnection<TrancheOrder, TrancheOrderGraphType>(
            "releases",
            "What was released of an award, and what is ordered to be, in its order: each with the vault's log that paid it.",
            [new QueryArgument<NonNullGraphType<Bytes32Scalar>> { Name = "awardId" }],
            async context => await OrdersAsync(context, context.GetArgument<Hash32>("awardId")));
        query.Field<TrancheOrderGraphType>("release")
            .Description("One release; its id is that of the treasury's order.")
            .Argument<NonNullGraphType<Bytes32Scalar>>("releaseId")
            .ResolveAsync(async context => await ReleaseAsync(context, context.GetArgument<Hash32>("releaseId")));
        query.AddDocumentConnection<Award, AwardGraphType>(
            "awards",
            "The awards of a program, or of all.",
            [
                new QueryArgument<StringGraphType> { Name = "programId" },
                new QueryArgument<EnumerationGraphType<AwardStatus>> { Name = "status" },
                new QueryArgument<AddressScalar> { Name = "token" },
                new QueryArgument<AddressScalar> { Name = "recipient", Description = "Whom the vault pays now." },
                new QueryArgument<AddressScalar> { Name = "applicant", Description = "Whose proposals they are of." },
                new QueryArgument<AwardOrderGraphType> { Name = "orderBy", DefaultValue = AwardOrder.Id },
            ],
            new DocumentList<Award>(award => award.Id, Award.Evolve, Choose));
    }

    // The treasury's order says which award it is of; what became of it is the award's to tell.
    private static async Task<TrancheOrder?> ReleaseAsync(IResolveFieldContext context, Hash32 releaseId) =>
        await context.Service<IQuerySession>()
            .LoadAsync<Disbursement>(Disbursement.StreamId(releaseId), context.CancellationToken) is { } order
            ? (await OrdersAsync(context, order.Order.AwardId)).FirstOrDefault(release => release.ReleaseId == releaseId)
            : null;

    private static async Task<IReadOnlyList<TrancheOrder>> OrdersAsync(IResolveFieldContext context, Hash32 awardId) =>
        (await context.Service<IQuerySession>().LoadAsync<Award>(Award.StreamId(awardId), context.CancellationToken))?.Orders ?? [];

    // The proposal of an award was there before it, and its applicant stays.
    private static DocumentChoice<Award> Choose(IResolveFieldContext context) => new(
        new Criteria()
            .Being("d.data -> 'terms' ->> 'programId'", context.GetArgument<string?>("programId"))
            .Being("d.data -> 'terms' ->> 'token'", context.GetArgument<Address?>("token")?.ToString())
            .That(
                """
                exists (select from grants.mt_doc_proposal p
                    where p.tenant_id = d.tenant_id and p.id = 'proposal/' || (d.data -> 'terms' ->> 'proposalId')
                        and p.data ->> 'applicant' = ?)
                """,
                context.GetArgument<Address?>("applicant")?.ToString()),
        new Criteria()
            .Being(Status, context.GetArgument<AwardStatus?>("status")?.ToString())
            .Being("d.data ->> 'recipient'", context.GetArgument<Address?>("recipient")?.ToString()),
        OrderOf(context.GetArgument<AwardOrder>("orderBy")));

    // As the award tells it of itself: documents of before there was a status have none.
    private const string Status =
        """
        case
            when d.data ->> 'reservedAt' is null then 'Reserving'
            when (d.data ->> 'remaining')::numeric = 0 then 'Settled'
            when d.data ->> 'cancellation' is not null then 'Cancelled'
            when (d.data ->> 'heldTranche')::int > 0 then 'Held'
            else 'Running'
        end
        """;

    private static Keyset<Award> OrderOf(AwardOrder order) => order switch
    {
        AwardOrder.Newest => new(
            "coalesce((d.data -> 'terms' ->> 'startAt')::bigint, 0)", "bigint", true, award => $"{award.Terms.StartAt}"),
        AwardOrder.Amount => new("(d.data -> 'terms' ->> 'amount')::numeric", "numeric", true, award => award.Terms.Amount.ToString()),
        AwardOrder.Remaining => new("(d.data ->> 'remaining')::numeric", "numeric", true, award => award.Remaining.ToString()),
        _ => Keysets.ById<Award>(award => award.Id),
    };
}

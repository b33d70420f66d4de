using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Reinvestment.Watching;

public sealed record ListVenueInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("The contract in which tokens count as put to work.")] Address Address,
    VenueKind Kind,
    [property: Description("How much of a position counts; the whole where absent.")] BasisPoints? Weight,
    [property: Description("The most that counts here, as a share of what was released; the whole where absent.")] BasisPoints? Cap,
    [property: Description("How long tokens must have been here to count, seconds; 0 where absent.")] long? MinHoldSeconds,
    [property: Description("Transactions from this block on are told with it.")] long FromBlock,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason) : IMutationInput;

public sealed record LabelAddressInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    Address Address,
    AddressKind Kind,
    [property: Description("Who says so; public, 1 to 2,000 characters.")] string Source,
    [property: Description("How sure that is; below 9,000 the label is shown and tells no flow.")] BasisPoints Confidence,
    [property: Description("Transactions from this block on are told with it.")] long FromBlock) : IMutationInput;

public sealed class WatchListLineGraphType : ObjectGraphType<WatchListLine>
{
    public WatchListLineGraphType()
    {
        Name = "WatchListLine";
        Description = "A venue or a label that a space knows beyond the policies of its awards.";
        Field("version", line => line.Version).Description("Of the list that it made, from 1.");
        Field("address", line => line.Entry.Address);
        Field<EnumerationGraphType<VenueKind>>("venueKind").Description("Null for a label.").Resolve(context =>
            context.Source.Entry.Venue?.Kind);
        Field<EnumerationGraphType<AddressKind>>("label").Description("Null for a venue.").Resolve(context =>
            context.Source.Entry.Label?.Kind);
        Field("why", line => line.Why).Description("The reason of a venue, the source of a label.");
        Field("confidence", line => line.Confidence);
        Field("counts", line => line.Counts).Description("Whether flows are told with it.");
        Field("fromBlock", line => line.Entry.FromBlock);
        Field("actor", line => line.Actor);
        Field("at", line => line.At);
    }
}

public sealed class ReclassificationGraphType : ObjectGraphType<FlowReclassified>
{
    public ReclassificationGraphType()
    {
        Name = "FlowReclassification";
        Description = "A flow that is told otherwise since the space knows more. Verdicts of before stay as they were given.";
        Field("listVersion", changed => changed.Version);
        Field<StringGraphType>("flowId").Resolve(context => (context.Source.Before ?? context.Source.After)!.Id);
        Field<FlowKindGraphType>("before")
            .Description("Null where there was no such flow.")
            .Resolve(context => context.Source.Before?.Kind);
        Field<FlowKindGraphType>("after")
            .Description("Null where there is none any more.")
            .Resolve(context => context.Source.After?.Kind);
        Field<StringGraphType>("why").Resolve(context => context.Source.After?.Why);
        Field("evidence", changed => (changed.Before ?? changed.After)!.Evidence);
    }
}

/// <summary>What a space learns after its policies were adopted: venues and labels, which are told back to their block.</summary>
public static class WatchListGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<WatchListLineGraphType>>>>("watchList")
            .Description("The venues and labels that the space knows beyond the policies of its awards, oldest first.")
            .ResolveAsync(async context => (await LoadAsync(context))?.Lines ?? []);
        query.AddListConnection<FlowReclassified, ReclassificationGraphType>(
            "reclassifications",
            "The flows of an award that are told otherwise than at first, oldest first.",
            ReinvestmentGraphQL.OfAward,
            async context =>
                [.. (await ReinvestmentGraphQL.EventsAsync(context, ReinvestmentGraphQL.AwardOf(context))).OfType<FlowReclassified>()]);
        LabelsGraphQL.Extend(query, mutation);
        Add<ListVenueInput>(
            mutation,
            "listVenue",
            "Lists a venue for every award of the space. Its past is read, and the flows from its block on are told again. For program "
                + "managers.",
            (input, actor, final, at) => new ListVenue(
                new PolicyVenue(
                    input.Address,
                    input.Kind,
                    input.Weight ?? new BasisPoints(BasisPoints.Whole),
                    input.Cap ?? new BasisPoints(BasisPoints.Whole),
                    input.MinHoldSeconds ?? 0),
                input.FromBlock,
                input.Reason,
                actor,
                final,
                at));
        Add<LabelAddressInput>(
            mutation,
            "labelAddress",
            "Says what an address is, for every award of the space; the flows from its block on are told again. For program managers.",
            (input, actor, final, at) => new LabelAddress(
                new LabelledAddress(input.Address, input.Kind), input.Source, input.Confidence, input.FromBlock, actor, final, at));
    }

    private static void Add<TInput>(
        ObjectGraphType mutation, string name, string description, Func<TInput, Address, long, DateTimeOffset, object> command)
        where TInput : class, IMutationInput =>
        mutation.AddCommand<TInput, ListGraphType<NonNullGraphType<WatchListLineGraphType>>>(
            name,
            "watchList",
            description,
            async (context, input, actor) =>
            {
                if (!await context.IsManagerAsync(actor))
                    return new Forbidden("Only a program manager of the space lists venues and labels.");
                var chainId = context.Service<ChainIdentity>().ChainId;
                var final = (await context.Service<ChainView>().HeadsAsync(chainId, context.CancellationToken))?.Promoted.Number ?? 0;
                return await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                    command(input, actor, final, context.Service<TimeProvider>().GetUtcNow()), context.CancellationToken);
            },
            async (context, _, _) => (await LoadAsync(context))?.Lines);

    private static Task<WatchList?> LoadAsync(IResolveFieldContext context) =>
        context.Service<IQuerySession>().LoadAsync<WatchList>(WatchList.StreamId, context.CancellationToken);
}

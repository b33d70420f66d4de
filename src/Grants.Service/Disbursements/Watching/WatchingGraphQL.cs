using System.ComponentModel;
using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Api.Lists;
using Grants.Service.Api.Nodes;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Marten;
using Microsoft.Extensions.Options;
using Wolverine;

namespace Grants.Service.Disbursements.Watching;

public sealed record ResolveIncidentInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string IncidentId,
    [property: Description("What was found and done; 1 to 2,000 characters.")] string Note,
    [property: Description("Must be there. Its content is incidentId and note, with a space between.")]
    AuthorizationInput? Authorization = null) : IMutationInput;

public sealed class IncidentKindGraphType : EnumerationGraphType<IncidentKind>
{
    public IncidentKindGraphType() => Name = "IncidentKind";
}

public sealed class FindingGraphType : EnumerationGraphType<Finding>
{
    public FindingGraphType() => Name = "ReconciliationFinding";
}

public sealed class IncidentGraphType : ObjectGraphType<Incident>
{
    public IncidentGraphType()
    {
        Name = "Incident";
        Description = "Something about the treasury that a person has to look at.";
        this.IsNode(incident => incident.Id, WatchingGraphQL.LoadManyAsync);
        Field("incidentId", incident => incident.Id);
        Field<NonNullGraphType<IncidentKindGraphType>>("kind").Resolve(context => context.Source.Kind);
        Field("subject", incident => incident.Subject).Description("What it is about.");
        Field("what", incident => incident.What);
        Field<NonNullGraphType<StringGraphType>>("nextStep")
            .Description("What a person does next.")
            .Resolve(context => Incident.NextStep(context.Source.Kind));
        Field<NonNullGraphType<BooleanGraphType>>("pausesTreasury")
            .Description("Whether the treasury was paused with it; two persons resume it.")
            .Resolve(context => Incident.Pauses(context.Source.Kind));
        Field("openedAt", incident => incident.OpenedAt);
        Field<DateTimeScalar>("resolvedAt").Description("Null while it is open.").Resolve(context => context.Source.Resolved?.At);
        Field<AddressScalar>("resolvedBy").Resolve(context => context.Source.Resolved?.By);
        Field<StringGraphType>("note").Description("What was found and done.").Resolve(context => context.Source.Resolved?.Note);
    }
}

public sealed class ReconciliationRowGraphType : ObjectGraphType<ReconciliationRow>
{
    public ReconciliationRowGraphType()
    {
        Name = "ReconciliationRow";
        Field<NonNullGraphType<FindingGraphType>>("finding").Resolve(context => context.Source.Finding);
        Field("subject", row => row.Subject).Description("An order, an account or a vault.");
        Field("what", row => row.What);
    }
}

public sealed class ReconciliationGraphType : ObjectGraphType<ReconciliationReport>
{
    public ReconciliationGraphType()
    {
        Name = "Reconciliation";
        Description = "Chain, ledger and signer held against each other.";
        Field("at", report => report.At);
        Field("block", report => report.Block).Description("The final block that it is of.");
        Field<NonNullGraphType<LongGraphType>>("fromBlock")
            .Description("The first block whose logs were read; what is before agreed in an earlier comparison.")
            .Resolve(context => context.Source.FromBlock);
        Field<NonNullGraphType<BooleanGraphType>>("agrees").Resolve(context => context.Source.Result.Agrees);
        Field<NonNullGraphType<IntGraphType>>("agreeing")
            .Description("How many payments agree.")
            .Resolve(context => context.Source.Result.Agreeing);
        Field("verifiedShare", report => report.Result.VerifiedShare)
            .Description("Of the value that the ledger calls settled, what the chain shows; rounded down.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<ReconciliationRowGraphType>>>>("rows")
            .Description("Everything but what agrees.")
            .Resolve(context => context.Source.Result.Rows);
    }
}

public static class WatchingHandlers
{
    public static Task<CommandResult> Handle(ResolveIncident command, IDocumentSession session, CancellationToken cancellation) =>
        ((IDocumentSession)session.ForTenant(Spaces.Deployment)).DecideAsync<Incident>(
            command.IncidentId, state => Incident.Decide(command, state), cancellation);
}

public static class WatchingGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<ReconciliationGraphType>("reconciliation")
            .Description("The last comparison by this node; null before the first.")
            .Resolve(context => context.Service<TreasuryHealth>().Report);
        query.Field<IncidentGraphType>("incident")
            .Description("One incident.")
            .Argument<NonNullGraphType<StringGraphType>>("incidentId")
            .ResolveAsync(async context => await LoadAsync(context, context.GetArgument<string>("incidentId")));
        query.AddDocumentConnection<Incident, IncidentGraphType>(
            "incidents",
            "Everything about the treasury that a person had to look at, by its id, as it is now, or was at asOf.",
            [new QueryArgument<BooleanGraphType> { Name = "open", Description = "Only those that nobody has resolved." }],
            new DocumentList<Incident>(incident => incident.Id, Incident.Evolve, Choose, Space: Spaces.Deployment));
        mutation.AddCommand<ResolveIncidentInput, IncidentGraphType>(
            "resolveIncident",
            "incident",
            "Says what was found and done. The treasury goes on with resumeTreasury. For approvers.",
            ResolveAsync,
            async (context, input, _) => await LoadAsync(context, input.IncidentId));
    }

    private static async Task<CommandResult> ResolveAsync(IResolveFieldContext context, ResolveIncidentInput input, Address actor) =>
        context.Service<IOptions<AccessOptions>>().Value.ApproverOf(actor) is null
            ? new Forbidden("Only an approver of the treasury resolves incidents.")
            : await context.AuthorizedAsync(
                actor, "resolveIncident", $"{input.IncidentId} {input.Note}", input, input.Authorization, () =>
                    context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                        new ResolveIncident(input.IncidentId, actor, input.Note, context.Service<TimeProvider>().GetUtcNow()),
                        context.CancellationToken));

    // Of the deployment: every space is told of them.
    internal static async Task<IEnumerable<Incident>> LoadManyAsync(IResolveFieldContext context, IReadOnlyCollection<string> ids)
    {
        await using var session = context.Service<IDocumentStore>().QuerySession(Spaces.Deployment);
        return await session.LoadManyAsync<Incident>(context.CancellationToken, [.. ids]);
    }

    private static async Task<Incident?> LoadAsync(IResolveFieldContext context, string id)
    {
        await using var session = context.Service<IDocumentStore>().QuerySession(Spaces.Deployment);
        return await session.LoadAsync<Incident>(id, context.CancellationToken);
    }

    private static DocumentChoice<Incident> Choose(IResolveFieldContext context) => new(
        new Criteria(),
        new Criteria().Being(
            "(d.data ->> 'resolved' is null)::text", context.GetArgument<bool?>("open") == true ? "true" : null),
        Keysets.ById<Incident>(incident => incident.Id));
}

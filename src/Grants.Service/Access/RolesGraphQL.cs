using System.ComponentModel;
using Grants.Domain.Access;
using Grants.Domain.Programs;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Marten;
using Wolverine;

namespace Grants.Service.Access;

public interface IRoleInput : IMutationInput
{
    SpaceRole Role { get; }

    Address Account { get; }

    string? ProgramId { get; }

    string Reason { get; }

    AuthorizationInput Authorization { get; }
}

public sealed record GrantRoleInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    SpaceRole Role,
    Address Account,
    [property: Description("Absent for the whole space.")] string? ProgramId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason,
    [property: Description("Its content is role, account and programId, or * for the whole space, with a space between.")]
    AuthorizationInput Authorization) : IRoleInput;

public sealed record RevokeRoleInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    SpaceRole Role,
    Address Account,
    [property: Description("Absent for the whole space.")] string? ProgramId,
    [property: Description("Public; 1 to 2,000 characters.")] string Reason,
    [property: Description("Its content is role, account and programId, or * for the whole space, with a space between.")]
    AuthorizationInput Authorization) : IRoleInput;

/// <summary>What was once done to a role.</summary>
public sealed record RoleChange(
    bool IsGranted, SpaceRole Role, Address Account, string? ProgramId, Address By, string Reason, DateTimeOffset At);

public sealed class SpaceRoleGraphType : EnumerationGraphType<SpaceRole>
{
    public SpaceRoleGraphType()
    {
        Name = "SpaceRole";
        Description = "A role that a space gives.";
    }
}

public sealed class HeldRoleGraphType : ObjectGraphType<HeldRole>
{
    public HeldRoleGraphType()
    {
        Name = "HeldRole";
        Field<NonNullGraphType<SpaceRoleGraphType>>("role").Resolve(context => context.Source.Role);
        Field("account", held => held.Account);
        Field("programId", held => held.ProgramId, nullable: true).Description("Null for the whole space.");
        Field("grantedBy", held => held.GrantedBy);
        Field("grantedAt", held => held.GrantedAt);
    }
}

public sealed class RoleChangeGraphType : ObjectGraphType<RoleChange>
{
    public RoleChangeGraphType()
    {
        Name = "RoleChange";
        Field("isGranted", change => change.IsGranted).Description("False where it was taken.");
        Field<NonNullGraphType<SpaceRoleGraphType>>("role").Resolve(context => context.Source.Role);
        Field("account", change => change.Account);
        Field("programId", change => change.ProgramId, nullable: true).Description("Null for the whole space.");
        Field("by", change => change.By);
        Field("reason", change => change.Reason);
        Field("at", change => change.At);
    }
}

public static class RolesGraphQL
{
    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.AddListConnection<HeldRole, HeldRoleGraphType>(
            "roles",
            "The roles that the space has given, the oldest first. Those of the deployment's settings are not among them.",
            [],
            static async context => (await Roles.BookAsync(context))?.Held ?? []);
        query.AddListConnection<RoleChange, RoleChangeGraphType>(
            "roleHistory", "Every role that was given or taken in the space, the oldest first.", [], HistoryAsync);
        query.Field<NonNullGraphType<StringGraphType>>("authorizationTypedData")
            .Description("The typed data (EIP-712) that authorizes one use of a mutation, as JSON for eth_signTypedData_v4. The mutation "
                + "says what its content is.")
            .Argument<NonNullGraphType<StringGraphType>>("operation", "The mutation's name.")
            .Argument<NonNullGraphType<StringGraphType>>("content")
            .Argument<NonNullGraphType<StringGraphType>>("key", "The clientMutationId of the mutation.")
            .Argument<NonNullGraphType<LongGraphType>>("expiresAt", "Seconds since 1970; at most five minutes ahead.")
            .Resolve(static context => context.Service<StepUp>().DataOf(
                context.Space(),
                context.GetArgument<string>("operation"),
                context.GetArgument<string>("content"),
                context.GetArgument<string>("key"),
                context.GetArgument<long>("expiresAt")).ToJson());
        Add<GrantRoleInput>(
            mutation,
            "grantRole",
            "Gives an account a role. For guardians; the space's program managers make managers of one program.",
            (input, giver, at) => new GrantRole(input.Role, input.Account, input.ProgramId, giver, input.Reason, at));
        Add<RevokeRoleInput>(
            mutation,
            "revokeRole",
            "Takes a role away, which counts at once. For guardians, for managers of the space that of one program, and for its holder.",
            (input, giver, at) => new RevokeRole(input.Role, input.Account, input.ProgramId, giver, input.Reason, at));
    }

    private static void Add<TInput>(
        ObjectGraphType mutation, string name, string description, Func<TInput, RoleGiver, DateTimeOffset, object> command)
        where TInput : class, IRoleInput =>
        mutation.AddCommand<TInput, ListGraphType<NonNullGraphType<HeldRoleGraphType>>>(
            name,
            "roles",
            description,
            async (context, input, actor) =>
            {
                var giver = new RoleGiver(actor, await context.IsGuardianAsync(actor), await context.IsManagerAsync(actor));
                // Before what was signed is looked at. Taking is for everybody: one's own.
                if (input is GrantRoleInput && giver is { IsGuardian: false, IsManager: false })
                    return new Domain.Forbidden("Guardians give roles; the space's program managers give that of a program's manager.");
                var content = $"{NameOf(input.Role)} {input.Account} {input.ProgramId ?? "*"}";
                if (await context.Service<StepUp>().RefuseAsync(
                    context, actor, name, content, input.ClientMutationId, input.Authorization) is { } refusal)
                    return refusal;
                if (input.ProgramId is { } programId && await context.Service<IQuerySession>()
                    .LoadAsync<FundingProgram>(programId, context.CancellationToken) is null)
                    return new Domain.NotFound("program");
                return await context.Service<IMessageBus>().InvokeAsync<CommandResult>(
                    command(input, giver, context.Service<TimeProvider>().GetUtcNow()), context.CancellationToken);
            },
            static async (context, input, _) =>
                (await Roles.BookAsync(context))?.Held.Where(held => held.Account == input.Account).ToList() ?? []);

    private static string NameOf(SpaceRole role) => role == SpaceRole.Guardian ? "GUARDIAN" : "PROGRAM_MANAGER";

    private static async Task<IReadOnlyList<RoleChange>> HistoryAsync(IResolveFieldContext context)
    {
        var events = await context.Service<IQuerySession>().Events
            .FetchStreamAsync(RoleBook.StreamId, token: context.CancellationToken);
        return [.. events.Select(e => e.Data switch
        {
            RoleGranted one => new RoleChange(true, one.Role, one.Account, one.ProgramId, one.By, one.Reason, one.At),
            RoleRevoked one => new RoleChange(false, one.Role, one.Account, one.ProgramId, one.By, one.Reason, one.At),
            _ => null,
        }).OfType<RoleChange>()];
    }
}

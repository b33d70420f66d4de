using Grants.Domain.Access;
using Grants.Primitives;
using Grants.Service.Api;
using GraphQL;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Access;

/// <summary>
/// Who holds a role just now: by the settings, which are how a deployment begins, or by the space's own book. Read for every command,
/// so that a role that was taken is gone with the next one.
/// </summary>
public static class Roles
{
    /// <param name="programId">Null where it must be the whole space's.</param>
    public static async Task<bool> IsManagerAsync(this IResolveFieldContext context, Address account, string? programId = null) =>
        context.Service<IOptions<AccessOptions>>().Value.IsProgramManager(account)
        || (await BookAsync(context))?.Holds(SpaceRole.ProgramManager, account, programId) == true;

    public static async Task<bool> IsGuardianAsync(this IResolveFieldContext context, Address account) =>
        context.Service<IOptions<AccessOptions>>().Value.IsGuardian(account)
        || (await BookAsync(context))?.Holds(SpaceRole.Guardian, account, null) == true;

    /// <summary>The roles of an account as words; those of one program with its id behind a colon.</summary>
    internal static async Task<IReadOnlyList<string>> OfAsync(IResolveFieldContext context, Address account)
    {
        var options = context.Service<IOptions<AccessOptions>>().Value;
        var held = (await BookAsync(context))?.Held.Where(role => role.Account == account) ?? [];
        string?[] settings =
        [
            options.IsProgramManager(account) ? NameOf(SpaceRole.ProgramManager) : null,
            options.IsGuardian(account) ? NameOf(SpaceRole.Guardian) : null,
            options.ApproverOf(account) is null ? null : "treasuryApprover",
        ];
        return [.. settings.OfType<string>()
            .Concat(held.Select(role => role.ProgramId is null ? NameOf(role.Role) : $"{NameOf(role.Role)}:{role.ProgramId}"))
            .Distinct()];
    }

    internal static Task<RoleBook?> BookAsync(IResolveFieldContext context) =>
        context.Service<IQuerySession>().LoadAsync<RoleBook>(RoleBook.StreamId, context.CancellationToken);

    private static string NameOf(SpaceRole role) => role == SpaceRole.Guardian ? "guardian" : "programManager";
}

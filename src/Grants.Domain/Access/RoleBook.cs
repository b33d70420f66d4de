using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Access;

public enum SpaceRole
{
    /// <summary>Of the space, or of one program.</summary>
    ProgramManager,

    /// <summary>Of the space.</summary>
    Guardian,
}

// --- Commands ---

/// <summary>Who gives or takes a role, and what makes it so that this account may.</summary>
/// <param name="IsManager">Of the whole space.</param>
public sealed record RoleGiver(Address Account, bool IsGuardian, bool IsManager);

/// <param name="ProgramId">Null for the whole space.</param>
public sealed record GrantRole(SpaceRole Role, Address Account, string? ProgramId, RoleGiver By, string Reason, DateTimeOffset At);

/// <param name="ProgramId">Null for the whole space.</param>
public sealed record RevokeRole(SpaceRole Role, Address Account, string? ProgramId, RoleGiver By, string Reason, DateTimeOffset At);

// --- Events ---

/// <param name="ProgramId">Null for the whole space.</param>
public sealed record RoleGranted(SpaceRole Role, Address Account, string? ProgramId, Address By, string Reason, DateTimeOffset At);

/// <param name="ProgramId">Null for the whole space.</param>
public sealed record RoleRevoked(SpaceRole Role, Address Account, string? ProgramId, Address By, string Reason, DateTimeOffset At);

// --- Rejections ---

public sealed record TooManyRoles(int Most) : Rejection("TOO_MANY_ROLES", $"The space has given {Most} roles; take one away first.");

// --- State ---

/// <param name="ProgramId">Null for the whole space.</param>
public sealed record HeldRole(SpaceRole Role, Address Account, string? ProgramId, Address GrantedBy, DateTimeOffset GrantedAt);

/// <summary>Who holds which role in a space. What the deployment's settings give is not in it, and cannot be taken by it.</summary>
public sealed record RoleBook(string Id)
{
    public const string StreamId = "roles";

    public const int RolesMax = 1_000;

    public const int ReasonLengthMax = 2_000;

    /// <summary>In the order in which they were given.</summary>
    public ImmutableList<HeldRole> Held { get; init; } = [];

    /// <summary>Whether the account holds the role in the whole space, or in the program.</summary>
    public bool Holds(SpaceRole role, Address account, string? programId) =>
        Held.Exists(held => held.Role == role && held.Account == account && (held.ProgramId is null || held.ProgramId == programId));

    // --- Decide ---

    public static Decision Decide(GrantRole command, RoleBook? state)
    {
        if (Problem(command.Role, command.Account, command.ProgramId, command.Reason) is { } problem)
            return problem;
        if (command.By.Account == command.Account)
            return new Forbidden("Nobody gives a role to themselves.");
        if (!MayDecide(command.By, command.Role, command.ProgramId))
            return new Forbidden("Guardians give roles; the space's program managers give that of a program's manager.");
        if (Find(state, command.Role, command.Account, command.ProgramId) is not null)
            return Decision.Nothing;
        return state?.Held.Count >= RolesMax
            ? new TooManyRoles(RolesMax)
            : Decision.Accept(new RoleGranted(
                command.Role, command.Account, command.ProgramId, command.By.Account, command.Reason, command.At));
    }

    public static Decision Decide(RevokeRole command, RoleBook? state)
    {
        if (Problem(command.Role, command.Account, command.ProgramId, command.Reason) is { } problem)
            return problem;
        // Anybody may lay down a role of their own.
        if (command.By.Account != command.Account && !MayDecide(command.By, command.Role, command.ProgramId))
            return new Forbidden("Guardians take roles; the space's program managers take that of a program's manager.");
        return Find(state, command.Role, command.Account, command.ProgramId) is null
            ? Decision.Nothing
            : Decision.Accept(new RoleRevoked(
                command.Role, command.Account, command.ProgramId, command.By.Account, command.Reason, command.At));
    }

    // --- Evolve ---

    public static RoleBook? Evolve(RoleBook? state, object @event) => @event switch
    {
        RoleGranted granted => (state ?? new RoleBook(StreamId)) is var book
            ? book with
            {
                Held = book.Held.Add(new HeldRole(granted.Role, granted.Account, granted.ProgramId, granted.By, granted.At)),
            }
            : null,
        RoleRevoked revoked => state! with
        {
            Held = state.Held.Remove(Find(state, revoked.Role, revoked.Account, revoked.ProgramId)!),
        },
        _ => state,
    };

    private static bool MayDecide(RoleGiver by, SpaceRole role, string? programId) =>
        by.IsGuardian || (by.IsManager && role == SpaceRole.ProgramManager && programId is not null);

    private static HeldRole? Find(RoleBook? state, SpaceRole role, Address account, string? programId) =>
        state?.Held.Find(held => held.Role == role && held.Account == account && held.ProgramId == programId);

    private static InvalidValue? Problem(SpaceRole role, Address account, string? programId, string reason)
    {
        if (account.IsZero)
            return new InvalidValue("account", "The zero address is nobody.");
        if (role == SpaceRole.Guardian && programId is not null)
            return new InvalidValue("programId", "A guardian is one of the whole space.");
        return string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonLengthMax
            ? new InvalidValue("reason", $"Must have 1 to {ReasonLengthMax} characters.")
            : null;
    }
}

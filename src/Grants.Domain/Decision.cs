namespace Grants.Domain;

/// <summary>
/// What deciding a command came to: the events that follow from it, or the refusal. Deciding again on the state that
/// the events produce yields no events.
/// </summary>
public readonly struct Decision
{
    private readonly IReadOnlyList<object>? events;

    private Decision(IReadOnlyList<object>? events, Rejection? rejection)
    {
        this.events = events;
        Rejection = rejection;
    }

    /// <summary>The command is already done, or asks for nothing.</summary>
    public static Decision Nothing => default;

    public IReadOnlyList<object> Events => events ?? [];

    public Rejection? Rejection { get; }

    public bool IsAccepted => Rejection is null;

    public static Decision Accept(params IReadOnlyList<object> events) => new(events, null);

    public static Decision Reject(Rejection rejection) => new(null, rejection);

    public static implicit operator Decision(Rejection rejection) => Reject(rejection);
}

/// <summary>
/// A refusal: a fact about the world that stands against a command, with its numbers. A value, never an exception.
/// </summary>
/// <param name="Code">Stable, public, in capitals: what a program matches on.</param>
/// <param name="Message">One sentence for a person.</param>
public abstract record Rejection(string Code, string Message);

/// <summary>A value of the command is malformed or out of its range.</summary>
/// <param name="Field">The field, as the API names it.</param>
/// <param name="Problem">What is wrong with it, as a sentence.</param>
public sealed record InvalidValue(string Field, string Problem) : Rejection("INVALID_VALUE", Problem);

/// <summary>What the command names does not exist, or is hidden from who asks.</summary>
public sealed record NotFound(string What) : Rejection("NOT_FOUND", $"There is no such {What}.");

/// <summary>The actor may not do this.</summary>
public sealed record Forbidden(string Reason) : Rejection("FORBIDDEN", Reason);

/// <summary>The actor may do this, but has to sign for it.</summary>
public sealed record AuthorizationRequired() : Rejection(
    "AUTHORIZATION_REQUIRED", "A session is not enough for this: sign authorizationTypedData, and send it with another clientMutationId.");

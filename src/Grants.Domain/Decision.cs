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

namespace Grants.Service.Webhooks;

/// <summary>An address that is told what happens in a space.</summary>
/// <param name="Events">The names of what it is told.</param>
/// <param name="Secret">As Standard Webhooks writes it, in the answer that made it alone.</param>
public sealed record Webhook(
    string Id,
    string Url,
    IReadOnlyList<string> Events,
    DateTimeOffset RegisteredAt,
    DateTimeOffset? DisabledAt,
    string? DisabledReason,
    string? Secret = null);

/// <summary>What became of telling an endpoint of an event.</summary>
public sealed record WebhookDelivery(
    Guid EventId,
    string Type,
    string Subject,
    DateTimeOffset At,
    string State,
    DateTimeOffset NextAt,
    IReadOnlyList<WebhookAttempt> Attempts);

/// <param name="Status">The answer's; null where there was none.</param>
/// <param name="Problem">Why it did not succeed.</param>
public sealed record WebhookAttempt(DateTimeOffset At, int? Status, string? Problem, int TookMilliseconds);

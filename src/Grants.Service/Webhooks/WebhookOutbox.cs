using Marten;

namespace Grants.Service.Webhooks;

/// <summary>Writes in every transaction which of its events are to be told: none is lost, and none is told that is not committed.</summary>
public sealed class WebhookOutbox : DocumentSessionListenerBase
{
    public override Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        foreach (var stream in session.PendingChanges.Streams())
        {
            foreach (var @event in stream.Events)
            {
                if (WebhookEvents.NameOf(@event.Data) is { } name)
                    session.QueueSqlCommand(
                        "insert into webhook.outbox (event_id, space, type, subject) values (?, ?, ?, ?) on conflict do nothing",
                        @event.Id,
                        stream.TenantId!,
                        name,
                        stream.Key!);
            }
        }

        return Task.CompletedTask;
    }
}

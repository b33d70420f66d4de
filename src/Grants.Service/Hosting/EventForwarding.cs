using Marten;
using Wolverine;

namespace Grants.Service.Hosting;

/// <summary>
/// Sends what a handler appends to whoever reacts to it, in the same transaction and to the space of its stream. Wolverine's own
/// forwarding takes the space of the handled message instead, and a promotion appends to the streams of every space.
/// </summary>
public sealed class EventForwarding(IMessageContext context) : DocumentSessionListenerBase
{
    public override async Task BeforeSaveChangesAsync(IDocumentSession session, CancellationToken token)
    {
        foreach (var @event in session.PendingChanges.Streams().SelectMany(stream => stream.Events).ToList())
            await context.PublishAsync(@event, new DeliveryOptions { TenantId = @event.TenantId });
    }
}

/// <summary>Puts it into every handler that writes to the store.</summary>
public static class EventForwardingMiddleware
{
    public static void Before(IDocumentSession session, IMessageContext context) =>
        session.Listeners.Add(new EventForwarding(context));
}

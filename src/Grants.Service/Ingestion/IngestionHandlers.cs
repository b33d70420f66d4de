using Marten;
using Wolverine;
using Wolverine.Attributes;

namespace Grants.Service.Ingestion;

/// <summary>Promote the next final block of a chain, if one waits. It is the deployment's, and of no space.</summary>
public sealed record PromoteFinalized(long ChainId);

public static class IngestionHandlers
{
    [Transactional]
    public static async Task<OutgoingMessages> Handle(
        PromoteFinalized message, IDocumentSession session, Promotions promotions, CancellationToken cancellation)
    {
        var outgoing = new OutgoingMessages();
        if (await PromotionQueue.TakeAsync(session, message.ChainId, cancellation) is { } block)
            outgoing.AddRange(await promotions.PromoteAsync(block, session, cancellation));
        return outgoing;
    }
}

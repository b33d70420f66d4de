using Marten;
using Wolverine;
using Wolverine.Attributes;

namespace Grants.Service.Ingestion;

/// <summary>Promote the next final blocks of a chain, if any wait. It is the deployment's, and of no space.</summary>
public sealed record PromoteFinalized(long ChainId);

public static class IngestionHandlers
{
    private const int MostLogs = 5_000;
    private const int MostBlocks = 500;

    /// <summary>
    /// Several blocks are one transaction as long as nothing follows from them: what follows from a block has to be stored before
    /// the next one is judged by it.
    /// </summary>
    [Transactional]
    public static async Task<OutgoingMessages> Handle(
        PromoteFinalized message, IDocumentSession session, Promotions promotions, CancellationToken cancellation)
    {
        var outgoing = new OutgoingMessages();
        FinalizedBlock? last = null;
        var (blocks, logs, goesOn) = (0, 0, true);
        while (goesOn && blocks < MostBlocks && logs < MostLogs)
        {
            var next = await PromotionQueue.TakeAsync(session, message.ChainId, last?.Block.Number, cancellation);
            goesOn = !next.IsEmpty;
            for (var i = 0; i < next.Length && goesOn; i++)
            {
                last = next[i];
                var (messages, anything) = await promotions.PromoteAsync(last, session, cancellation);
                outgoing.AddRange(messages);
                (blocks, logs, goesOn) = (blocks + 1, logs + last.Logs.Count, !anything && !last.Late);
            }
        }

        if (last is not null)
            PromotionQueue.Promoted(session, last);
        return outgoing;
    }
}

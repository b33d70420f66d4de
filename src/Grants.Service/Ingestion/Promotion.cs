using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Marten;
using Wolverine;

namespace Grants.Service.Ingestion;

/// <summary>
/// A block that can no longer change, with its watched logs in order. A block without logs also stands for the empty
/// ones before it.
/// </summary>
public sealed record FinalizedBlock(long ChainId, BlockRef Block, IReadOnlyList<RpcLog> Logs)
{
    /// <summary>
    /// These logs come after their block's turn, because their address was watched later. They come in their own order,
    /// each once, but below blocks that were promoted before; such a block says nothing about the time.
    /// </summary>
    public bool Late { get; init; }

    /// <summary>The block before it; null where that one was not stored.</summary>
    public BlockRef? Before { get; init; }

    /// <summary>The place of one of its logs: the evidence for what follows from it.</summary>
    public EventKey KeyOf(RpcLog log) => new(ChainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex);
}

/// <summary>
/// A feature's ear to the chain: it hears each block once a space, through a session of that space. Whatever it stores through it,
/// and the messages it returns, become durable together with the record that the block was promoted: so each block counts exactly
/// once, in all spaces or in none. It is registered as a singleton.
/// </summary>
public interface IPromotion
{
    Task<IReadOnlyList<object>> PromoteAsync(FinalizedBlock block, IDocumentSession session, CancellationToken cancellation);
}

/// <summary>Everything that is registered to hear of final blocks, in the order of registration.</summary>
public sealed class Promotions(IEnumerable<IPromotion> promotions, Spaces spaces)
{
    private readonly ImmutableArray<IPromotion> promotions = [.. promotions];

    /// <summary>
    /// Promotes the block in every space, within the session's transaction, and gathers the messages to send; and whether anything
    /// follows, be it a message or what is stored with the transaction.
    /// </summary>
    public async Task<(IReadOnlyList<object> Messages, bool Anything)> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        var (messages, isStored) = (new List<object>(), false);
        foreach (var space in spaces.All)
        {
            // A session of Marten's own, which commits with the one that it is of.
            var own = (IDocumentSession)session.ForTenant(space.Id);
            foreach (var promotion in promotions)
            {
                messages.AddRange((await promotion.PromoteAsync(block, own, cancellation))
                    .Select(message => message.WithTenantId(space.Id)));
            }

            isStored |= own.PendingChanges.Operations().Any() || own.PendingChanges.Streams().Count > 0;
        }

        return (messages, isStored || messages.Count > 0);
    }
}

using Grants.Primitives;
using Grants.Service.Governors.Following;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Governors;

/// <summary>
/// Sees which governors have something to do at a final block. The work itself is a message of its own: whatever is wrong with a
/// governor, it holds up no money.
/// </summary>
public sealed class GovernorsChainLogs : IPromotion
{
    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        // Logs that come late belong to the past of some contract, and may have been the last of it that was missing.
        BlockRef? head = block.Late ? await GovernorFollowing.PromotedAsync(session, block.ChainId, cancellation) : block.Block;
        if (head is not { } upTo)
            return [];
        // No block waits for a governor that is being taken further just now: the next one finds what that leaves.
        var resting = await GovernorStore.LockRestingAsync(session, block.ChainId, cancellation);
        if (resting.IsEmpty)
            return [];
        var complete = await GovernorStore.CompleteAsync(session, block.ChainId, resting, upTo, cancellation);
        // At once, and not with what the session stores: a block of which nothing follows does not end the range that it is promoted in.
        var idle = complete.Where(one => !one.HasWork).Select(one => one.Governor).ToList();
        if (idle.Count > 0)
            await GovernorStore.FollowedAsync(session, block.ChainId, idle, upTo, cancellation);
        return [.. complete.Where(one => one.HasWork).Select(one => new FollowGovernor(block.ChainId, one.Governor))];
    }
}

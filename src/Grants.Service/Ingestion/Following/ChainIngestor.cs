using Grants.Ethereum.Following;
using Grants.Ethereum.JsonRpc;

namespace Grants.Service.Ingestion.Following;

/// <summary>
/// Follows one chain under one lease. Memory moves only after the database has: whatever fails in between is found
/// again at the next step.
/// </summary>
public sealed class ChainIngestor
{
    private readonly ChainStore store;
    private readonly ChainWatches watches;
    private readonly ChainLease lease;
    private readonly ChainFollower follower;
    private readonly BlockReader blocks;
    private readonly RangeReader ranges;

    private ChainIngestor(
        ChainStore store, ChainWatches watches, EthereumRpc rpc, FollowerLimits limits, ChainLease lease, KnownChain known)
    {
        this.store = store;
        this.watches = watches;
        this.lease = lease;
        Known = known;
        follower = new ChainFollower(rpc, limits);
        blocks = new BlockReader(rpc);
        ranges = new RangeReader(rpc, limits);
    }

    /// <summary>What is stored.</summary>
    public KnownChain Known { get; private set; }

    /// <summary>
    /// Takes the chain over from whoever wrote before. A chain that was never followed begins before the first block that
    /// is watched, else at <paramref name="fromBlock"/>, else at the last final block. Null where the node has none yet.
    /// </summary>
    public static async Task<ChainIngestor?> OpenAsync(
        ChainStore store,
        ChainWatches watches,
        EthereumRpc rpc,
        long chainId,
        long? fromBlock,
        FollowerLimits limits,
        CancellationToken cancellation)
    {
        var taken = await store.TakeOverAsync(chainId, cancellation);
        if (taken is null)
        {
            var (_, pending) = await watches.ReadAsync(chainId, cancellation);
            var first = pending.IsEmpty ? fromBlock : pending.Min(watch => watch.NextBlock);
            if (await new ChainFollower(rpc, limits).BeginAsync(first - 1, cancellation) is not var (genesis, start))
                return null;
            await store.BeginAsync(chainId, genesis, start, cancellation);
            taken = await store.TakeOverAsync(chainId, cancellation);
        }

        var (lease, known) = taken!.Value;
        return new ChainIngestor(store, watches, rpc, limits, lease, known);
    }

    /// <summary>Finds and stores the next change of the chain; null where there is none.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public async Task<ChainUpdate?> FollowAsync(CancellationToken cancellation)
    {
        var (followed, _) = await watches.ReadAsync(lease.ChainId, cancellation);
        if (await follower.NextAsync(Known, followed, cancellation) is not { } update)
            return null;
        await store.ApplyAsync(lease, update, cancellation);
        Known = Known.Apply(update);
        return update;
    }

    /// <summary>Reads and stores one piece of the past of addresses that were watched late; false where nothing could be read.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public async Task<bool> BackfillAsync(CancellationToken cancellation)
    {
        var (_, pending) = await watches.ReadAsync(lease.ChainId, cancellation);
        if (ChainWatches.Next(pending, Known.Finalized, Known.Head) is not { } piece)
            return false;
        var watched = new WatchedAddresses(piece.Addresses);
        var read = piece.From <= Known.Finalized.Number
            ? await ranges.ReadAsync(piece.From, piece.Last, watched, cancellation)
            : await UnfinalizedAsync(watched, cancellation);
        if (read is not { } past || (past.Count == 0 && piece.From <= piece.Last))
            return false;
        var next = past.Count == 0 ? piece.From : past[^1].Ref.Number + 1;
        if (past.Any(block => Known.At(block.Ref.Number) is { } ours && ours != block.Ref))
            throw new RpcTransportException("The node's past is not the one that is known.");
        await store.BackfillAsync(lease, piece, next, [.. past.Where(block => !block.Logs.IsEmpty)], cancellation);
        return true;
    }

    private async Task<IReadOnlyList<FollowedBlock>?> UnfinalizedAsync(WatchedAddresses watched, CancellationToken cancellation)
    {
        var read = new List<FollowedBlock>();
        foreach (var known in Known.Above(Known.Finalized.Number))
        {
            if (await blocks.ReadAsync(known.Hash, watched, cancellation) is not { } block)
                return null;
            read.Add(block);
        }

        return read;
    }
}

using System.Collections.Immutable;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;
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
    private readonly ChainNodes nodes;
    private readonly ChainLease lease;
    private readonly ImmutableArray<NodeReaders> readers;
    private int turn;
    private (long? Safe, long? Posted) levels;
    private Reading? ahead;
    private long pastLeft;

    private ChainIngestor(
        ChainStore store, ChainWatches watches, ChainNodes nodes, FollowerLimits limits, ChainLease lease, KnownChain known)
    {
        this.store = store;
        this.watches = watches;
        this.nodes = nodes;
        this.lease = lease;
        Known = known;
        readers =
        [
            .. nodes.Endpoints.Select(endpoint => new NodeReaders(
                new ChainFollower(endpoint.Rpc, nodes.Finality, limits),
                new BlockReader(endpoint.Rpc),
                new RangeReader(endpoint.Rpc, limits))),
        ];
    }

    /// <summary>The node that is read now, for people.</summary>
    public string Node => nodes.Endpoints[turn].Name;

    /// <summary>Blocks that are still to be read: up to the node's head, and of the past of addresses that were watched late.</summary>
    public long BlocksLeft => Math.Max(0, Now.Follower.Tip - Known.Head.Number) + pastLeft;

    /// <summary>Hears of blocks once they are stored.</summary>
    public Action<IReadOnlyCollection<FollowedBlock>>? OnRead { get; set; }

    private NodeReaders Now => readers[turn];

    /// <summary>What is stored.</summary>
    public KnownChain Known { get; private set; }

    /// <summary>
    /// Takes the chain over from whoever wrote before. A chain that was never followed begins before the first block that
    /// is watched, else at <paramref name="fromBlock"/>, else at the last final block. Null where the node has none yet.
    /// </summary>
    public static async Task<ChainIngestor?> OpenAsync(
        ChainStore store,
        ChainWatches watches,
        ChainNodes nodes,
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
            var follower = new ChainFollower(nodes.Endpoints[0].Rpc, nodes.Finality, limits);
            if (await follower.BeginAsync(first - 1, cancellation) is not var (genesis, start))
                return null;
            await store.BeginAsync(chainId, genesis, start, cancellation);
            taken = await store.TakeOverAsync(chainId, cancellation);
        }

        var (lease, known) = taken!.Value;
        return new ChainIngestor(store, watches, nodes, limits, lease, known);
    }

    /// <summary>Reads from the next node from here on. What is final stays what the quorum says.</summary>
    public void Turn() => turn = (turn + 1) % readers.Length;

    /// <summary>Finds and stores the next change of the chain; null where there is none.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public async Task<ChainUpdate?> FollowAsync(CancellationToken cancellation)
    {
        var (followed, _) = await watches.ReadAsync(lease.ChainId, cancellation);
        if (await NextAsync(followed, cancellation) is not { } update)
            return null;
        var known = Known.Apply(update);
        // Far behind the head there is more to read: the node works while the store does.
        if (update is ChainUpdate.BlocksAppended { Blocks.Length: > 1 })
            ahead = new Reading(Now, known, followed, Now.Follower.NextAsync(known, followed, cancellation));
        await store.ApplyAsync(lease, update, cancellation);
        Known = known;
        if (update is ChainUpdate.BlocksAppended appended)
            OnRead?.Invoke(appended.Blocks);
        return update;
    }

    private async Task<ChainUpdate?> NextAsync(WatchedAddresses followed, CancellationToken cancellation)
    {
        var (node, read) = (Now, ahead);
        ahead = null;
        if (read is null)
            return await node.Follower.NextAsync(Known, followed, cancellation);
        try
        {
            var step = await read.Step;
            if (step is not null && read.Node == node && read.Known == Known && read.Watched.AreThose(followed))
                return step;
        }
        catch (RpcException) when (read.Node != node || read.Known != Known)
        {
            // It was read of a chain, or by a node, that does not count any more.
        }

        return await node.Follower.NextAsync(Known, followed, cancellation);
    }

    /// <summary>Reads and stores one piece of the past of addresses that were watched late; false where nothing could be read.</summary>
    /// <exception cref="LeaseLostException">Another ingestor has taken over.</exception>
    public async Task<bool> BackfillAsync(CancellationToken cancellation)
    {
        var (_, pending) = await watches.ReadAsync(lease.ChainId, cancellation);
        if (ChainWatches.Next(pending, Known.Finalized, Known.Head) is not { } piece)
        {
            pastLeft = 0;
            return await RecallAsync(cancellation);
        }

        var watched = new WatchedAddresses(piece.Addresses);
        var read = piece.From <= Known.Finalized.Number
            ? await Now.Ranges.ReadAsync(piece.From, piece.Last, watched, cancellation)
            : await UnfinalizedAsync(watched, cancellation);
        if (read is not { } past || (past.Count == 0 && piece.From <= piece.Last))
            return false;
        var next = past.Count == 0 ? piece.From : past[^1].Ref.Number + 1;
        await CheckAsync(past, cancellation);
        await store.BackfillAsync(lease, piece, next, [.. past.Where(block => !block.Logs.IsEmpty)], cancellation);
        pastLeft = Math.Max(0, Known.Finalized.Number + 1 - next);
        OnRead?.Invoke([.. past]);
        return true;
    }

    /// <summary>Reads a piece again that was let go and is needed.</summary>
    private async Task<bool> RecallAsync(CancellationToken cancellation)
    {
        if (await watches.Recalls.NextAsync(lease.ChainId, cancellation) is not { } piece)
            return false;
        var past = await Now.Ranges.ReadAsync(piece.From, piece.Last, new WatchedAddresses(piece.Addresses), cancellation);
        await CheckAsync(past, cancellation);
        await store.RecallAsync(lease, piece, past[^1].Ref.Number + 1, [.. past.Where(block => !block.Logs.IsEmpty)], cancellation);
        OnRead?.Invoke(past);
        return true;
    }

    private async Task CheckAsync(IReadOnlyList<FollowedBlock> past, CancellationToken cancellation)
    {
        if (past.Any(block => Known.At(block.Ref.Number) is { } ours && ours != block.Ref))
            throw new RpcTransportException("The node's past is not the one that is known.");
        if (past.Count > 0 && past[^1].Ref.Number <= Known.Finalized.Number
            && !await nodes.Finality.IsFinalAsync(past[^1].Ref, cancellation))
            throw new RpcTransportException($"The node's past up to {past[^1].Ref} is not the one that the quorum has.");
    }

    /// <summary>Takes note of how far the node calls its chain safe and L1 has it, for views; answers what of it went back.</summary>
    public async Task<IReadOnlyList<LevelWentBack>> LevelsAsync(CancellationToken cancellation)
    {
        var safe = await nodes.Endpoints[turn].Rpc.BlockAsync(BlockTag.Safe, cancellation);
        long? height = safe is not null && Known.Contains(safe.Ref) ? safe.Number : null;
        var now = (Safe: height, Posted: await nodes.PostedAsync(cancellation));
        if (now == levels)
            return [];
        levels = now;
        var before = await store.LevelsAsync(lease, now.Safe, now.Posted, cancellation);
        // A safe block below the known chain is not compared with it, but its height is.
        return
        [
            .. WentBack(FinalityLevel.Safe, before.Safe, safe?.Number),
            .. WentBack(FinalityLevel.L1Posted, before.Posted, now.Posted),
        ];
    }

    private IEnumerable<LevelWentBack> WentBack(FinalityLevel level, long? was, long? now) =>
        now < was ? [new LevelWentBack(lease.ChainId, level, was.Value, now.Value, Node)] : [];

    private async Task<IReadOnlyList<FollowedBlock>?> UnfinalizedAsync(WatchedAddresses watched, CancellationToken cancellation)
    {
        var read = new List<FollowedBlock>();
        foreach (var known in Known.Above(Known.Finalized.Number))
        {
            if (await Now.Blocks.ReadAsync(known.Hash, watched, cancellation) is not { } block)
                return null;
            read.Add(block);
        }

        return read;
    }

    private sealed record NodeReaders(ChainFollower Follower, BlockReader Blocks, RangeReader Ranges);

    /// <summary>A step that is being read while the one before it is stored.</summary>
    /// <param name="Known">The chain that it continues.</param>
    /// <param name="Watched">The addresses that it is read for.</param>
    private sealed record Reading(NodeReaders Node, KnownChain Known, WatchedAddresses Watched, Task<ChainUpdate?> Step);
}

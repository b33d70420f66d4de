using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>
/// Reads headers and the logs that belong to them (eth_getBlockByNumber, eth_getLogs of EIP-1474). Logs are asked for by block
/// hash (EIP-234), because a node that does not have the block answers a question by number with an empty list and no error.
/// </summary>
/// <param name="rpc">The node.</param>
public sealed class BlockReader(EthereumRpc rpc)
{
    private const int InFlight = 16;

    private readonly ReceiptReader receipts = new(rpc);

    /// <summary>A balancer's next backend may have what the first one had not.</summary>
    private const int Attempts = 2;

    /// <summary>Headers by number, as far as the node has them.</summary>
    public async Task<IReadOnlyList<RpcBlock>> HeadersAsync(long from, long to, CancellationToken cancellation)
    {
        var numbers = Enumerable.Range(0, (int)(to - from + 1)).Select(i => from + i).ToArray();
        var headers = await EachAsync(numbers, number => rpc.BlockAsync(BlockTag.At(number), cancellation), cancellation);
        return [.. headers.TakeWhile(header => header is not null).Select(header => header!)];
    }

    /// <summary>Each header with the watched logs of its block.</summary>
    public async Task<ImmutableArray<FollowedBlock>> WithLogsAsync(
        IReadOnlyList<RpcBlock> headers, WatchedAddresses watched, CancellationToken cancellation) =>
        [.. await EachAsync(headers, header => WithLogsAsync(header, watched, cancellation), cancellation)];

    /// <summary>The block of that hash with its watched logs; null where the node does not have it.</summary>
    public async Task<FollowedBlock?> ReadAsync(Hash32 hash, WatchedAddresses watched, CancellationToken cancellation) =>
        await rpc.BlockAsync(hash, cancellation) is { } header ? await WithLogsAsync(header, watched, cancellation) : null;

    /// <summary>
    /// Logs that came by range, sorted to their headers. A block is asked for by itself where its bloom allows a watched log
    /// although none came, and where an index is missing: an answer may lack what was not looked for.
    /// </summary>
    internal async Task<ImmutableArray<FollowedBlock>> SortToAsync(
        IReadOnlyList<RpcBlock> headers, IReadOnlyList<RpcLog> logs, WatchedAddresses watched, CancellationToken cancellation)
    {
        var byBlock = watched.Of(logs).ToLookup(log => log.BlockNumber);
        return [.. await EachAsync(
            headers,
            header => BlockLogs.InOrder(header, byBlock[header.Number]) is { IsEmpty: false } found && !BlockLogs.HaveGap(found)
                ? Task.FromResult(new FollowedBlock(header.Ref, header.ParentHash, found))
                : WithLogsAsync(header, watched, cancellation),
            cancellation)];
    }

    private async Task<FollowedBlock> WithLogsAsync(RpcBlock header, WatchedAddresses watched, CancellationToken cancellation) => new(
        header.Ref, header.ParentHash, watched.MayAppearIn(header.LogsBloom) ? await LogsAsync(header, watched, cancellation) : []);

    /// <summary>
    /// The watched logs among all of the block's, because only of all of them it shows that none is missing. Where that is
    /// more than the node or one answer takes, those of the watched addresses alone.
    /// </summary>
    private async Task<ImmutableArray<RpcLog>> LogsAsync(RpcBlock header, WatchedAddresses watched, CancellationToken cancellation)
    {
        if (header.ReceiptsRoot is not null)
            return [.. watched.Of(await ProvedAsync(header, cancellation))];
        try
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var all = BlockLogs.InOrder(header, await rpc.LogsAsync(header.Hash, cancellation: cancellation));
                if (BlockLogs.AreAllOf(header, all))
                    return [.. watched.Of(all)];
            }
        }
        catch (RpcException refused) when (refused is RpcErrorException or RpcTransportException { IsTransient: false })
        {
            return await WatchedAsync();
        }

        throw new RpcTransportException($"The logs that came of block {header.Number} {header.Hash} are not all that its header knows of.");

        async Task<ImmutableArray<RpcLog>> WatchedAsync()
        {
            ImmutableArray<RpcLog> logs = [];
            for (var attempt = 0; attempt < Attempts && logs.IsEmpty; attempt++)
                logs = BlockLogs.InOrder(header, watched.Of(await rpc.LogsAsync(header.Hash, watched.Filter, cancellation)));
            return logs;
        }
    }

    private async Task<ImmutableArray<RpcLog>> ProvedAsync(RpcBlock header, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await receipts.LogsAsync(header, cancellation);
            }
            catch (RpcTransportException) when (attempt < Attempts)
            {
                // One block that came wrong must not cost all those that are read with it.
            }
        }
    }

    private static async Task<TOut[]> EachAsync<TIn, TOut>(
        IReadOnlyList<TIn> items, Func<TIn, Task<TOut>> ask, CancellationToken cancellation)
    {
        var answers = new TOut[items.Count];
        await Parallel.ForAsync(
            0,
            items.Count,
            new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellation },
            async (i, _) => answers[i] = await ask(items[i]));
        return answers;
    }
}

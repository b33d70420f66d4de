using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;

namespace Grants.Ethereum.Following;

/// <summary>
/// Reads headers and the logs that belong to them. Logs are asked for by block hash, because a node that does not have
/// the block answers a question by number with an empty list and no error.
/// </summary>
public sealed class BlockReader(EthereumRpc rpc)
{
    private const int InFlight = 16;

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
    /// Logs that came by range, sorted to their headers. A block whose bloom allows a watched log although none came is
    /// asked for by itself: an empty answer may also mean that it was not looked for.
    /// </summary>
    internal async Task<ImmutableArray<FollowedBlock>> SortToAsync(
        IReadOnlyList<RpcBlock> headers, IReadOnlyList<RpcLog> logs, WatchedAddresses watched, CancellationToken cancellation)
    {
        var byBlock = watched.Of(logs).ToLookup(log => log.BlockNumber);
        return [.. await EachAsync(
            headers,
            header => byBlock.Contains(header.Number) || !watched.MayAppearIn(header.LogsBloom)
                ? Task.FromResult(Checked(header, [.. byBlock[header.Number]]))
                : WithLogsAsync(header, watched, cancellation),
            cancellation)];
    }

    private async Task<FollowedBlock> WithLogsAsync(RpcBlock header, WatchedAddresses watched, CancellationToken cancellation)
    {
        if (!watched.MayAppearIn(header.LogsBloom))
            return new FollowedBlock(header.Ref, header.ParentHash, []);
        var block = await AskAsync();
        return block.Logs.IsEmpty ? await AskAsync() : block;

        async Task<FollowedBlock> AskAsync() => Checked(
            header, [.. watched.Of(await rpc.LogsAsync(header.Hash, watched.Filter, cancellation))]);
    }

    private static FollowedBlock Checked(RpcBlock header, ImmutableArray<RpcLog> logs)
    {
        for (var i = 0; i < logs.Length; i++)
        {
            if (logs[i].BlockHash != header.Hash || logs[i].BlockNumber != header.Number)
                throw new RpcTransportException($"A log asked of block {header.Number} {header.Hash} names {logs[i].BlockHash}.");
            if (i > 0 && logs[i].LogIndex == logs[i - 1].LogIndex)
                throw new RpcTransportException($"Block {header.Number} came with log {logs[i].LogIndex} twice.");
        }

        return new FollowedBlock(header.Ref, header.ParentHash, logs);
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

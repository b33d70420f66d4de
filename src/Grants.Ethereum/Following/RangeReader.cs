using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;

namespace Grants.Ethereum.Following;

/// <summary>
/// Reads stretches of final blocks with their watched logs: one question for the logs of a range whose size adapts to
/// what the node grants, and every header, so that the stretch is one chain and no block's bloom is left unexplained
/// (eth_getLogs and eth_getBlockByNumber of EIP-1474).
/// </summary>
/// <param name="rpc">The node.</param>
/// <param name="limits">The largest range is what counts here.</param>
public sealed class RangeReader(EthereumRpc rpc, FollowerLimits limits)
{
    private const int FirstRange = 50;

    /// <summary>Logs that are read and stored at once, more or less: a bound for memory, and enough to keep the store busy.</summary>
    private const int LogsAtOnce = 8_000;

    private readonly RangeSize size = new(Math.Min(FirstRange, limits.LargestRange), limits.LargestRange);
    private readonly BlockReader blocks = new(rpc);

    /// <summary>
    /// Blocks from <paramref name="from"/> on, at most to <paramref name="last"/>, each the parent of the next. As many as
    /// the present range size allows and the node has; none where it has none.
    /// </summary>
    /// <exception cref="RpcException">No usable answer, or one that contradicts itself.</exception>
    public async Task<ImmutableArray<FollowedBlock>> ReadAsync(
        long from, long last, WatchedAddresses watched, CancellationToken cancellation)
    {
        var (to, logs) = await LogsAsync(from, last, watched, cancellation);
        var headers = await blocks.HeadersAsync(from, to, cancellation);
        for (var i = 1; i < headers.Count; i++)
        {
            if (headers[i].ParentHash != headers[i - 1].Hash)
                throw new RpcTransportException($"Final block {headers[i].Number} is not the child of the one before it.");
        }

        var read = await blocks.SortToAsync(headers, logs, watched, cancellation);
        size.Aim(read.Sum(block => block.Logs.Length), LogsAtOnce);
        return read;
    }

    private async Task<(long To, IReadOnlyList<RpcLog> Logs)> LogsAsync(
        long from, long last, WatchedAddresses watched, CancellationToken cancellation)
    {
        // Where every block proves its logs, the bloom filters say what to ask for.
        if (rpc.ProvesBlocks)
            return (Math.Min(last, from + size.Blocks - 1), []);
        while (true)
        {
            var to = Math.Min(last, from + size.Blocks - 1);
            try
            {
                return (to, await rpc.LogsAsync(from, to, watched.Filter, cancellation: cancellation));
            }
            catch (RpcErrorException refused) when (size.Shrink(RangeRefusal.BlocksOf(refused.Message)))
            {
                // Providers word the refusal of a range in dozens of ways: where it names no number, half the range is asked next.
            }
            catch (RpcTransportException)
            {
                size.Shrink();
                throw;
            }
        }
    }
}

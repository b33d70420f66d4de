using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Proofs;

namespace Grants.Ethereum.Following;

/// <summary>What the logs of one block must be, whatever order they come in and however often: the Yellow Paper, 4.4.1 and 4.4.3.</summary>
internal static class BlockLogs
{
    /// <summary>The logs by their index, each once.</summary>
    /// <exception cref="RpcTransportException">They are not of the block, or contradict each other.</exception>
    public static ImmutableArray<RpcLog> InOrder(RpcBlock header, IEnumerable<RpcLog> logs)
    {
        var ordered = ImmutableArray.CreateBuilder<RpcLog>();
        foreach (var log in logs.OrderBy(log => log.LogIndex))
        {
            if (log.BlockHash != header.Hash || log.BlockNumber != header.Number)
                throw new RpcTransportException($"A log asked of block {header.Number} {header.Hash} names {log.BlockHash}.");
            if (ordered.Count > 0 && ordered[^1] is var last)
            {
                if (AreSame(last, log))
                    continue;
                if (last.LogIndex == log.LogIndex)
                    throw new RpcTransportException($"Block {header.Number} came with two logs {log.LogIndex}.");
                if (log.TransactionIndex < last.TransactionIndex
                    || (log.TransactionIndex == last.TransactionIndex) != (log.TransactionHash == last.TransactionHash))
                    throw new RpcTransportException($"The logs of block {header.Number} are not in the order of its transactions.");
            }

            ordered.Add(log);
        }

        return ordered.ToImmutable();
    }

    /// <summary>Whether an index before the last one is missing: another contract's log, or one that was left out.</summary>
    public static bool HaveGap(ImmutableArray<RpcLog> ordered) => !ordered.IsEmpty && ordered[^1].LogIndex != ordered.Length - 1;

    /// <summary>Whether these are all logs of the block: without a gap, and with the header's very bloom filter.</summary>
    public static bool AreAllOf(RpcBlock header, ImmutableArray<RpcLog> ordered) => !HaveGap(ordered)
        && LogsBloom.Of(ordered.Select(log => new ReceiptLog(log.Address, log.Topics, log.Data))).AsSpan().SequenceEqual(header.LogsBloom);

    private static bool AreSame(RpcLog one, RpcLog other) =>
        one with { Topics = other.Topics, Data = other.Data } == other
        && one.Topics.SequenceEqual(other.Topics)
        && one.Data.AsSpan().SequenceEqual(other.Data);
}

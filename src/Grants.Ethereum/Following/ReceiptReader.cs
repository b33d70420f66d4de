using System.Collections.Immutable;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.JsonRpc.Wire;
using Grants.Ethereum.Proofs;

namespace Grants.Ethereum.Following;

/// <summary>
/// The logs of a block out of its receipts, which are proved by the root in its header (Yellow Paper 4.4.1): none is missing, added or
/// changed. By eth_getBlockReceipts, and where a node does not know that or it is too much at once, receipt by receipt.
/// </summary>
/// <param name="rpc">The node.</param>
internal sealed class ReceiptReader(EthereumRpc rpc)
{
    private const int ReceiptsAtOnce = 20;

    /// <summary>Every log of the block, by its index.</summary>
    /// <param name="header">A header whose hash was recomputed, so that its root can be relied on.</param>
    /// <param name="cancellation">Ends the questions.</param>
    /// <exception cref="RpcException">No usable answer, or receipts that are not those under the root.</exception>
    public async Task<ImmutableArray<RpcLog>> LogsAsync(RpcBlock header, CancellationToken cancellation)
    {
        try
        {
            var receipts = await ReceiptsAsync(header, cancellation);
            if (BlockReceipt.Root(receipts.Select(receipt => receipt.ToProof())) != header.ReceiptsRoot)
                throw new RpcTransportException($"The receipts of block {header.Number} {header.Hash} are not those under its root.");
            var logs = receipts.SelectMany(receipt => receipt.Logs).ToList();
            var ordered = BlockLogs.InOrder(header, logs);
            return ordered.Length == logs.Count && !BlockLogs.HaveGap(ordered)
                ? ordered
                : throw new RpcTransportException($"The logs in the receipts of block {header.Number} are not numbered one by one.");
        }
        catch (Exception wrong) when (wrong is FormatException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            throw new RpcTransportException($"The receipts of block {header.Number} are malformed: {wrong.Message}", wrong);
        }
    }

    private async Task<IReadOnlyList<MinedReceipt>> ReceiptsAsync(RpcBlock header, CancellationToken cancellation)
    {
        try
        {
            return await rpc.ReceiptsAsync(header.Hash, cancellation);
        }
        catch (RpcException refused) when (refused is RpcErrorException or RpcTransportException { IsTransient: false })
        {
            return await OneByOneAsync(header, cancellation);
        }
    }

    private async Task<IReadOnlyList<MinedReceipt>> OneByOneAsync(RpcBlock header, CancellationToken cancellation)
    {
        var block = await rpc.RequestAsync("eth_getBlockByHash", [header.Hash.ToString(), false], cancellation);
        var receipts = new List<MinedReceipt>();
        foreach (var hashes in block.GetProperty("transactions").EnumerateArray().Select(RpcValue.Hash).Chunk(ReceiptsAtOnce))
        {
            var outcomes = await rpc.BatchAsync(
                [.. hashes.Select(hash => new RpcRequest("eth_getTransactionReceipt", hash.ToString()))], cancellation);
            receipts.AddRange(outcomes.Select(outcome => MinedReceipt.Of(outcome.Result)));
        }

        return receipts;
    }
}

using System.Text.Json.Nodes;
using Grants.Ethereum.Transactions;
using Grants.Primitives;

namespace Grants.Chaos;

/// <summary>
/// What the pool of a node on a public chain does and anvil's does not. Add them to the proxy that transactions go through.
/// </summary>
public static class PoolFaults
{
    private const string Send = "eth_sendRawTransaction";

    /// <summary>A transaction that waits already is refused as geth does it: "already known".</summary>
    public static Fault AlreadyKnown() => Faults.For(
        async (call, ask, _) => await WaitsAsync(HashOf(call), ask)
            ? new RpcReply.Error(-32000, "already known")
            : await ask(call),
        Send);

    /// <summary>
    /// Who takes the place of a waiting transaction has to offer at least a tenth more, in the limit of the fee and in the tip
    /// alike: "replacement transaction underpriced".
    /// </summary>
    public static Fault ReplacementRule()
    {
        var waiting = new Dictionary<(Address Sender, long Nonce), SignedTransaction>();
        return Faults.For(
            async (call, ask, _) =>
            {
                var next = SignedTransaction.Decode(RawOf(call));
                var place = (next.Sender, next.Transaction.Nonce);
                SignedTransaction? before;
                lock (waiting)
                    before = waiting.GetValueOrDefault(place);
                if (before is not null && before.Hash != next.Hash && await WaitsAsync(before.Hash, ask) && !Outbids(next, before))
                    return new RpcReply.Error(-32000, "replacement transaction underpriced");
                var reply = await ask(call);
                if (reply is RpcReply.Result)
                {
                    lock (waiting)
                        waiting[place] = next;
                }

                return reply;
            },
            Send);
    }

    /// <summary>
    /// Transactions that a reorganization takes out of the chain return to the pool. Send the transactions and
    /// <c>anvil_reorg</c> through the proxy: it puts back what it has seen the raw bytes of.
    /// </summary>
    public static Fault Reinjection()
    {
        var sent = new List<(Hash32 Hash, string Raw)>();
        return async (call, ask, _) =>
        {
            if (call.Method == Send)
            {
                lock (sent)
                    sent.Add((HashOf(call), call.Text(0)!));
            }

            var reply = await ask(call);
            if (call.Method == "anvil_reorg")
            {
                List<(Hash32 Hash, string Raw)> seen;
                lock (sent)
                    seen = [.. sent.DistinctBy(one => one.Hash)];
                foreach (var (hash, raw) in seen)
                {
                    if (await FindAsync(hash, ask) is null)
                        await ask(RpcCall.Of(Send, raw));
                }
            }

            return reply;
        };
    }

    private static bool Outbids(SignedTransaction next, SignedTransaction before)
    {
        var ((limit, tip), (oldLimit, oldTip)) = (FeesOf(next.Transaction), FeesOf(before.Transaction));
        return IsATenthMore(limit, oldLimit) && IsATenthMore(tip, oldTip);
    }

    private static bool IsATenthMore(UInt256 next, UInt256 before) => next.ToBigInteger() * 10 >= before.ToBigInteger() * 11;

    private static (UInt256 Limit, UInt256 Tip) FeesOf(Transaction transaction) => transaction switch
    {
        Eip1559Transaction one => (one.MaxFeePerGas, one.MaxPriorityFeePerGas),
        Eip7702Transaction one => (one.MaxFeePerGas, one.MaxPriorityFeePerGas),
        Eip2930Transaction one => (one.GasPrice, one.GasPrice),
        LegacyTransaction one => (one.GasPrice, one.GasPrice),
        _ => throw new ArgumentOutOfRangeException(nameof(transaction)),
    };

    private static async Task<bool> WaitsAsync(Hash32 hash, Ask ask) =>
        await FindAsync(hash, ask) is { } found && found["blockHash"] is null;

    private static async Task<JsonNode?> FindAsync(Hash32 hash, Ask ask) =>
        await ask(RpcCall.Of("eth_getTransactionByHash", hash.ToString())) is RpcReply.Result found ? found.Value : null;

    private static byte[] RawOf(RpcCall call) => Hex.Parse(call.Text(0)!);

    private static Hash32 HashOf(RpcCall call) => Keccak256.Hash(RawOf(call));
}

using System.Text.Json;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Rlp;
using Grants.Primitives;

namespace Grants.Ethereum.Proofs;

/// <summary>A log as a receipt holds it (Yellow Paper, 4.4.1).</summary>
/// <param name="Address">The contract that logged.</param>
/// <param name="Topics">None to four.</param>
/// <param name="Data">What the contract logged besides.</param>
public sealed record ReceiptLog(Address Address, IReadOnlyList<Hash32> Topics, byte[] Data);

/// <summary>
/// A receipt as the receipts root holds it: EIP-658's status, and EIP-2718's type, which is zero for a legacy transaction.
/// </summary>
/// <param name="Type">The type of the transaction.</param>
/// <param name="Succeeded">Whether the transaction was not reverted.</param>
/// <param name="CumulativeGasUsed">Gas of this transaction and of those before it in the block.</param>
/// <param name="Logs">In the order of their emission.</param>
public sealed record BlockReceipt(byte Type, bool Succeeded, long CumulativeGasUsed, IReadOnlyList<ReceiptLog> Logs)
{
    private const byte LargestType = 0x7f;

    /// <summary>The bytes under the receipts root. The bloom filter is computed from the logs.</summary>
    public byte[] ToBytes()
    {
        var (logs, entry, topics) = (new RlpWriter(), new RlpWriter(), new RlpWriter());
        foreach (var log in Logs)
        {
            topics.Clear();
            foreach (var topic in log.Topics)
                topics.Write(topic);
            entry.Clear();
            logs.Write(entry.Write(log.Address).Write(topics).Write(log.Data));
        }

        var fields = new RlpWriter().Write(Succeeded ? 1L : 0L).Write(CumulativeGasUsed).Write(LogsBloom.Of(Logs)).Write(logs);
        return Type == 0 ? fields.ToList() : fields.ToList(Type);
    }

    /// <summary>Reads an entry of the answer to <c>eth_getBlockReceipts</c>. Receipts from before EIP-658 are refused.</summary>
    /// <exception cref="ProofException">Another shape.</exception>
    public static BlockReceipt FromJson(JsonElement receipt) => ChainJson.Read("receipt", () => new BlockReceipt(
        receipt.TryGetProperty("type", out var type) && RpcValue.Long(type) is var number && number != 0 ? TypeOf(number) : (byte)0,
        RpcValue.Long(receipt.GetProperty("status")) switch
        {
            0 => false,
            1 => true,
            _ => throw new ProofException("A receipt's status is neither 0 nor 1."),
        },
        RpcValue.Long(receipt.GetProperty("cumulativeGasUsed")),
        [.. receipt.GetProperty("logs").EnumerateArray().Select(log => new ReceiptLog(
            RpcValue.Address(log.GetProperty("address")),
            [.. log.GetProperty("topics").EnumerateArray().Select(RpcValue.Hash)],
            RpcValue.Data(log.GetProperty("data"))))]));

    /// <summary>The root that the header has of the receipts of its block, in their order.</summary>
    public static Hash32 Root(IEnumerable<BlockReceipt> receipts) =>
        MerkleTrie.OrderedRoot(receipts.Select(receipt => receipt.ToBytes()));

    internal static byte TypeOf(long number) =>
        number <= LargestType ? (byte)number : throw new ProofException("A receipt's type is too large.");
}

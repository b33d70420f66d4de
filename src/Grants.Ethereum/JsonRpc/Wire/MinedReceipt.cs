using System.Runtime.InteropServices;
using System.Text.Json;
using Grants.Ethereum.Proofs;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>A receipt as a node answers it (EIP-1474), from JSON text: what is under the receipts root, and where its logs are.</summary>
internal sealed class MinedReceipt
{
    private readonly List<RpcLog> logs = [];
    private Members seen;
    private byte type;
    private bool succeeded;
    private long cumulativeGasUsed;

    [Flags]
    private enum Members
    {
        None = 0,
        Status = 1,
        CumulativeGasUsed = 2,
        Logs = 4,
        Required = 7,
        Type = 8,
    }

    /// <summary>In the order in which they came.</summary>
    public IReadOnlyList<RpcLog> Logs => logs;

    /// <summary>What the header's root is computed of.</summary>
    public BlockReceipt ToProof() =>
        new(type, succeeded, cumulativeGasUsed, [.. logs.Select(log => new ReceiptLog(log.Address, log.Topics, log.Data))]);

    /// <summary>Whether its logs say that they are of this block.</summary>
    public bool IsOf(Hash32 blockHash) => logs.TrueForAll(log => log.BlockHash == blockHash);

    /// <summary>Reads an answer that was read whole.</summary>
    /// <exception cref="FormatException">Another shape.</exception>
    public static MinedReceipt Of(JsonElement receipt)
    {
        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(receipt));
        return reader.Read() && reader.TokenType == JsonTokenType.StartObject && TryRead(ref reader, out var read)
            ? read
            : throw new FormatException("A receipt is no object.");
    }

    /// <summary>Reads from the start of the object to its end; false where the end is not there yet.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out MinedReceipt receipt)
    {
        receipt = new MinedReceipt();
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                return (receipt.seen & Members.Required) == Members.Required
                    ? true
                    : throw new FormatException($"A receipt has no {Members.Required & ~receipt.seen}.");
            }

            var member = Name(ref reader);
            if (!reader.Read() || !receipt.TryTake(member, ref reader))
                return false;
        }

        return false;
    }

    private static Members Name(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("status"u8) ? Members.Status
        : reader.ValueTextEquals("cumulativeGasUsed"u8) ? Members.CumulativeGasUsed
        : reader.ValueTextEquals("logs"u8) ? Members.Logs
        : reader.ValueTextEquals("type"u8) ? Members.Type
        : Members.None;

    private bool TryTake(Members member, ref Utf8JsonReader reader)
    {
        if ((seen & member) != 0)
            throw new FormatException($"A receipt has two members {member}.");
        seen |= member;
        switch (member)
        {
            case Members.Status:
                succeeded = LogReader.ReadLong(ref reader) switch
                {
                    0 => false,
                    1 => true,
                    _ => throw new FormatException("A receipt's status is neither 0 nor 1."),
                };
                return true;
            case Members.CumulativeGasUsed:
                cumulativeGasUsed = LogReader.ReadLong(ref reader);
                return true;
            case Members.Type:
                type = BlockReceipt.TypeOf(LogReader.ReadLong(ref reader));
                return true;
            case Members.Logs:
                return TryLogs(ref reader);
            default:
                return reader.TrySkip();
        }
    }

    private bool TryLogs(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("The logs of a receipt are no list.");
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndArray)
                return true;
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new FormatException("A log is no object.");
            if (!LogReader.TryRead(ref reader, out var log))
                return false;
            logs.Add(log);
        }

        return false;
    }
}

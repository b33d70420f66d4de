using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Grants.Ethereum.Proofs;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc;

/// <summary>The values of EIP-1474. Reading is strict; another shape throws.</summary>
internal static class RpcValue
{
    private const int BloomLength = 256;
    private const int MostTopics = 4;

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static string Quantity(long number) => string.Create(CultureInfo.InvariantCulture, $"0x{number:x}");

    public static string Quantity(UInt256 number)
    {
        var digits = Convert.ToHexStringLower(number.ToBytes()).TrimStart('0');
        return digits.Length == 0 ? "0x0" : "0x" + digits;
    }

    public static long Long(JsonElement element)
    {
        var digits = Digits(element, 16);
        var number = ulong.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return number <= long.MaxValue ? (long)number : throw new FormatException("A quantity is too large.");
    }

    public static int Int(JsonElement element)
    {
        var number = Long(element);
        return number <= int.MaxValue ? (int)number : throw new FormatException("A quantity is too large.");
    }

    public static UInt256 UInt256(JsonElement element)
    {
        var digits = Digits(element, 64);
        return new UInt256(BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
    }

    public static byte[] Data(JsonElement element) => Hex.Parse(element.GetString()!);

    public static Hash32 Hash(JsonElement element) => Hash32.Parse(element.GetString()!);

    public static Address Address(JsonElement element) => Primitives.Address.TryParseLenient(element.GetString(), out var address)
        ? address
        : throw new FormatException("An address is malformed.");

    public static bool IsNull(JsonElement element) => element.ValueKind == JsonValueKind.Null;

    public static RpcBlock Block(JsonElement block) => new(
        Long(block.GetProperty("number")),
        Hash(block.GetProperty("hash")),
        Hash(block.GetProperty("parentHash")),
        Long(block.GetProperty("timestamp")),
        block.TryGetProperty("baseFeePerGas", out var fee) && !IsNull(fee) ? UInt256(fee) : null,
        Hex.Parse(block.GetProperty("logsBloom").GetString()!, BloomLength));

    /// <summary>A block whose hash is that of its header's fields, so that its parent, its bloom filter and its roots hold.</summary>
    public static RpcBlock ProvenBlock(JsonElement block)
    {
        var (read, header) = (Block(block), BlockHeader.FromJson(block));
        return header.Hash == read.Hash
            ? read with { ReceiptsRoot = header.ReceiptsRoot }
            : throw new FormatException($"The hash of block {read.Number} is not that of its header.");
    }

    public static IReadOnlyList<RpcLog> Logs(JsonElement logs)
    {
        var read = new List<RpcLog>(logs.GetArrayLength());
        foreach (var log in logs.EnumerateArray())
            read.Add(AnyLog(log, out var removed) is var one && !removed ? one : throw new FormatException("A log is marked as removed."));
        return read;
    }

    public static RpcReceipt Receipt(JsonElement receipt)
    {
        var read = new RpcReceipt(
            Hash(receipt.GetProperty("transactionHash")),
            Long(receipt.GetProperty("blockNumber")),
            Hash(receipt.GetProperty("blockHash")),
            Long(receipt.GetProperty("status")) switch
            {
                0 => false,
                1 => true,
                _ => throw new FormatException("A receipt's status is neither 0 nor 1."),
            },
            Long(receipt.GetProperty("gasUsed")),
            receipt.TryGetProperty("contractAddress", out var contract) && !IsNull(contract) ? Address(contract) : null,
            Logs(receipt.GetProperty("logs")));
        return read.Logs.All(log => log.TransactionHash == read.TransactionHash && log.BlockHash == read.BlockHash)
            ? read
            : throw new FormatException("A receipt holds a log of another transaction or block.");
    }

    /// <summary>A log, and whether it belongs to a fork that the node has left.</summary>
    public static RpcLog AnyLog(JsonElement log, out bool removed)
    {
        removed = log.TryGetProperty("removed", out var mark) && mark.GetBoolean();
        var topics = log.GetProperty("topics");
        var read = new Hash32[topics.GetArrayLength()];
        if (read.Length > MostTopics)
            throw new FormatException($"A log has {read.Length} topics.");
        for (var i = 0; i < read.Length; i++)
            read[i] = Hash(topics[i]);
        return new RpcLog(
            Address(log.GetProperty("address")),
            read,
            Data(log.GetProperty("data")),
            Long(log.GetProperty("blockNumber")),
            Hash(log.GetProperty("blockHash")),
            Hash(log.GetProperty("transactionHash")),
            Int(log.GetProperty("transactionIndex")),
            Int(log.GetProperty("logIndex")));
    }

    private static string Digits(JsonElement element, int most)
    {
        var text = element.GetString();
        return text is not null && text.StartsWith("0x", StringComparison.Ordinal)
            && text.Length > 2 && text.Length <= 2 + most
            && (text[2] != '0' || text.Length == 3)
            && text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0
            ? text[2..]
            : throw new FormatException("A quantity is not 0x and hexadecimal digits without a leading zero.");
    }
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Grants.Primitives;

namespace Grants.Ethereum.JsonRpc.Wire;

/// <summary>A log of EIP-1474 from JSON text, as strict as <see cref="RpcValue"/> and without text in between.</summary>
internal static class LogReader
{
    private const int MostTopics = 4;

    [Flags]
    private enum Members
    {
        None = 0,
        Address = 1,
        Topics = 2,
        Data = 4,
        BlockNumber = 8,
        BlockHash = 16,
        TransactionHash = 32,
        TransactionIndex = 64,
        LogIndex = 128,
        Required = 255,
        Removed = 256,
    }

    /// <summary>Reads from the start of the object to its end; false where the end is not there yet.</summary>
    public static bool TryRead(ref Utf8JsonReader reader, out RpcLog log)
    {
        log = null!;
        var draft = default(Draft);
        while (true)
        {
            if (!reader.Read())
                return false;
            if (reader.TokenType == JsonTokenType.EndObject)
                break;
            var member = Name(ref reader);
            if (!reader.Read() || !draft.TryTake(member, ref reader))
                return false;
        }

        log = draft.Finish();
        return true;
    }

    private static Members Name(ref Utf8JsonReader reader) =>
        reader.ValueTextEquals("address"u8) ? Members.Address
        : reader.ValueTextEquals("topics"u8) ? Members.Topics
        : reader.ValueTextEquals("data"u8) ? Members.Data
        : reader.ValueTextEquals("blockNumber"u8) ? Members.BlockNumber
        : reader.ValueTextEquals("blockHash"u8) ? Members.BlockHash
        : reader.ValueTextEquals("transactionHash"u8) ? Members.TransactionHash
        : reader.ValueTextEquals("transactionIndex"u8) ? Members.TransactionIndex
        : reader.ValueTextEquals("logIndex"u8) ? Members.LogIndex
        : reader.ValueTextEquals("removed"u8) ? Members.Removed
        : Members.None;

    private static bool TryTopics(ref Utf8JsonReader reader, out Hash32[] topics)
    {
        topics = [];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new FormatException("The topics of a log are no list.");
        Span<Hash32> read = stackalloc Hash32[MostTopics];
        var count = 0;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndArray)
            {
                topics = read[..count].ToArray();
                return true;
            }

            if (count == MostTopics)
                throw new FormatException($"A log has more than {MostTopics} topics.");
            read[count++] = ReadHash(ref reader);
        }

        return false;
    }

    private static Hash32 ReadHash(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Hash32.Length];
        ReadBytes(Digits(ref reader), bytes);
        return new Hash32(bytes);
    }

    private static Address ReadAddress(ref Utf8JsonReader reader)
    {
        Span<byte> bytes = stackalloc byte[Primitives.Address.Length];
        ReadBytes(Digits(ref reader), bytes);
        return new Address(bytes);
    }

    private static byte[] ReadData(ref Utf8JsonReader reader)
    {
        var digits = Digits(ref reader);
        if (digits.IsEmpty)
            return [];
        var bytes = new byte[digits.Length / 2];
        ReadBytes(digits, bytes);
        return bytes;
    }

    private static void ReadBytes(ReadOnlySpan<byte> digits, Span<byte> bytes)
    {
        if (digits.Length != bytes.Length * 2
            || Convert.FromHexString(digits, bytes, out _, out _) != OperationStatus.Done)
            throw new FormatException($"Expected {bytes.Length} bytes of hexadecimal.");
    }

    private static int ReadInt(ref Utf8JsonReader reader)
    {
        var number = ReadLong(ref reader);
        return number <= int.MaxValue ? (int)number : throw new FormatException("A quantity is too large.");
    }

    public static long ReadLong(ref Utf8JsonReader reader)
    {
        var digits = Digits(ref reader);
        if (digits.Length is 0 or > 16 || (digits[0] == '0' && digits.Length > 1)
            || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number))
            throw new FormatException("A quantity is not 0x and hexadecimal digits without a leading zero.");
        return number <= long.MaxValue ? (long)number : throw new FormatException("A quantity is too large.");
    }

    /// <summary>What follows 0x. Escapes are refused: nothing that a value may hold needs one.</summary>
    private static ReadOnlySpan<byte> Digits(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !reader.ValueSpan.StartsWith("0x"u8))
            throw new FormatException("Hexadecimal text must begin with 0x.");
        return reader.ValueSpan[2..];
    }

    /// <summary>What is known of a log so far.</summary>
    private struct Draft
    {
        private Members seen;
        private Address address;
        private Hash32[] topics;
        private byte[] data;
        private long blockNumber;
        private Hash32 blockHash;
        private Hash32 transactionHash;
        private int transactionIndex;
        private int logIndex;

        /// <summary>Takes a member's value; false where it is not all there yet.</summary>
        public bool TryTake(Members member, ref Utf8JsonReader reader)
        {
            if ((seen & member) != 0)
                throw new FormatException($"A log has two members {member}.");
            seen |= member;
            switch (member)
            {
                case Members.Address:
                    address = ReadAddress(ref reader);
                    return true;
                case Members.Topics:
                    return TryTopics(ref reader, out topics);
                case Members.Data:
                    data = ReadData(ref reader);
                    return true;
                case Members.BlockNumber:
                    blockNumber = ReadLong(ref reader);
                    return true;
                case Members.BlockHash:
                    blockHash = ReadHash(ref reader);
                    return true;
                case Members.TransactionHash:
                    transactionHash = ReadHash(ref reader);
                    return true;
                case Members.TransactionIndex:
                    transactionIndex = ReadInt(ref reader);
                    return true;
                case Members.LogIndex:
                    logIndex = ReadInt(ref reader);
                    return true;
                case Members.Removed:
                    // Such a log belongs to a fork that the node has left: the answer is torn and has to be asked for again.
                    return !reader.GetBoolean() ? true : throw new FormatException("A log is marked as removed.");
                default:
                    return reader.TrySkip();
            }
        }

        public readonly RpcLog Finish() => (seen & Members.Required) == Members.Required
            ? new RpcLog(address, topics, data, blockNumber, blockHash, transactionHash, transactionIndex, logIndex)
            : throw new FormatException($"A log has no {Members.Required & ~seen}.");
    }
}

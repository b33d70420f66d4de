using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.TypedData;
using Grants.Primitives;

namespace Grants.Benchmarks;

/// <summary>The input that both implementations are measured at.</summary>
public sealed class Work
{
    private const int Logs = 1_000;

    public Work()
    {
        var random = new Random(1);
        TransferLogs = [.. Enumerable.Range(0, Logs).Select(i => Transfer(random, i))];
        random.NextBytes(Bytes32);
        random.NextBytes(Bytes1024);
        var key = PrivateKey.Parse("0x4c0883a69102937d6231471b5dbb6204fe512961708279f2e3a7b1d8e1b7f0a3");
        Digest = Hash().Digest();
        Signature = key.Sign(Digest);
    }

    public Hash32 Digest { get; }

    public Signature Signature { get; }

    public IReadOnlyList<RpcLog> TransferLogs { get; }

    public byte[] Bytes32 { get; } = new byte[32];

    public byte[] Bytes1024 { get; } = new byte[1024];

    /// <summary>A ballot: structs in an array, text and numbers.</summary>
    public static TypedData Hash() => new(
        Domain,
        "Ballot",
        Types,
        new Dictionary<string, object>
        {
            ["voter"] = Voter,
            ["round"] = "season-7",
            ["choices"] = Enumerable.Range(1, 3).Select(object (i) => new Dictionary<string, object>
            {
                ["proposal"] = $"proposal-{i}",
                ["weight"] = (UInt256)(ulong)(i * 1_000),
            }).ToArray(),
            ["nonce"] = (UInt256)7UL,
        });

    /// <summary>The same work for viem.</summary>
    public string ToJson() => JsonSerializer.Serialize(new
    {
        digest = Digest,
        signature = Signature.ToString(),
        typedData = JsonNode.Parse(Hash().ToJson()),
        logs = TransferLogs.Select(log => new { topics = log.Topics, data = Hex.Format(log.Data) }),
        bytes32 = Hex.Format(Bytes32),
        bytes1024 = Hex.Format(Bytes1024),
    });

    private static Address Voter { get; } = Address.Parse("0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2");

    private static TypedDataDomain Domain { get; } = new("Grants", "1", 1088, Voter);

    private static IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> Types { get; } =
        new Dictionary<string, IReadOnlyList<TypedDataField>>
        {
            ["Ballot"] = [new("voter", "address"), new("round", "string"), new("choices", "Choice[]"), new("nonce", "uint256")],
            ["Choice"] = [new("proposal", "string"), new("weight", "uint256")],
        };

    private static RpcLog Transfer(Random random, int index)
    {
        var bytes = new byte[64];
        random.NextBytes(bytes);
        return new RpcLog(
            Voter,
            [Erc20.Transfer.Topic0, Word(bytes.AsSpan(0, 20)), Word(bytes.AsSpan(20, 20))],
            Word(bytes.AsSpan(40, 12)).ToBytes(),
            index,
            default,
            default,
            0,
            index);
    }

    private static Hash32 Word(ReadOnlySpan<byte> number)
    {
        Span<byte> word = stackalloc byte[Hash32.Length];
        word.Clear();
        number.CopyTo(word[(Hash32.Length - number.Length)..]);
        return new Hash32(word);
    }
}

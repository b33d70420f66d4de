using System.Numerics;
using System.Reflection;
using CsCheck;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Contracts.Adapters;
using Grants.Ethereum.Contracts.Pools;
using Grants.Ethereum.Contracts.Tokens;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class ContractAdapterTests
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.Static;

    private static readonly ContractKind[] Kinds = Enum.GetValues<ContractKind>();

    private static readonly (ContractKind Kind, LogType Type)[] All =
        [.. Kinds.SelectMany(kind => ContractAdapters.Of(kind).Types.Select(type => (kind, type)))];

    public static TheoryData<string?, string, string> Topics() =>
    [
        .. VectorFile.Read("Vectors/event-topics.json").GetProperty("events").EnumerateArray().Select(
            one => (one.GetProperty("kind").GetString(), one.Text("declaration"), one.Text("topic0"))),
    ];

    [Theory]
    [MemberData(nameof(Topics))]
    public void an_event_has_the_topic_seen_on_public_chains_and_is_read(string? kind, string declaration, string topic0)
    {
        var seen = AbiEvent.Parse(declaration);
        Assert.Equal(topic0, seen.Topic0.ToString());
        if (kind is null)
            return;
        var read = Assert.Single(
            ContractAdapters.Of(Enum.Parse<ContractKind>(kind)).Types,
            type => type.Event.Topic0 == seen.Topic0 && type.Event.TopicCount == seen.TopicCount);
        Assert.Equal(Shape(seen), Shape(read.Event));
    }

    [Fact]
    public void every_event_of_a_contract_is_read_by_its_adapter()
    {
        var contracts = typeof(ContractAdapter).Assembly.GetExportedTypes()
            .Select(type => (Type: type, Logs: type.GetProperty("Logs", Declared)?.GetValue(null) as ContractAdapter))
            .Where(contract => contract.Logs is not null).ToList();
        Assert.Equal(Kinds.Length, contracts.Count);
        Assert.All(contracts, contract => Assert.Equal(
            Events(contract.Type).Select(one => one.Signature), contract.Logs!.Types.Select(type => type.Event.Signature)));
    }

    [Fact]
    public void what_a_contract_logs_is_read_as_it_was_logged() => Gen.Int.ForAll(
        seed =>
        {
            foreach (var (kind, type) in All)
            {
                var (log, values) = Draw(type.Event, new Random(seed));
                var read = ContractAdapters.Of(kind).Read(log);
                Assert.True(read is not null, $"{kind} {type.Event} {string.Join(", ", values)}");
                Assert.Equal(type.Read(log)!.GetType(), read.GetType());
                foreach (var (parameter, value) in type.Event.Parameters.Zip(values))
                {
                    if (Part(read, parameter.Name) is { } part)
                        Assert.Equal(Comparable(value), Comparable(part));
                }
            }
        },
        count: 60);

    [Fact]
    public void every_part_of_a_typed_log_has_the_name_of_its_parameter() => Assert.All(All, one =>
    {
        var log = ContractAdapters.Of(one.Kind).Read(Draw(one.Type.Event, new Random(1)).Log)!;
        var parts = log.GetType().GetProperties().Select(part => part.Name).Where(name => name is not "EqualityContract" and not "Terms");
        Assert.Subset(
            one.Type.Event.Parameters.Select(parameter => parameter.Name.ToUpperInvariant()).ToHashSet(),
            parts.Select(part => part.ToUpperInvariant()).ToHashSet());
    });

    [Fact]
    public void whatever_a_contract_logs_no_adapter_throws() => Gen.Int.ForAll(
        seed =>
        {
            var random = new Random(seed);
            var log = Spoiled(Draw(All[random.Next(All.Length)].Type.Event, random).Log, random);
            foreach (var kind in Kinds)
                _ = ContractAdapters.Of(kind).Read(log);
        },
        count: 4_000);

    [Fact]
    public void an_erc721_transfer_is_none_of_a_token()
    {
        var (log, _) = Draw(Erc721.Transfer, new Random(1));
        Assert.Null(Erc20.Logs.Read(log));
        Assert.IsType<Erc721.TransferLog>(Erc721.Logs.Read(log));
    }

    [Fact]
    public void the_mint_of_a_compound_market_is_none_of_a_pool()
    {
        var (log, _) = Draw(AbiEvent.Parse("event Mint(address minter, uint256 mintAmount, uint256 mintTokens)"), new Random(1));
        Assert.Equal(UniswapV2Pair.Mint.Topic0, log.Topics[0]);
        Assert.Null(UniswapV2Pair.Logs.Read(log));
    }

    [Fact]
    public void a_safe_of_either_age_says_the_same()
    {
        var (before, values) = Draw(Safe.AddedOwnerV3, new Random(1));
        Assert.Equal(new Safe.AddedOwnerV3Log((Address)values[0]), Safe.Logs.Read(before));
        var (since, others) = Draw(Safe.AddedOwner, new Random(2));
        Assert.Equal(new Safe.AddedOwnerLog((Address)others[0]), Safe.Logs.Read(since));
    }

    [Fact]
    public void a_swap_of_algebra_and_one_of_uniswap_are_told_apart_by_the_kind_of_their_pool()
    {
        var (log, _) = Draw(UniswapV3Pool.Swap, new Random(1));
        Assert.IsType<UniswapV3Pool.SwapLog>(UniswapV3Pool.Logs.Read(log));
        Assert.IsType<AlgebraPool.SwapLog>(AlgebraPool.Logs.Read(log));
    }

    private static IEnumerable<(string Type, bool Indexed)> Shape(AbiEvent one) =>
        one.Parameters.Select(parameter => (parameter.Type.Name, parameter.Indexed));

    private static IEnumerable<AbiEvent> Events(Type contract) => contract.GetFields(Declared)
        .OrderBy(field => field.MetadataToken).Select(field => field.GetValue(null)).OfType<AbiEvent>();

    private static object? Part(ContractLog log, string parameter) => log.GetType().GetProperties()
        .FirstOrDefault(part => string.Equals(part.Name, parameter, StringComparison.OrdinalIgnoreCase))?.GetValue(log);

    private static object Comparable(object value) => value switch
    {
        int number => (BigInteger)number,
        long number => (BigInteger)number,
        UInt256 number => number.ToBigInteger(),
        byte[] bytes => Hex.Format(bytes),
        IEnumerable<Address> many => string.Join(',', many),
        object[] many => string.Join(',', many),
        _ => value,
    };

    private static (RpcLog Log, object[] Values) Draw(AbiEvent declaration, Random random)
    {
        var values = declaration.Parameters.Select(parameter => Value(parameter.Type, random)).ToArray();
        var both = declaration.Parameters.Zip(values).ToList();
        Hash32[] topics =
        [
            declaration.Topic0,
            .. both.Where(one => one.First.Indexed).Select(one => new Hash32(AbiCodec.Encode([one.First.Type], one.Second))),
        ];
        var data = both.Where(one => !one.First.Indexed).ToList();
        return (
            new RpcLog(
                Address.Zero, topics, AbiCodec.Encode([.. data.Select(one => one.First.Type)], [.. data.Select(one => one.Second)]),
                1, Hash32.Zero, Hash32.Zero, 0, 0),
            values);
    }

    private static object Value(AbiType type, Random random)
    {
        var bytes = new byte[32];
        random.NextBytes(bytes);
        return type.Kind switch
        {
            AbiKind.UInt => Number(type.Size),
            AbiKind.Int => new BigInteger(bytes.AsSpan(0, type.Size / 8)),
            AbiKind.Address => new Address(bytes.AsSpan(0, 20)),
            AbiKind.Bool => bytes[0] % 2 == 0,
            AbiKind.FixedBytes => new Hash32(bytes),
            AbiKind.Bytes => bytes[..random.Next(32)],
            AbiKind.String => Convert.ToHexString(bytes, 0, random.Next(32)),
            AbiKind.Array => Enumerable.Range(0, random.Next(4)).Select(_ => Value(type.Element!, random)).ToArray(),
            _ => type.Components.Select(part => Value(part.Type, random)).ToArray(),
        };

        // Often the edges: what is too large for its type shows there.
        UInt256 Number(int bits) => random.Next(4) switch
        {
            0 => new UInt256((BigInteger.One << bits) - 1),
            1 => new UInt256(BigInteger.Zero),
            _ => new UInt256(new BigInteger(bytes.AsSpan(0, bits / 8), isUnsigned: true)),
        };
    }

    private static RpcLog Spoiled(RpcLog log, Random random)
    {
        var data = (byte[])log.Data.Clone();
        for (var i = 0; i < random.Next(6) && data.Length > 0; i++)
            data[random.Next(data.Length)] = random.Next(2) == 0 ? (byte)0xff : (byte)random.Next(256);
        if (random.Next(3) == 0)
            data = [.. data, .. new byte[random.Next(70)]];
        if (random.Next(3) == 0)
            data = data[..random.Next(data.Length + 1)];
        var topics = log.Topics.ToList();
        if (random.Next(3) == 0)
            topics.RemoveAt(random.Next(topics.Count));
        if (topics.Count is > 1 and < 4 && random.Next(3) == 0)
            topics.Add(Keccak256.Hash(data));
        if (topics.Count > 1 && random.Next(2) == 0)
            topics[random.Next(1, topics.Count)] = Keccak256.Hash(data);
        return log with { Topics = topics, Data = data };
    }
}

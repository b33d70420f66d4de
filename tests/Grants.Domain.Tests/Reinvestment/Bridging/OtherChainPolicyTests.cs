using System.Buffers.Binary;
using System.Text.Json;
using Grants.Domain.Reinvestment.Policies;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Reinvestment.Bridging;

/// <summary>What a policy may say of the other chain, and what of it is in its hash.</summary>
public sealed class OtherChainPolicyTests
{
    private const string Good =
        """
        {
          "policyId": "p",
          "version": 1,
          "rules": [{ "id": "r", "measure": "twrrBps", "atLeast": 1, "curePeriodSeconds": 1, "ladder": [{ "action": "WARN" }] }],
          "labels": [{ "address": "0x0000000000000000000000000000000000000002", "kind": "BRIDGE" }],
          "otherChain": {
            "chainId": 7,
            "token": "0x0000000000000000000000000000000000000071",
            "landsWithinSeconds": 1209600,
            "venues": [{ "address": "0x0000000000000000000000000000000000000072", "kind": "LOCK" }],
            "labels": [{ "address": "0x0000000000000000000000000000000000000073", "kind": "BRIDGE" }]
          }
        }
        """;

    [Fact]
    public void a_text_says_it_and_it_is_written_as_it_was_read()
    {
        var policy = Read(Good);
        var whole = new BasisPoints(BasisPoints.Whole);
        Assert.Equal(
            new OtherChain(
                7,
                Flows.AddressOf(0x71),
                1_209_600,
                [new PolicyVenue(Flows.AddressOf(0x72), VenueKind.Lock, whole, whole, 0)],
                [new LabelledAddress(Flows.AddressOf(0x73), AddressKind.Bridge)]),
            policy.OtherChain);
        Assert.Equal(policy, Read(WrittenPolicy.Of(policy)!));
        Assert.Equal(policy, JsonSerializer.Deserialize<ReinvestmentPolicy>(JsonSerializer.Serialize(policy)));
        Assert.DoesNotContain("OtherChain", JsonSerializer.Serialize(policy with { OtherChain = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void its_hash_comes_last_and_only_where_there_is_another_chain()
    {
        var policy = Read(Good);
        var alone = policy with { OtherChain = null };
        var venues = Keccak256.Hash(Words(0x72, 0, 10_000, 10_000, 0));
        var labels = Keccak256.Hash(Words(0x73, 0));
        var other = Keccak256.Hash(
            [.. Keccak256.Hash("otherChain").ToBytes(), .. Words(7, 0x71, 1_209_600), .. venues.ToBytes(), .. labels.ToBytes()]);
        var rules = Keccak256.Hash(
        [
            .. Keccak256.Hash("r").ToBytes(),
            .. Words(1, 1, 0, 0, 0, 0, 1, 0, 0, 0),
            .. Keccak256.Hash([.. Words(0, 10_000, 0), .. Keccak256.Hash([]).ToBytes(), .. Keccak256.Hash([]).ToBytes()]).ToBytes(),
        ]);
        byte[] before =
        [
            .. Keccak256.Hash("p").ToBytes(), .. Words(1, 0, 0), .. rules.ToBytes(), .. Keccak256.Hash([]).ToBytes(),
            .. Keccak256.Hash(Words(2, 0)).ToBytes(), .. Words(2, 604_800),
        ];
        Assert.Equal(Keccak256.Hash(before), alone.Hash);
        Assert.Equal(Keccak256.Hash([.. before, .. other.ToBytes()]), policy.Hash);
    }

    [Theory]
    [InlineData("\"chainId\": 7", "\"chainId\": 0", "Line 7, otherChain.chainId: A chain id is above zero.")]
    [InlineData("\"chainId\": 7,", "", "Line 6, otherChain: chainId is missing.")]
    [InlineData("1209600", "0", "Line 9, otherChain.landsWithinSeconds: Must be 1 to 7776000 seconds.")]
    [InlineData("0000000071\"", "0000000000\"", "Line 8, otherChain.token: The zero address is no token.")]
    [InlineData("\"LOCK\"", "\"POOL\"", "Line 10, otherChain.venues[0].kind: On the other chain there are venues of")]
    [InlineData("0000000072\"", "0000000073\"", "Line 10, otherChain.venues: 0x0000000000000000000000000000000000000073 is listed twice")]
    [InlineData("0073\", \"kind\": \"BRIDGE\"", "0073\", \"kind\": \"EXCHANGE\"", "Line 11, otherChain.labels: Both chains need")]
    [InlineData("0002\", \"kind\": \"BRIDGE\"", "0002\", \"kind\": \"EXCHANGE\"", "Line 11, otherChain.labels: Both chains need")]
    [InlineData("\"landsWithinSeconds\"", "\"lands\"", "Line 9, otherChain.lands: There is no lands; there is chainId, token")]
    public void what_is_wrong_is_told_with_path_and_line(string right, string wrong, string problem)
    {
        var text = Good.Replace(right, wrong, StringComparison.Ordinal);
        Assert.NotEqual(Good, text);
        Assert.Contains(PolicyText.Read(text).Problems, one => one.ToString().StartsWith(problem, StringComparison.Ordinal));
    }

    [Fact]
    public void an_address_is_a_venue_on_one_chain_only()
    {
        var policy = Read(Good);
        var twice = policy with { Venues = [policy.OtherChain!.Venues[0]] };
        Assert.Equal("reinvestmentPolicy.otherChain.venues", Assert.IsType<InvalidValue>(twice.Validate()).Field);
        Assert.Null(policy.VenueAt(Flows.AddressOf(0x72)));
        Assert.NotNull(policy.VenueAnywhere(Flows.AddressOf(0x72)));
    }

    private static ReinvestmentPolicy Read(string text)
    {
        var (policy, problems) = PolicyText.Read(text);
        Assert.Empty(problems);
        return policy!;
    }

    private static byte[] Words(params ReadOnlySpan<long> numbers)
    {
        var words = new byte[numbers.Length * 32];
        for (var i = 0; i < numbers.Length; i++)
            BinaryPrimitives.WriteInt64BigEndian(words.AsSpan((i * 32) + 24), numbers[i]);
        return words;
    }
}

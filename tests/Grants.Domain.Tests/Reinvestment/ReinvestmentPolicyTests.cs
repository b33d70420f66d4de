using System.Text.Json;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class ReinvestmentPolicyTests
{
    private static readonly PolicySanction Signed = new(SanctionKind.Blacklist, new BasisPoints(10_000), 1, [Ada], ["builders"]);

    private static readonly ReinvestmentPolicy Pooled = Policy with { Pools = new PolicyPools(new BasisPoints(5_000), [Stable]) };

    public static TheoryData<string, ReinvestmentPolicy> Changed() => new()
    {
        { "id", Policy with { PolicyId = "other" } },
        { "version", Policy with { Version = 2 } },
        { "disposal", TwoRules(maxDisposal: 2_001) },
        { "reinvestment", TwoRules(minReinvestment: 5_001) },
        { "grace", TwoRules(grace: 1) },
        { "cure", TwoRules(cure: 1) },
        { "rule's name", Policy with { Rules = [Policy.Rules[0] with { RuleId = "other" }, Policy.Rules[1]] } },
        { "window", Policy with { Rules = [Policy.Rules[0] with { Window = RuleWindow.Rolling, WindowSeconds = Day }, Policy.Rules[1]] } },
        { "appeal", Policy with { Rules = [Policy.Rules[0] with { AppealSeconds = 1 }, Policy.Rules[1]] } },
        { "end", Policy with { Rules = [Policy.Rules[0] with { LastsSeconds = 1 }, Policy.Rules[1]] } },
        { "pledging", Policy with { Rules = [Policy.Rules[0] with { PledgingCounts = true }, Policy.Rules[1]] } },
        { "ladder", Policy with { Rules = [Policy.Rules[0] with { Ladder = [Policy.Rules[0].Ladder[0]] }, Policy.Rules[1]] } },
        { "signers", Policy with { Rules = [Policy.Rules[0] with { Ladder = [Signed] }, Policy.Rules[1]] } },
        { "extra checkpoints", Policy with { Checkpoints = new PolicyCheckpoints(1, 0) } },
        { "halt", Policy with { Checkpoints = new PolicyCheckpoints(0, 1) } },
        { "fewer venues", Policy with { Venues = [.. Policy.Venues.Skip(1)] } },
        { "order of venues", Policy with { Venues = [.. Policy.Venues.AsEnumerable().Reverse()] } },
        { "kind", Policy with { Venues = [Policy.Venues[0] with { Kind = VenueKind.Pool }, .. Policy.Venues.Skip(1)] } },
        { "weight", Policy with { Venues = [Policy.Venues[0] with { Weight = new BasisPoints(1) }, .. Policy.Venues.Skip(1)] } },
        { "cap", Policy with { Venues = [Policy.Venues[0] with { Cap = new BasisPoints(1) }, .. Policy.Venues.Skip(1)] } },
        { "hold", Policy with { Venues = [Policy.Venues[0] with { MinHoldSeconds = 1 }, .. Policy.Venues.Skip(1)] } },
        { "pools", Policy with { Pools = new PolicyPools(new BasisPoints(10_000), []) } },
        { "own share", Pooled with { Pools = new PolicyPools(new BasisPoints(5_001), [Stable]) } },
        { "pair tokens", Pooled with { Pools = new PolicyPools(new BasisPoints(5_000), []) } },
        { "fewer labels", Policy with { Labels = [.. Policy.Labels.Skip(1)] } },
        { "label", Policy with { Labels = [Policy.Labels[0] with { Kind = AddressKind.Treasury }, .. Policy.Labels.Skip(1)] } },
    };

    public static TheoryData<string, ReinvestmentPolicy> Bad() => new()
    {
        { "policyId", Policy with { PolicyId = " " } },
        { "policyId", Policy with { PolicyId = new string('p', 101) } },
        { "version", Policy with { Version = 0 } },
        { "graceSeconds", TwoRules(grace: -1) },
        { "graceSeconds", TwoRules(grace: long.MaxValue) },
        { "curePeriodSeconds", TwoRules(cure: 0) },
        { "venues", Policy with { Venues = [] } },
        { "venues", Policy with { Venues = [.. Policy.Venues, Policy.Venues[0]] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Address = Exchange }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Address = Address.Zero }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { MinHoldSeconds = -1 }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Kind = (VenueKind)9 }] } },
        { "pools.ownShareBps", Policy with { Pools = new PolicyPools(default, []) } },
        { "pools.pairTokens", Policy with { Pools = new PolicyPools(new BasisPoints(1), [Stable, Stable]) } },
        { "pools.pairTokens", Policy with { Pools = new PolicyPools(new BasisPoints(1), [Address.Zero]) } },
        { "labels", Policy with { Labels = [Policy.Labels[0] with { Address = Address.Zero }] } },
        { "labels", Policy with { Labels = [Policy.Labels[0] with { Kind = (AddressKind)9 }] } },
    };

    [Fact]
    public void a_good_policy_is_not_refused()
    {
        Assert.Null(Policy.Validate());
        Assert.Null((TwoRules(minReinvestment: 0) with { Venues = [] }).Validate());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void a_bad_policy_is_refused(string field, ReinvestmentPolicy policy) =>
        Assert.StartsWith($"reinvestmentPolicy.{field}", Assert.IsType<InvalidValue>(policy.Validate()).Field, StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Changed))]
    public void any_change_makes_another_policy_with_another_hash(string what, ReinvestmentPolicy changed)
    {
        Assert.False(Policy.Equals(changed), what);
        Assert.NotEqual(Policy.Hash, changed.Hash);
        Assert.NotEqual(Pooled.Hash, changed.Hash);
    }

    [Fact]
    public void a_policy_comes_back_from_json_the_same()
    {
        var json = JsonSerializer.Serialize(Policy);
        var restored = JsonSerializer.Deserialize<ReinvestmentPolicy>(json)!;
        Assert.Equal(Policy, restored);
        Assert.Equal(Policy.GetHashCode(), restored.GetHashCode());
        Assert.Equal(Policy.Hash, restored.Hash);
        Assert.Contains("\"Lock\"", json, StringComparison.Ordinal);
    }

    [Fact]
    public void what_is_said_of_pools_comes_back_from_json_and_ends_the_words_of_the_hash()
    {
        Assert.Equal(Pooled, JsonSerializer.Deserialize<ReinvestmentPolicy>(JsonSerializer.Serialize(Pooled)));
        Assert.DoesNotContain("Pools", JsonSerializer.Serialize(Policy), StringComparison.Ordinal);
        var policy = Pooled with { PolicyId = "p", Version = 3, Rules = [], Venues = [], Labels = [], Unknowns = new PolicyUnknowns(2, 9) };
        byte[] pools = [.. Keccak256.Hash("pools").ToBytes(), .. Words(5_000), .. Keccak256.Hash(Words(0x71)).ToBytes()];
        byte[] none = Keccak256.Hash([]).ToBytes();
        Assert.Equal(
            Keccak256.Hash([
                .. Keccak256.Hash("p").ToBytes(), .. Words(3, 0, 0), .. none, .. none, .. none, .. Words(2, 9),
                .. Keccak256.Hash(pools).ToBytes(),
            ]),
            policy.Hash);
    }

    [Fact]
    public void a_stored_policy_of_the_first_form_is_read_as_its_two_rules()
    {
        var json =
            """
            {"policyId":"reinvest-half","version":1,"maxDisposal":2000,"minTimeWeightedReinvestment":5000,"graceSeconds":2592000,
             "curePeriodSeconds":1209600,"venues":[{"address":"0x0000000000000000000000000000000000000010","kind":"Lock",
             "weight":10000,"cap":9000,"minHoldSeconds":7}],"labels":[]}
            """;
        var policy = JsonSerializer.Deserialize<ReinvestmentPolicy>(json, JsonSerializerOptions.Web)!;
        var venue = new PolicyVenue(Locking, VenueKind.Lock, new BasisPoints(10_000), new BasisPoints(9_000), 7);
        Assert.Equal(TwoRules() with { Venues = [venue], Labels = [] }, policy);
        Assert.Equal(["MaxDisposal", "MinTimeWeightedReinvestment"], policy.Rules.Select(rule => rule.RuleId));
        Assert.Equal((0, 30 * Day), (policy.Rules[0].GraceSeconds, policy.Rules[1].GraceSeconds));
        Assert.All(policy.Rules, rule => Assert.Equal(
            [SanctionKind.Gate, SanctionKind.ClawBackUnreleased], rule.Ladder.Select(rung => rung.Kind)));
    }

    [Fact]
    public void the_hash_is_that_of_the_documented_words()
    {
        var policy = ReinvestmentPolicy.OfTwoRules(
            "p",
            3,
            new BasisPoints(1),
            new BasisPoints(2),
            4,
            5,
            [new PolicyVenue(Pair, VenueKind.Pool, new BasisPoints(6), new BasisPoints(7), 8)],
            [new LabelledAddress(Exchange, AddressKind.Exchange)]);
        var venues = Keccak256.Hash(Words(0x12, 2, 6, 7, 8));
        var labels = Keccak256.Hash(Words(0x21, 1));
        byte[] words = [.. Keccak256.Hash("p").ToBytes(), .. Words(3, 1, 2, 4, 5), .. venues.ToBytes(), .. labels.ToBytes()];
        Assert.Equal(Keccak256.Hash(words), policy.Hash);
    }

    private static byte[] Words(params ulong[] numbers) => [.. numbers.SelectMany(number => ((UInt256)number).ToBytes())];
}

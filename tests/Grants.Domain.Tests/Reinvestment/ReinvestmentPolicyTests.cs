using System.Text.Json;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class ReinvestmentPolicyTests
{
    public static TheoryData<string, ReinvestmentPolicy> Changed() => new()
    {
        { "id", Policy with { PolicyId = "other" } },
        { "version", Policy with { Version = 2 } },
        { "disposal", Policy with { MaxDisposal = new BasisPoints(2_001) } },
        { "reinvestment", Policy with { MinTimeWeightedReinvestment = new BasisPoints(5_001) } },
        { "grace", Policy with { GraceSeconds = 1 } },
        { "cure", Policy with { CurePeriodSeconds = 1 } },
        { "fewer venues", Policy with { Venues = [.. Policy.Venues.Skip(1)] } },
        { "order of venues", Policy with { Venues = [.. Policy.Venues.Reverse()] } },
        { "kind", Policy with { Venues = [Policy.Venues[0] with { Kind = VenueKind.Pool }, .. Policy.Venues.Skip(1)] } },
        { "weight", Policy with { Venues = [Policy.Venues[0] with { Weight = new BasisPoints(1) }, .. Policy.Venues.Skip(1)] } },
        { "cap", Policy with { Venues = [Policy.Venues[0] with { Cap = new BasisPoints(1) }, .. Policy.Venues.Skip(1)] } },
        { "hold", Policy with { Venues = [Policy.Venues[0] with { MinHoldSeconds = 1 }, .. Policy.Venues.Skip(1)] } },
        { "fewer labels", Policy with { Labels = [.. Policy.Labels.Skip(1)] } },
        { "label", Policy with { Labels = [Policy.Labels[0] with { Kind = AddressKind.Treasury }, .. Policy.Labels.Skip(1)] } },
    };

    public static TheoryData<string, ReinvestmentPolicy> Bad() => new()
    {
        { "policyId", Policy with { PolicyId = " " } },
        { "policyId", Policy with { PolicyId = new string('p', 101) } },
        { "version", Policy with { Version = 0 } },
        { "graceSeconds", Policy with { GraceSeconds = -1 } },
        { "graceSeconds", Policy with { GraceSeconds = long.MaxValue } },
        { "curePeriodSeconds", Policy with { CurePeriodSeconds = 0 } },
        { "venues", Policy with { Venues = [] } },
        { "venues", Policy with { Venues = [.. Policy.Venues, Policy.Venues[0]] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Address = Exchange }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Address = Address.Zero }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { MinHoldSeconds = -1 }] } },
        { "venues", Policy with { Venues = [Policy.Venues[0] with { Kind = (VenueKind)9 }] } },
        { "labels", Policy with { Labels = [Policy.Labels[0] with { Address = Address.Zero }] } },
        { "labels", Policy with { Labels = [Policy.Labels[0] with { Kind = (AddressKind)9 }] } },
    };

    [Fact]
    public void a_good_policy_is_not_refused()
    {
        Assert.Null(Policy.Validate());
        Assert.Null((Policy with { Venues = [], MinTimeWeightedReinvestment = default }).Validate());
    }

    [Theory]
    [MemberData(nameof(Bad))]
    public void a_bad_policy_is_refused(string field, ReinvestmentPolicy policy) =>
        Assert.Equal($"reinvestmentPolicy.{field}", Assert.IsType<InvalidValue>(policy.Validate()).Field);

    [Theory]
    [MemberData(nameof(Changed))]
    public void any_change_makes_another_policy_with_another_hash(string what, ReinvestmentPolicy changed)
    {
        Assert.False(Policy.Equals(changed), what);
        Assert.NotEqual(Policy.Hash, changed.Hash);
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
    public void the_hash_is_that_of_the_documented_words()
    {
        var policy = new ReinvestmentPolicy(
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

using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Grants.Domain.Tests.Disbursements;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class EqualTranchesTests
{
    private const long Start = 1_700_000_000;

    private static readonly Gen<(EqualTranches Schedule, UInt256 Amount, long At)> Cases =
        from duration in Gen.OneOf(Gen.Long[1, 50], Gen.Long[1, 4_000_000_000])
        from cliff in Gen.Long[0, duration]
        from tranches in Gen.Int[1, 60]
        from amount in DrawnVesting.Amounts
        from after in Gen.Long[-1, duration + 1]
        select (new EqualTranches(Start, cliff, duration, tranches), amount, Start + after);

    [Fact]
    public void the_curve_vests_whole_tranches_rounded_down_and_all_at_the_end() => Seeded.Check(Cases, sample =>
    {
        var (schedule, amount, at) = sample;
        var curve = schedule.CurveOf(amount);
        Assert.Null(curve.Validate());
        Assert.Equal(amount, curve.Amount);
        Assert.Equal(Vested(schedule, amount, at), curve.VestedAmount(at));
    });

    [Fact]
    public void an_order_of_the_first_version_reads_on()
    {
        const string schedule = """{"startAt":1800000000,"cliffSeconds":100,"durationSeconds":400,"tranches":4}""";
        var order = AnOrder.Order with { Kind = TreasuryOrderKind.Reservation, Amount = 1_003 };
        var stored = JsonSerializer.SerializeToNode(order, JsonSerializerOptions.Web)!.AsObject();
        Assert.True(stored.Remove("vesting"));
        stored["schedule"] = JsonNode.Parse(schedule);
        Assert.Equal(order with { Vesting = AnAward.Quarters(1_003) }, stored.Deserialize<TreasuryOrder>(JsonSerializerOptions.Web));
        Assert.DoesNotContain("schedule", JsonSerializer.Serialize(order, JsonSerializerOptions.Web), StringComparison.Ordinal);
    }

    // The formula of the first version of the vault.
    private static UInt256 Vested(EqualTranches schedule, UInt256 amount, long at)
    {
        if (at < schedule.StartAt + schedule.CliffSeconds)
            return UInt256.Zero;
        if (at >= schedule.StartAt + schedule.DurationSeconds)
            return amount;
        var tranche = (ulong)((Int128)(at - schedule.StartAt) * schedule.Tranches / schedule.DurationSeconds);
        return UInt256.MulDiv(amount, tranche, (ulong)schedule.Tranches);
    }
}

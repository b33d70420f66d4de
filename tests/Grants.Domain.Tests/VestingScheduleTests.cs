using System.Text.Json;
using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class VestingScheduleTests
{
    private const long Start = 1_700_000_000;

    private static readonly VestingSchedule Quarterly = new(Start, 0, 400, 4);

    private static readonly Gen<UInt256> Amounts = Gen.OneOf(
        Gen.ULong[0, 20].Select(number => (UInt256)number),
        Gen.ULong.Select(number => (UInt256)number * 1_000_000_000_000_000_000UL));

    private static readonly Gen<VestingSchedule> Schedules =
        from duration in Gen.OneOf(Gen.Long[1, 50], Gen.Long[1, VestingSchedule.DurationSecondsMax])
        from cliff in Gen.Long[0, duration]
        from tranches in Gen.OneOf(Gen.Int[1, 12], Gen.Int[1, int.MaxValue])
        select new VestingSchedule(Start, cliff, duration, tranches);

    public static TheoryData<string> Vectors() => [.. Read("vectors").Select(vector => vector.GetRawText())];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void a_tranche_a_second_vests_as_the_wallet_of_openzeppelin_with_a_cliff(string vector)
    {
        using var json = JsonDocument.Parse(vector);
        var name = json.RootElement.GetProperty("case").GetString();
        var terms = Read("cases").Single(one => one.GetProperty("n").GetString() == name);
        var duration = terms.GetProperty("dur").GetInt64();
        var schedule = new VestingSchedule(Start, terms.GetProperty("cliff").GetInt64(), duration, (int)duration);
        var vested = schedule.VestedAmount(
            UInt256.Parse(terms.GetProperty("amt").GetString()!), Start + json.RootElement.GetProperty("dt").GetInt64());
        Assert.Equal(json.RootElement.GetProperty("oz_cliff").GetString(), vested.ToString());
    }

    [Fact]
    public void there_are_vectors() => Assert.True(Vectors().Count > 50);

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(0, 0)]
    [InlineData(99, 0)]
    [InlineData(100, 25)]
    [InlineData(199, 25)]
    [InlineData(399, 75)]
    [InlineData(400, 101)]
    [InlineData(9_999, 101)]
    public void tranches_vest_whole_and_the_last_takes_the_rest(long after, ulong vested) =>
        Assert.Equal(vested, Quarterly.VestedAmount(101, Start + after));

    [Theory]
    [InlineData(149, 0)]
    [InlineData(150, 25)]
    [InlineData(200, 50)]
    public void at_the_cliff_all_that_the_curve_holds_is_vested(long after, ulong vested) =>
        Assert.Equal(vested, (Quarterly with { CliffSeconds = 150 }).VestedAmount(101, Start + after));

    [Fact]
    public void a_tranche_before_the_cliff_is_due_at_the_cliff()
    {
        var schedule = Quarterly with { CliffSeconds = 150 };
        Assert.Equal([Start + 150, Start + 200, Start + 300, Start + 400], Enumerable.Range(1, 4).Select(schedule.TrancheDueAt));
    }

    [Fact]
    public void the_largest_amount_over_the_longest_time_does_not_overflow()
    {
        var schedule = new VestingSchedule(VestingSchedule.StartAtMax, 0, VestingSchedule.DurationSecondsMax, int.MaxValue);
        Assert.Null(schedule.Validate());
        var almost = schedule.VestedAmount(UInt256.MaxValue, schedule.TrancheDueAt(int.MaxValue) - 1);
        Assert.True(almost > UInt256.MaxValue / 2UL && almost < UInt256.MaxValue);
    }

    [Fact]
    public void vesting_never_falls_and_ends_at_the_amount() => Seeded.Check(
        Gen.Select(Schedules, Amounts, Gen.Double.Unit.Array[8]),
        sample =>
        {
            var (schedule, amount, fractions) = sample;
            var times = fractions.Select(at => (long)(at * schedule.DurationSeconds)).Append(schedule.DurationSeconds).Append(-1).Order();
            var vested = times.Select(after => schedule.VestedAmount(amount, Start + after)).ToList();
            Assert.Equal(vested.Order(), vested);
            Assert.Equal(UInt256.Zero, vested[0]);
            Assert.Equal(amount, vested[^1]);
            Assert.Equal(amount, schedule.VestedAmount(amount, Start + schedule.DurationSeconds + 1));
        });

    [Fact]
    public void the_tranches_sum_to_the_amount() => Seeded.Check(
        Gen.Select(Schedules, Gen.Int[1, 40], Amounts),
        sample =>
        {
            var schedule = sample.Item1 with { Tranches = sample.Item2 };
            var sum = Tranches(schedule, sample.Item3).Aggregate(UInt256.Zero, (total, tranche) => total + tranche);
            Assert.Equal(sample.Item3, sum);
        });

    [Fact]
    public void a_tranche_is_vested_when_it_is_due_and_not_before() => Seeded.Check(
        Gen.Select(Schedules, Gen.Int[1, 40], Amounts),
        sample =>
        {
            var (schedule, amount) = (sample.Item1 with { Tranches = sample.Item2 }, sample.Item3);
            var sum = UInt256.Zero;
            for (var tranche = 1; tranche <= schedule.Tranches; tranche++)
            {
                var due = schedule.TrancheDueAt(tranche);
                var part = schedule.TrancheAmount(amount, tranche);
                sum += part;
                Assert.True(schedule.VestedAmount(amount, due) >= sum);
                if (!part.IsZero)
                    Assert.True(schedule.VestedAmount(amount, due - 1) < sum);
            }
        });

    [Theory]
    [InlineData(-1L, 0L, 100L, 1, "vestingSchedule.startAt")]
    [InlineData(1_700_000_000_000L, 0L, 100L, 1, "vestingSchedule.startAt")]
    [InlineData(0L, 0L, 0L, 1, "vestingSchedule.durationSeconds")]
    [InlineData(0L, 0L, long.MaxValue, 1, "vestingSchedule.durationSeconds")]
    [InlineData(0L, -1L, 100L, 1, "vestingSchedule.cliffSeconds")]
    [InlineData(0L, 101L, 100L, 1, "vestingSchedule.cliffSeconds")]
    [InlineData(0L, 0L, 100L, 0, "vestingSchedule.tranches")]
    public void a_bad_schedule_is_refused(long startAt, long cliff, long duration, int tranches, string field)
    {
        var rejection = Assert.IsType<InvalidValue>(new VestingSchedule(startAt, cliff, duration, tranches).Validate());
        Assert.Equal(field, rejection.Field);
    }

    [Fact]
    public void a_good_schedule_is_not_refused() => Seeded.Check(Schedules, schedule => Assert.Null(schedule.Validate()));

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void a_tranche_that_does_not_exist_has_no_time(int tranche) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Quarterly.TrancheDueAt(tranche));

    private static IEnumerable<UInt256> Tranches(VestingSchedule schedule, UInt256 amount) =>
        Enumerable.Range(1, schedule.Tranches).Select(tranche => schedule.TrancheAmount(amount, tranche));

    private static List<JsonElement> Read(string property)
    {
        using var json = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Vectors", "vesting.json")));
        return [.. json.RootElement.GetProperty(property).EnumerateArray().Select(element => element.Clone())];
    }
}

using System.Numerics;
using System.Text.Json;
using CsCheck;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class VestingCurveTests
{
    private const long Start = DrawnVesting.Start;

    private static readonly LinearVesting Line = new(1000, Start, 100, 400, 100, 50, 70);

    public static TheoryData<string, string, CliffMode> Vectors() => [.. VectorFile.Cases("vesting.json", "vectors").SelectMany(vector =>
        new[] { (vector.GetRawText(), "sablier_v4", CliffMode.FromCliff), (vector.GetRawText(), "oz_cliff", CliffMode.Retro) })];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void what_other_contracts_vested_on_a_chain_vests_here(string vector, string peer, CliffMode mode)
    {
        var expected = JsonElement.Parse(vector);
        var terms = VectorFile.Cases("vesting.json").Single(one => one.Text("n") == expected.Text("case"));
        var line = new LinearVesting(
            UInt256.Parse(terms.Text("amt")),
            Start,
            terms.GetProperty("cliff").GetInt64(),
            terms.GetProperty("dur").GetInt64(),
            UInt256.Parse(terms.Text("us")),
            UInt256.Parse(terms.Text("uc")),
            terms.GetProperty("g").GetInt64(),
            mode);
        Assert.Null(line.Validate());
        Assert.Equal(expected.Text(peer), line.VestedAmount(Start + expected.GetProperty("dt").GetInt64()).ToString());
    }

    [Fact]
    public void there_are_vectors() => Assert.True(Vectors().Count > 150);

    [Theory]
    [InlineData(-1, 0, 0)]
    [InlineData(0, 100, 100)]
    [InlineData(99, 100, 100)]
    [InlineData(100, 150, 298)]
    [InlineData(139, 150, 298)]
    [InlineData(140, 150, 447)]
    [InlineData(169, 150, 447)]
    [InlineData(170, 348, 447)]
    [InlineData(210, 348, 596)]
    [InlineData(309, 546, 745)]
    [InlineData(310, 745, 745)]
    [InlineData(379, 745, 893)]
    [InlineData(380, 943, 893)]
    [InlineData(399, 943, 893)]
    [InlineData(400, 1000, 1000)]
    [InlineData(long.MaxValue - Start, 1000, 1000)]
    public void a_line_has_its_unlocks_its_cliff_and_its_steps(long after, ulong fromCliff, ulong retro)
    {
        Assert.Equal(fromCliff, Line.VestedAmount(Start + after));
        Assert.Equal(retro, (Line with { CliffMode = CliffMode.Retro }).VestedAmount(Start + after));
    }

    [Fact]
    public void vesting_never_falls_stays_within_the_amount_and_ends_at_it() => Seeded.Check(
        Gen.Select(DrawnVesting.Curves, Gen.Int[0, 1000].Array[8]),
        sample =>
        {
            var (curve, drawn) = sample;
            Assert.Null(curve.Validate());
            var instants = DrawnVesting.Instants(curve, drawn);
            var vested = instants.Select(curve.VestedAmount).ToList();
            Assert.Equal(vested.Order(), vested);
            foreach (var (at, amount) in instants.Zip(vested))
            {
                Assert.True(amount <= curve.Amount);
                if (at < curve.BeginsAt)
                    Assert.Equal(UInt256.Zero, amount);
                if (at >= curve.EndsAt)
                    Assert.Equal(curve.Amount, amount);
            }
        });

    [Fact]
    public void on_the_line_only_what_is_less_than_one_unit_is_rounded_off() => Seeded.Check(
        Gen.Select(DrawnVesting.Lines, Gen.Int[0, 1000].Array[8]),
        sample =>
        {
            var (line, drawn) = sample;
            var unlocked = line.StartUnlock + line.CliffUnlock;
            var cliff = line.StartAt + line.CliffSeconds;
            var begin = line.CliffMode == CliffMode.Retro ? line.StartAt : cliff;
            foreach (var at in DrawnVesting.Instants(line, drawn).Where(at => at >= cliff && at < line.EndsAt))
            {
                var steps = new BigInteger((at - begin) / line.GranularitySeconds);
                var exact = steps * line.GranularitySeconds * (line.Amount - unlocked).ToBigInteger();
                var vested = (line.VestedAmount(at) - unlocked).ToBigInteger() * (line.EndsAt - begin);
                Assert.InRange(exact - vested, BigInteger.Zero, line.EndsAt - begin - 1);
            }
        });

    [Fact]
    public void what_vests_second_by_second_is_all_of_the_amount() => Seeded.Check(
        DrawnVesting.Curves.Where(curve => curve.EndsAt - curve.BeginsAt <= 300),
        curve =>
        {
            var steps = curve.Steps().ToList();
            Assert.Equal(curve.Amount, Sum(steps.Select(step => step.Amount)));
            Assert.DoesNotContain(steps, step => step.Amount.IsZero);
            Assert.Equal(steps.Select(step => step.At).Distinct().Order(), steps.Select(step => step.At));
            for (var at = curve.BeginsAt - 1; at <= curve.EndsAt + 1; at++)
                Assert.Equal(curve.VestedAmount(at), Sum(steps.Where(step => step.At <= at).Select(step => step.Amount)));
        });

    [Fact]
    public void steps_of_a_long_line_are_not_counted_before_they_are_asked_for()
    {
        var line = new LinearVesting(UInt256.MaxValue, 0, 0, VestingCurve.InstantMax);
        Assert.Equal([1L, 2L, 3L], line.Steps().Take(3).Select(step => step.At));
    }

    [Fact]
    public void parts_by_shares_sum_to_the_amount_and_the_last_takes_the_rest() => Seeded.Check(
        Gen.Select(DrawnVesting.Amounts, Gen.Int[1, 40]),
        sample =>
        {
            var (amount, count) = sample;
            var share = BasisPoints.Whole / count;
            var rest = new BasisPoints(BasisPoints.Whole - (share * (count - 1)));
            BasisPoints[] shares = [.. Enumerable.Repeat(new BasisPoints(share), count - 1), rest];
            var parts = TranchedVesting.Cut(amount, shares);
            Assert.Equal(amount, Sum(parts));
            Assert.Equal(count, parts.Count);
            Assert.All(parts.SkipLast(1), part => Assert.Equal(shares[0].OfAmount(amount), part));
            Assert.True(parts[^1] >= rest.OfAmount(amount));
        });

    [Fact]
    public void shares_that_are_not_the_whole_are_not_cut() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => TranchedVesting.Cut(10, [new(5_000), new(4_999)]));

    [Fact]
    public void a_schedule_is_read_back_as_it_was_written() => Seeded.Check(DrawnVesting.Curves, curve =>
    {
        var json = JsonSerializer.Serialize(curve);
        Assert.DoesNotContain("EndsAt", json, StringComparison.Ordinal);
        Assert.Equal(curve, JsonSerializer.Deserialize<VestingCurve>(json));
    });

    public static TheoryData<string, LinearVesting> BadLines() => new()
    {
        { "startAt", Line with { StartAt = -1 } },
        { "startAt", Line with { StartAt = 1_700_000_000_000 } },
        { "durationSeconds", Line with { DurationSeconds = 0 } },
        { "durationSeconds", Line with { DurationSeconds = long.MaxValue } },
        { "cliffSeconds", Line with { CliffSeconds = -1 } },
        { "cliffSeconds", Line with { CliffSeconds = 400 } },
        { "cliffSeconds", Line with { CliffSeconds = 401, CliffMode = CliffMode.Retro } },
        { "cliffMode", Line with { CliffMode = (CliffMode)2 } },
        { "cliffUnlock", Line with { CliffSeconds = 0 } },
        { "cliffUnlock", Line with { StartUnlock = 951 } },
        { "cliffUnlock", Line with { StartUnlock = 1001, CliffUnlock = 0 } },
        { "cliffUnlock", Line with { StartUnlock = UInt256.MaxValue, CliffUnlock = UInt256.MaxValue } },
        { "granularitySeconds", Line with { GranularitySeconds = 0 } },
        { "granularitySeconds", Line with { GranularitySeconds = -1 } },
        { "granularitySeconds", Line with { GranularitySeconds = 301 } },
        { "granularitySeconds", Line with { GranularitySeconds = 401, CliffMode = CliffMode.Retro } },
    };

    [Theory]
    [MemberData(nameof(BadLines))]
    public void a_line_that_contradicts_itself_is_refused(string field, LinearVesting line) =>
        Assert.Equal($"vesting.{field}", Assert.IsType<InvalidValue>(line.Validate()).Field);

    [Fact]
    public void a_line_at_its_limits_is_not_refused()
    {
        Assert.Null((Line with { StartUnlock = 950, GranularitySeconds = 300 }).Validate());
        Assert.Null((Line with { CliffSeconds = 400, GranularitySeconds = 400, CliffMode = CliffMode.Retro }).Validate());
        Assert.Null(new LinearVesting(UInt256.MaxValue, 0, 0, VestingCurve.InstantMax).Validate());
    }

    [Fact]
    public void tranches_that_contradict_each_other_are_refused()
    {
        Refused([]);
        Refused([new(-1, 5)]);
        Refused([new(VestingCurve.InstantMax + 1, 5)]);
        Refused([new(10, 5), new(9, 5)]);
        Refused([new(10, UInt256.MaxValue), new(10, 1)]);
        Refused([new(10, 5, 0)]);
        Assert.Null(new TranchedVesting([new(10, UInt256.MaxValue - 1, 1), new(10, 1, 1), new(10, 0)]).Validate());

        static void Refused(ValueList<VestingTranche> tranches) =>
            Assert.Equal("vesting.tranches", Assert.IsType<InvalidValue>(new TranchedVesting(tranches).Validate()).Field);
    }

    private static UInt256 Sum(IEnumerable<UInt256> amounts) => amounts.Aggregate(UInt256.Zero, (sum, amount) => sum + amount);
}

using CsCheck;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class VestingPausesTests
{
    private const long Start = DrawnVesting.Start;

    private static readonly Gen<VestingPauses> Histories = Gen.Select(
        Gen.OneOf(Gen.Const(0L), Gen.Long[1, 80]), Gen.Select(Gen.Long[0, 20], Gen.Bool).Array[0, 12], Play);

    [Fact]
    public void without_a_pause_the_clock_is_that_of_the_world() => Assert.Equal(Start, VestingPauses.None.EffectiveTime(Start));

    [Fact]
    public void the_clock_stands_in_a_pause_and_is_later_by_it_afterwards()
    {
        var pauses = new VestingPauses(100, []).PausedFrom(Start + 10).ResumedAt(Start + 30).PausedFrom(Start + 50);
        long[] effective = [.. new[] { 0L, 10, 11, 30, 31, 50, 51, 60 }.Select(after => pauses.EffectiveTime(Start + after) - Start)];
        Assert.Equal([0, 10, 10, 10, 11, 30, 30, 30], effective);
        Assert.True(pauses.IsOpen);
    }

    [Fact]
    public void a_pause_that_nobody_ends_is_over_when_the_budget_is_used_up()
    {
        var pauses = new VestingPauses(100, []).PausedFrom(Start);
        Assert.Equal((Start, Start + 1), (pauses.EffectiveTime(Start + 100), pauses.EffectiveTime(Start + 101)));
        Assert.Equal(100, pauses.PausedSeconds(long.MaxValue));
        Assert.IsType<PauseBudgetSpent>(pauses.ResumedAt(Start + 500).CheckPause(Start + 500));
        Assert.Null(pauses.ResumedAt(Start + 99).CheckPause(Start + 99));
    }

    [Fact]
    public void no_pause_is_allowed_without_a_budget() =>
        Assert.Equal("PAUSE_BUDGET_SPENT", VestingPauses.None.CheckPause(Start)!.Code);

    [Fact]
    public void a_pause_does_not_reach_back_before_the_last_one()
    {
        var pauses = new VestingPauses(100, []).PausedFrom(Start + 10);
        Assert.IsType<InvalidValue>(pauses.CheckResume(Start + 9));
        Assert.Null(pauses.CheckResume(Start + 10));
        pauses = pauses.ResumedAt(Start + 20);
        Assert.IsType<InvalidValue>(pauses.CheckPause(Start + 19));
        Assert.Null(pauses.CheckPause(Start + 20));
    }

    [Fact]
    public void a_pause_that_lasts_is_not_begun_again_and_none_is_not_ended()
    {
        var pauses = new VestingPauses(100, []).PausedFrom(Start);
        Assert.Equal(pauses, pauses.PausedFrom(Start + 5));
        pauses = pauses.ResumedAt(Start + 9);
        Assert.Equal(pauses, pauses.ResumedAt(Start + 15));
    }

    [Fact]
    public void pauses_only_delay_and_never_turn_the_clock_back() => Seeded.Check(Histories, pauses =>
    {
        for (var at = Start - 2; at < Start + 300; at++)
        {
            Assert.InRange(pauses.EffectiveTime(at) - pauses.EffectiveTime(at - 1), 0, 1);
            Assert.InRange(at - pauses.EffectiveTime(at), 0, pauses.BudgetSeconds);
        }
    });

    [Fact]
    public void an_effective_time_is_reached_in_its_first_real_second() => Seeded.Check(Histories, pauses =>
    {
        for (var effective = Start - 2; effective < Start + 200; effective++)
        {
            var real = pauses.RealTime(effective);
            Assert.Equal(effective, pauses.EffectiveTime(real));
            Assert.Equal(effective - 1, pauses.EffectiveTime(real - 1));
        }
    });

    [Fact]
    public void two_pauses_are_as_long_as_one_of_both() => Seeded.Check(
        Gen.Select(DrawnVesting.Curves, Gen.Long[0, 1000], Gen.Long[0, 1000], Gen.Int[0, 1000]),
        sample =>
        {
            var (curve, first, second, permille) = sample;
            var budget = new VestingPauses(2000, []);
            var from = curve.BeginsAt - 10;
            var two = budget.PausedFrom(from).ResumedAt(from + first).PausedFrom(from + first + 5).ResumedAt(from + first + 5 + second);
            var one = budget.PausedFrom(from).ResumedAt(from + first + second);
            foreach (var at in DrawnVesting.Instants(curve, permille).Where(at => at > from && at < VestingCurve.InstantMax))
            {
                var later = at + first + second + 5;
                Assert.Equal(At(one, later), At(two, later));
                Assert.Equal(curve.VestedAmount(later - first - second), At(two, later).Vested);
            }

            (long, Primitives.UInt256 Vested) At(VestingPauses pauses, long at)
            {
                var position = new VestingPosition(curve) with { Pauses = pauses };
                return (position.EndsAt - curve.EndsAt, position.VestedAmount(at));
            }
        });

    private static VestingPauses Play(long budget, (long Wait, bool Pause)[] moves)
    {
        var (pauses, at) = (new VestingPauses(budget, []), Start);
        foreach (var (wait, pause) in moves)
        {
            at += wait;
            if (pause && pauses.CheckPause(at) is null)
                pauses = pauses.PausedFrom(at);
            else if (!pause && pauses.CheckResume(at) is null)
                pauses = pauses.ResumedAt(at);
        }

        return pauses;
    }
}

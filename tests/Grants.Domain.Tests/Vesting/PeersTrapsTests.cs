using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

/// <summary>What went wrong elsewhere with vesting, each by its name, and what happens here instead.</summary>
public sealed class PeersTrapsTests
{
    private const long Start = DrawnVesting.Start;
    private const long Day = 86_400;

    private static readonly UInt256 NoCap = UInt256.MaxValue;

    // 1,000 over 100 days with a cliff of 10.
    private static readonly LinearVesting Line = new(1000, Start, 10 * Day, 100 * Day);

    private static readonly Dictionary<int, UInt256> NoVerdicts = [];

    [Fact]
    public void openzeppelin_vests_late_deposits_backwards_but_here_the_amount_is_a_term_of_the_award() => Seeded.Check(
        DrawnVesting.Curves, curve => Assert.Equal(curve.Amount, curve.VestedAmount(long.MaxValue)));

    [Fact]
    public void openzeppelin_jumps_at_the_cliff_and_sablier_does_not_so_the_schedule_says_which()
    {
        Assert.Equal<UInt256>(0, Line.VestedAmount(Start + (10 * Day)));
        Assert.Equal<UInt256>(100, (Line with { CliffMode = CliffMode.Retro }).VestedAmount(Start + (10 * Day)));
    }

    [Fact]
    public void sablier_reads_granularity_zero_as_one_but_here_it_is_refused() =>
        Assert.IsType<InvalidValue>((Line with { GranularitySeconds = 0 }).Validate());

    [Fact]
    public void the_last_step_of_sablier_is_at_the_end_also_where_the_granularity_does_not_divide_the_line()
    {
        var line = Line with { CliffSeconds = 0, GranularitySeconds = 30 * Day };
        Assert.Equal([30, 60, 90, 100], line.Steps().Select(step => (step.At - Start) / Day));
        Assert.Equal<UInt256>(900, line.VestedAmount(line.EndsAt - 1));
    }

    [Fact]
    public void sablier_three_rounded_twice_but_here_it_is_done_once()
    {
        var line = new LinearVesting(UInt256.Parse("333333333333333333333"), Start, 0, 100_000_007);
        Assert.Equal("287999979840001411", line.VestedAmount(Start + Day).ToString());
        Assert.NotEqual("287999979840001333", line.VestedAmount(Start + Day).ToString());
    }

    [Fact]
    public void sablier_counts_a_tranche_in_its_second_and_a_segment_after_it_but_here_a_second_always_belongs_to_what_vests_in_it()
    {
        var tranches = new TranchedVesting([new(Start + 5, 7)]);
        Assert.Equal((UInt256.Zero, (UInt256)7UL), (tranches.VestedAmount(Start + 4), tranches.VestedAmount(Start + 5)));
        var line = Line with { StartUnlock = 3, CliffUnlock = 4 };
        Assert.Equal<UInt256>(3, line.VestedAmount(Start));
        Assert.Equal<UInt256>(7, line.VestedAmount(Start + (10 * Day)));
    }

    [Fact]
    public void hedgey_vests_all_of_a_small_amount_at_once_but_here_it_vests_by_time() =>
        Assert.Equal<UInt256>(204, new LinearVesting(10_000, Start, 0, 7 * Day).VestedAmount(Start + 12_345));

    [Fact]
    public void hedgey_moves_the_end_by_rounding_the_rate_but_here_the_end_is_the_end() => Seeded.Check(DrawnVesting.Lines, line =>
    {
        Assert.Equal(line.StartAt + line.DurationSeconds, line.EndsAt);
        if (line.StartUnlock + line.CliffUnlock < line.Amount)
            Assert.True(line.VestedAmount(line.EndsAt - 1) < line.Amount);
    });

    [Fact]
    public void hedgey_changes_a_plan_when_it_is_redeemed_but_here_releases_do_not_change_what_vests() => Seeded.Check(
        Gen.Select(DrawnVesting.Curves, Gen.Int[0, 1000].Array[0, 20]),
        sample =>
        {
            var (position, released) = (new VestingPosition(sample.Item1), UInt256.Zero);
            foreach (var at in DrawnVesting.Instants(sample.Item1, sample.Item2))
            {
                released += position.Releasable(at, NoCap, released);
                Assert.Equal(UInt256.Min(position.VestedAmount(at), position.MilestoneCap(at)), released);
            }
        });

    [Fact]
    public void superfluid_pays_too_much_when_it_is_late_but_here_late_is_only_late()
    {
        var position = new VestingPosition(Line);
        Assert.Equal<UInt256>(1000, position.Releasable(Start + (500 * Day), NoCap, 0));
        Assert.Equal<UInt256>(0, position.Releasable(Start + (500 * Day), NoCap, 1000));
    }

    [Fact]
    public void llamapay_stops_everybody_and_starts_anew_but_here_a_pause_is_a_pause_of_one_award()
    {
        var position = new VestingPosition(Line) with
        {
            Pauses = new VestingPauses(90 * Day, []).PausedFrom(Start + (55 * Day)).ResumedAt(Start + (75 * Day)),
        };
        Assert.Equal<UInt256>(500, position.VestedAmount(Start + (55 * Day)));
        Assert.Equal<UInt256>(500, position.VestedAmount(Start + (75 * Day)));
        Assert.Equal(Start + (120 * Day), position.EndsAt);
    }

    [Fact]
    public void decentraland_pauses_without_end_but_here_a_pause_has_a_budget()
    {
        var position = new VestingPosition(Line) with { Pauses = new VestingPauses(90 * Day, []).PausedFrom(Start) };
        Assert.Equal(Start + (190 * Day), position.EndsAt);
        Assert.Equal<UInt256>(1000, position.VestedAmount(Start + (190 * Day)));
    }

    [Fact]
    public void sablier_refunds_what_has_not_vested_and_so_does_a_cancellation_that_keeps_the_vested()
    {
        // A stream of these terms, 100 withdrawn on day 40 and cancelled on day 55, refunded 500 and left 400.
        var position = Cancelled(55 * Day, CancellationMode.KeepVested);
        Assert.Equal<UInt256>(500, position.Clawback(100));
        Assert.Equal<UInt256>(400, position.Releasable(Start + (55 * Day), NoCap, 100));
    }

    [Fact]
    public void no_peer_takes_back_what_is_vested_and_held_but_a_cancellation_can_keep_the_released_alone()
    {
        var position = Cancelled(55 * Day, CancellationMode.KeepReleased);
        Assert.Equal<UInt256>(900, position.Clawback(100));
        Assert.Equal<UInt256>(0, position.Releasable(Start + (500 * Day), NoCap, 100));
    }

    [Fact]
    public void hedgey_goes_on_vesting_after_a_revocation_but_here_the_clock_stands()
    {
        var position = Cancelled(55 * Day, CancellationMode.KeepVested);
        Assert.Equal(position.VestedAmount(Start + (55 * Day)), position.VestedAmount(Start + (99 * Day)));
        Assert.Null(position.NextDueAt(500));
    }

    [Fact]
    public void before_the_start_all_goes_back_and_after_the_end_nothing_does_where_sablier_fails()
    {
        Assert.Equal<UInt256>(1000, Cancelled(-1, CancellationMode.KeepVested).Clawback(0));
        Assert.Equal<UInt256>(0, Cancelled(100 * Day, CancellationMode.KeepVested).Clawback(0));
        Assert.Equal<UInt256>(0, Cancelled(101 * Day, CancellationMode.KeepReleased).Clawback(1000));
    }

    [Fact]
    public void to_release_and_then_cancel_is_to_cancel_and_then_release() => Seeded.Check(
        Gen.Select(DrawnVesting.Curves, Gen.Int[0, 1000]),
        sample =>
        {
            var going = new VestingPosition(sample.Item1);
            foreach (var at in DrawnVesting.Instants(sample.Item1, sample.Item2))
            {
                var cancelled = going with { Cancellation = new(at, CancellationMode.KeepVested) };
                var before = going.Releasable(at, NoCap, UInt256.Zero);
                Assert.Equal(cancelled.Clawback(UInt256.Zero), cancelled.Clawback(before));
                Assert.Equal(before, cancelled.Releasable(long.MaxValue, NoCap, UInt256.Zero));
                Assert.Equal(UInt256.Zero, cancelled.Releasable(long.MaxValue, NoCap, before));
            }
        });

    [Fact]
    public void allo_loses_units_in_percentages_of_milestones_but_here_the_last_part_takes_the_rest()
    {
        BasisPoints[] thirds = [new(3_333), new(3_333), new(3_334)];
        Assert.Equal([33u, 33u, 34u], TranchedVesting.Cut(100, thirds).Select(part => (ulong)part));
        Assert.Equal([0u, 0u, 1u], TranchedVesting.Cut(1, thirds).Select(part => (ulong)part));
    }

    [Fact]
    public void gitcoin_paid_rejected_milestones_but_here_their_part_is_not_paid_out_of_another() => Seeded.Check(
        Gen.Select(DrawnVesting.Tranched, Gen.Int[0, 1000]),
        sample =>
        {
            var position = new VestingPosition(sample.Item1) with { Accepted = new Dictionary<int, UInt256> { [1] = UInt256.Zero } };
            foreach (var at in DrawnVesting.Instants(sample.Item1, sample.Item2))
            {
                var others = sample.Item1.Tranches.Where(tranche => tranche.At <= at && tranche.Milestone is null);
                var sum = others.Aggregate(UInt256.Zero, (total, tranche) => total + tranche.Amount);
                Assert.Equal(sum, position.Releasable(at, NoCap, UInt256.Zero));
            }
        });

    [Fact]
    public void giveth_locks_the_part_of_a_rejected_milestone_but_here_it_goes_back()
    {
        var tranches = new TranchedVesting([new(Start, 100), new(Start, 200, 1), new(Start, 300, 2)]);
        var cancelled = new VestingPosition(tranches, VestingPauses.None, NoVerdicts, new(Start + 5, CancellationMode.KeepVested));
        Assert.Equal<UInt256>(0, cancelled.Clawback(100));
        var rejected = cancelled with { Accepted = new Dictionary<int, UInt256> { [1] = 0, [2] = 250 } };
        Assert.Equal<UInt256>(250, rejected.Clawback(100));
        Assert.Equal<UInt256>(250, rejected.Releasable(Start + 5, NoCap, 100));
    }

    private static VestingPosition Cancelled(long after, CancellationMode mode) =>
        new(Line, VestingPauses.None, NoVerdicts, new VestingCancellation(Start + after, mode));
}

using System.Collections.Immutable;
using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests;

public sealed class VestingPositionTests
{
    private const long Start = DrawnVesting.Start;

    private static readonly UInt256 NoCap = UInt256.MaxValue;

    private static readonly ImmutableDictionary<int, UInt256> NoVerdicts = ImmutableDictionary<int, UInt256>.Empty;

    // 100 at once, 200 for milestone 1, 300 by time alone, 400 for milestone 2.
    private static readonly VestingPosition Milestones = new(new TranchedVesting(
        [new(Start, 100), new(Start + 10, 200, 1), new(Start + 20, 300), new(Start + 30, 400, 2)]));

    private static readonly Gen<(VestingCurve Curve, Move[] Moves)> Lives = Gen.Select(
        DrawnVesting.Curves.Where(curve => curve.EndsAt - curve.BeginsAt <= 300),
        Gen.Select(Gen.Int[0, 9], Gen.Int[0, 10], Gen.Int[1, 3], Gen.Int[0, 120], (kind, wait, milestone, percent) =>
            new Move(kind, wait, milestone, percent)).Array[0, 40]);

    [Fact]
    public void a_tranche_is_payable_when_its_time_has_come_and_its_milestone_is_accepted()
    {
        Assert.Equal<UInt256>(100, Milestones.Releasable(Start + 19, NoCap, 0));
        Assert.Equal<UInt256>(300, (Milestones with { Accepted = NoVerdicts.Add(1, 200) }).Releasable(Start + 19, NoCap, 0));
        Assert.Equal<UInt256>(100, (Milestones with { Accepted = NoVerdicts.Add(2, 400) }).Releasable(Start + 19, NoCap, 0));
    }

    [Fact]
    public void a_milestone_that_waits_does_not_hold_up_what_waits_for_none()
    {
        Assert.Equal<UInt256>(400, Milestones.Releasable(Start + 30, NoCap, 0));
        Assert.Equal<UInt256>(300, Milestones.Releasable(Start + 30, NoCap, 100));
    }

    [Fact]
    public void a_milestone_accepted_in_part_is_paid_in_part() =>
        Assert.Equal<UInt256>(450, (Milestones with { Accepted = NoVerdicts.Add(1, 50) }).Releasable(Start + 30, NoCap, 0));

    [Fact]
    public void more_than_was_promised_for_a_milestone_can_not_be_accepted() =>
        Assert.Equal<UInt256>(600, (Milestones with { Accepted = NoVerdicts.Add(1, 5000) }).Releasable(Start + 99, NoCap, 0));

    [Fact]
    public void compliance_caps_what_may_have_been_released_in_all()
    {
        Assert.Equal<UInt256>(50, Milestones.Releasable(Start + 30, 150, 100));
        Assert.Equal<UInt256>(0, Milestones.Releasable(Start + 30, 150, 160));
    }

    [Fact]
    public void what_is_due_next_is_known_as_far_as_verdicts_allow()
    {
        Assert.Equal(Start, Milestones.NextDueAt(0));
        Assert.Equal(Start + 20, Milestones.NextDueAt(100));
        Assert.Null(Milestones.NextDueAt(400));
        Assert.Equal(Start + 10, (Milestones with { Accepted = NoVerdicts.Add(1, 200) }).NextDueAt(100));
        Assert.Equal(Start + 25, (Milestones with { Pauses = new VestingPauses(5, []).PausedFrom(Start + 3) }).NextDueAt(100));
        Assert.Null((Milestones with { Cancellation = new(Start + 19, CancellationMode.KeepVested) }).NextDueAt(100));
        Assert.Null((Milestones with { Cancellation = new(Start + 25, CancellationMode.KeepReleased) }).NextDueAt(100));
    }

    [Fact]
    public void a_cancelled_award_keeps_what_had_vested_or_what_was_released()
    {
        var vested = Milestones with { Cancellation = new(Start + 20, CancellationMode.KeepVested) };
        Assert.Equal<UInt256>(400, vested.Clawback(100));
        Assert.Equal<UInt256>(300, vested.Releasable(Start + 99, NoCap, 100));
        Assert.Equal<UInt256>(200, (vested with { Accepted = NoVerdicts.Add(1, 200) }).Releasable(Start + 99, NoCap, 400));
        Assert.Equal<UInt256>(250, vested.Clawback(750));
        var released = Milestones with { Cancellation = new(Start + 20, CancellationMode.KeepReleased) };
        Assert.Equal<UInt256>(900, released.Clawback(100));
        Assert.Equal<UInt256>(0, released.Releasable(Start + 99, NoCap, 100));
    }

    [Fact]
    public void nothing_is_clawed_back_from_an_award_that_goes_on() => Assert.Equal(UInt256.Zero, Milestones.Clawback(0));

    [Fact]
    public void pauses_only_delay() => Seeded.Check(Gen.Select(DrawnVesting.Curves, Gen.Long[0, 300], Gen.Long[0, 300]), sample =>
    {
        var (curve, from, length) = sample;
        var plain = new VestingPosition(curve);
        var paused = plain with
        {
            Pauses = new VestingPauses(200, []).PausedFrom(Start + from).ResumedAt(Start + from + length),
        };
        Assert.Equal(from < curve.EndsAt - Start ? Math.Min(length, 200) : 0, paused.EndsAt - plain.EndsAt);
        for (var at = Start; at < Start + 700; at += 7)
        {
            Assert.True(paused.VestedAmount(at) <= plain.VestedAmount(at));
            if (at >= Start + from && at <= Start + from + Math.Min(length, 200))
                Assert.Equal(paused.VestedAmount(Start + from), paused.VestedAmount(at));
        }

        Assert.Equal(curve.Amount, paused.VestedAmount(paused.EndsAt));
    });

    [Fact]
    public void whatever_happens_no_more_is_released_than_allowed_and_nothing_is_lost() => Run(life =>
    {
        var (position, at) = (life.Position, life.At);
        Assert.True(life.Released <= position.VestedAmount(at), "More was released than is vested.");
        Assert.True(life.Released <= position.MilestoneCap(at), "More was released than milestones allow.");
        Assert.True(position.MilestoneCap(long.MaxValue) <= position.Curve.Amount);
        var clawback = position.Clawback(life.Released);
        var remaining = position.Curve.Amount - life.Released - clawback;
        Assert.Equal(position.Curve.Amount, life.Released + clawback + remaining);
        Assert.True(position.Releasable(VestingCurve.InstantMax, NoCap, life.Released) <= remaining);
        Assert.True(clawback >= life.ClawedBack, "What was clawed back became payable again.");
    });

    [Fact]
    public void what_is_due_next_is_not_releasable_before() => Run(life =>
    {
        if (life.Position.NextDueAt(life.Released) is { } due)
        {
            Assert.False(life.Position.Releasable(due, NoCap, life.Released).IsZero);
            Assert.True(life.Position.Releasable(due - 1, NoCap, life.Released).IsZero);
        }
        else
        {
            Assert.True(life.Position.Releasable(VestingCurve.InstantMax, NoCap, life.Released).IsZero);
        }
    });

    private static void Run(Action<Life> check) => Seeded.Check(Lives, sample =>
    {
        var life = new Life(sample.Curve);
        foreach (var move in sample.Moves)
        {
            life.Play(move);
            check(life);
        }
    });

    private sealed record Move(int Kind, int Wait, int Milestone, int Percent);

    // Releases are most common; a verdict stands once it is given, and a cancellation ends the pauses.
    private sealed class Life(VestingCurve curve)
    {
        public VestingPosition Position { get; private set; } = new(curve, new VestingPauses(40, []), NoVerdicts);

        public long At { get; private set; } = curve.BeginsAt - 5;

        public UInt256 Released { get; private set; }

        public UInt256 ClawedBack { get; private set; }

        public void Play(Move move)
        {
            ClawedBack = Position.Clawback(Released);
            At += move.Wait;
            var share = UInt256.MulDiv(curve.Amount, (ulong)Math.Min(move.Percent, 100), 100);
            if (move.Kind < 5)
                Released += Position.Releasable(At, move.Kind == 0 ? share : NoCap, Released);
            else if (move.Kind == 9 && move.Percent > 90)
                Position = Position with { Cancellation = Position.Cancellation ?? new(At, (CancellationMode)(move.Milestone % 2)) };
            else if (move.Kind == 8)
                Position = Position with { Pauses = Position.Pauses.ResumedAt(At) };
            else if (move.Kind == 7 && Position.Pauses.CheckPause(At) is null && Position.Cancellation is null)
                Position = Position with { Pauses = Position.Pauses.PausedFrom(At) };
            else if (!Position.Accepted.ContainsKey(move.Milestone))
                Position = Position with { Accepted = Position.Accepted.ToImmutableDictionary().Add(move.Milestone, share) };
        }
    }
}

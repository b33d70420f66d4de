using System.Numerics;
using System.Text.Json;
using CsCheck;
using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Awards;

/// <summary>
/// The machine of an award under random commands (releases, payments, clawbacks, pauses, cancellation, milestones, amendments, a
/// change of recipient), held step by step against <see cref="NaiveAward"/>.
/// </summary>
public sealed class AwardModelTests
{
    private static readonly Gen<AwardTerms> Terms =
        from curve in DrawnVesting.Curves.Where(curve => !curve.Amount.IsZero && curve.EndsAt - curve.BeginsAt <= 300)
        from pause in Gen.OneOf(Gen.Const(0L), Gen.Long[1, 60])
        select AnAward.Terms with
        {
            Amount = curve.Amount,
            Vesting = Shifted(curve),
            PauseBudgetSeconds = pause,
        };

    private static readonly Gen<(AwardTerms Terms, Move[] Moves)> Lives = Gen.Select(
        Terms,
        Gen.Select(Gen.Int[0, 19], Gen.Int[0, 25], Gen.Int[1, 3], Gen.Int[0, 120], (kind, wait, pick, percent) =>
            new Move(kind, wait, pick, percent)).Array[0, 60]);

    [Fact]
    public void an_award_does_what_the_naive_model_says_and_always_adds_up() => Seeded.Check(Lives, sample =>
    {
        var life = new Life(sample.Terms);
        foreach (var move in sample.Moves)
            life.Play(move);
    });

    [Fact]
    public void the_histories_reach_every_event()
    {
        var seen = new HashSet<Type>();
        Seeded.Check(Lives, sample =>
        {
            var life = new Life(sample.Terms);
            foreach (var move in sample.Moves)
                seen.UnionWith(life.Play(move).Select(happened => happened.GetType()));
        });
        Type[] all =
        [
            typeof(AwardReserved), typeof(ReleaseOrdered), typeof(TrancheHeld), typeof(TrancheReleased), typeof(ClawbackOrdered),
            typeof(AwardClawedBack), typeof(VestingPaused), typeof(VestingResumed), typeof(AwardCancelled), typeof(MilestoneSubmitted),
            typeof(MilestoneReviewed), typeof(MilestoneAmended), typeof(RecipientChangeAgreed), typeof(AwardRecipientChanged),
        ];
        Assert.Equal([], all.Except(seen));
    }

    private static VestingCurve Shifted(VestingCurve curve) => curve switch
    {
        LinearVesting line => line with { StartAt = AnAward.Start + 20 },
        TranchedVesting tranched => new TranchedVesting([.. tranched.Tranches.Select(tranche =>
            tranche with { At = tranche.At - DrawnVesting.Start + AnAward.Start + 20 })]),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <param name="Kind">What is done; releases and payments are most common.</param>
    /// <param name="Wait">Seconds since the move before.</param>
    /// <param name="Pick">Which milestone, order or verdict.</param>
    /// <param name="Percent">Of the amount, or a share.</param>
    internal sealed record Move(int Kind, int Wait, int Pick, int Percent);

    internal sealed class Life
    {
        private readonly NaiveAward naive;
        private BigInteger paid;
        private BigInteger settledBack;
        private int evidence;

        public Life(AwardTerms terms)
        {
            naive = new NaiveAward(terms);
            var granted = Award.Decide(new GrantAward(terms, AProgram.At), null);
            Assert.Null(granted.Rejection);
            Award = Award.Evolve(null, Assert.Single(granted.Events))!;
        }

        private Award Award { get; set; }

        private Hash32 Id => Award.Terms.AwardId;

        private BlockRef Block => new(naive.Now, Keccak256.Hash($"{naive.Now}"), naive.Now);

        private DateTimeOffset At => DateTimeOffset.FromUnixTimeSeconds(naive.Now);

        public IReadOnlyList<object> Play(Move move)
        {
            naive.Wait(move.Wait);
            var share = UInt256.MulDiv(Award.Terms.Amount, (ulong)Math.Min(move.Percent, 100), 100);
            var events = move.Kind switch
            {
                0 => Do(state => Award.Decide(new ConfirmReservation(Id, AnAward.Evidence("reserved")), state)),
                <= 6 => Release(move.Kind == 1 ? share : UInt256.MaxValue),
                <= 9 => Pay(move.Pick),
                10 => TakeBack(move),
                11 => SettleBack(move.Pick),
                12 => Pause(),
                13 => Resume(),
                14 => Cancel(move),
                15 => Do(state => Award.Decide(
                    new SubmitMilestone(Id, move.Pick, Keccak256.Hash($"{evidence++}"), "https://example.org", AProgram.Ada, At), state)),
                16 or 17 => Review(move, share),
                18 => Do(state => Award.Decide(new AmendMilestone(
                    Id, move.Pick, new MilestoneTerms("Later", "", naive.Now + move.Percent), "why", AProgram.Manager, At), state)),
                _ => ChangeRecipient(move),
            };
            Compare();
            return events;
        }

        private void Compare()
        {
            Assert.Equal(Award.Terms.Amount, Award.Released + Award.ClawedBack + Award.Remaining);
            Assert.Equal((paid, settledBack), (Award.Released.ToBigInteger(), Award.ClawedBack.ToBigInteger()));
            Assert.Equal(naive.Ordered, Award.Committed.ToBigInteger());
            Assert.Equal(naive.TakenBack, Award.Position.TakenBack.ToBigInteger());
            Assert.Equal(naive.Left, Award.Unordered.ToBigInteger());
            Assert.Equal(naive.VestedNow(), Award.Position.VestedAmount(naive.Now).ToBigInteger());
            Assert.True(naive.Ordered <= naive.Payable, $"{naive.Ordered} is ordered and {naive.Payable} payable.");
            Assert.Equal(Award.Orders.Count, Award.Orders.DistinctBy(order => order.ReleaseId).Count());
            var isDue = CanPay && naive.Payable > naive.Ordered;
            Assert.True(isDue == Award.NextDueAt <= naive.Now, $"Due at {Award.NextDueAt} and {isDue} at {naive.Now}.");
        }

        private bool CanPay => Award.ReservedAt is not null && Award.Recipient == Award.AgreedRecipient && naive.Now >= Award.PayableFrom;

        private IReadOnlyList<object> Release(UInt256 cap)
        {
            var (before, payable, canPay) = (naive.Ordered, naive.Payable, CanPay);
            var events = Do(state => Award.Decide(new OrderRelease(Id, Award.Orders.Count + 1, cap, Block), state));
            if (events is [ReleaseOrdered ordered])
            {
                naive.Ordered += ordered.Amount.ToBigInteger();
                Assert.True(canPay && !ordered.Amount.IsZero && naive.Ordered <= BigInteger.Min(payable, cap.ToBigInteger()));
            }
            else
            {
                Assert.False(canPay && payable > before && cap.ToBigInteger() >= payable, "What is payable was not ordered.");
            }

            return events;
        }

        private IReadOnlyList<object> Pay(int pick)
        {
            var order = Award.Orders.FindLast(one => one.ReleasedAt is null && one.Tranche % pick == 0)?.ReleaseId ?? Hash32.Zero;
            var events = Do(state => Award.Decide(new ConfirmRelease(Id, order, AnAward.Evidence($"{naive.Now}")), state));
            paid += events is [TrancheReleased released] ? released.Amount.ToBigInteger() : 0;
            return events;
        }

        private IReadOnlyList<object> TakeBack(Move move)
        {
            var share = new BasisPoints(move.Percent > 110 ? BasisPoints.Whole : move.Percent * 20);
            var expected = naive.Left * share.Value / BasisPoints.Whole;
            var command = new OrderClawback(Id, $"breach {naive.Now}", share, Block);
            var isNew = !Award.Clawbacks.Exists(clawback => clawback.BreachId == command.BreachId);
            var events = Do(state => Award.Decide(command, state));
            Assert.Equal(Award.ReservedAt is not null && isNew && !expected.IsZero, Took(events, expected));
            return events;
        }

        private IReadOnlyList<object> SettleBack(int pick)
        {
            var id = Award.Clawbacks.FindLast(one => one.SettledAt is null && one.Seq % pick == 0)?.ClawbackId ?? Hash32.Zero;
            var events = Do(state => Award.Decide(new ConfirmClawback(Id, id, AnAward.Evidence($"{naive.Now}")), state));
            settledBack += events is [AwardClawedBack back] ? back.Amount.ToBigInteger() : 0;
            return events;
        }

        private IReadOnlyList<object> Pause()
        {
            var can = naive.CanPause;
            var events = Do(state => Award.Decide(new PauseVesting(Id, "why", Block), state));
            Assert.Equal(can, events is [VestingPaused]);
            if (can)
                naive.Pause();
            return events;
        }

        private IReadOnlyList<object> Resume()
        {
            var events = Do(state => Award.Decide(new ResumeVesting(Id, "why", Block), state));
            Assert.Equal(naive.IsPaused, events is [VestingResumed]);
            naive.Resume();
            return events;
        }

        private IReadOnlyList<object> Cancel(Move move)
        {
            if (move.Percent < 90)
                return [];
            var can = Award.ReservedAt is not null && !naive.IsCancelled && !naive.Left.IsZero;
            var mode = (CancellationMode)(move.Pick % 2);
            var events = Do(state => Award.Decide(new CancelAward(Id, mode, "why", AProgram.Manager, Block), state));
            Assert.Equal(can, events is [AwardCancelled, ..]);
            if (can)
                naive.Cancel(mode);
            Assert.Equal(can && !naive.Surplus.IsZero, Took(events, naive.Surplus));
            return events;
        }

        private IReadOnlyList<object> Review(Move move, UInt256 share)
        {
            var seen = Award.Milestones.Find(milestone => milestone.Number == move.Pick)?.EvidenceHash ?? Hash32.Zero;
            var verdict = (MilestoneVerdict)(move.Percent % 4);
            var events = Do(state => Award.Decide(
                new ReviewMilestone(Id, move.Pick, seen, verdict, share, "why", AProgram.Manager, Block, At), state));
            if (events is not [MilestoneReviewed reviewed, ..] || verdict == MilestoneVerdict.Return)
                return events;
            naive.Judge(reviewed.Milestone, reviewed.Accepted.ToBigInteger());
            Assert.Equal(!naive.Surplus.IsZero, Took(events, naive.Surplus));
            return events;
        }

        private IReadOnlyList<object> ChangeRecipient(Move move)
        {
            var to = move.Pick == 1 ? AProgram.Ada : AProgram.Bo;
            if (move.Percent > 60)
                return Do(state => Award.Decide(
                    new RecordRecipientChange(Id, Award.Recipient, to, AnAward.Evidence($"{naive.Now}")), state));

            // The cool-down is longer than these lives: the block is as much older.
            var old = Block with { TimestampSeconds = naive.Now - Award.RecipientCooldownSeconds + 10 };
            return Do(state => Award.Decide(new AgreeRecipientChange(Id, to, Hash32.Zero, "0x01", "0x02", old, At), state));
        }

        /// <summary>Whether a clawback of so much was ordered; of another amount never.</summary>
        private bool Took(IReadOnlyList<object> events, BigInteger expected)
        {
            if (events.OfType<ClawbackOrdered>().SingleOrDefault() is not { } ordered)
                return false;
            Assert.Equal(expected, ordered.Amount.ToBigInteger());
            naive.TakenBack += expected;
            return true;
        }

        // As the store keeps it; a refusal changes nothing, and what was accepted is nothing when it is decided again.
        private IReadOnlyList<object> Do(Func<Award?, Decision> command)
        {
            var decision = command(Award);
            if (decision.Rejection is not null)
                Assert.Empty(decision.Events);
            Award = decision.Events.Aggregate(Award, (state, happened) => Award.Evolve(state, happened)!);
            Award = JsonSerializer.Deserialize<Award>(JsonSerializer.Serialize(Award))!;
            return decision.Events;
        }
    }
}

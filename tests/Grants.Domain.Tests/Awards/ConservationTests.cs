using System.Numerics;
using System.Text.Json;
using CsCheck;
using Grants.Domain.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Awards;

/// <summary>Awards under random commands, held against a model that only adds up what the events say was paid.</summary>
public sealed class ConservationTests
{
    private static readonly Gen<AwardTerms> Terms =
        from duration in Gen.Long[1, 60]
        from cliff in Gen.Long[0, duration]
        from tranches in Gen.Int[1, 7]
        from amount in Gen.OneOf(
            Gen.ULong[7, 40].Select(number => (UInt256)number),
            Gen.ULong[7, ulong.MaxValue].Select(number => (UInt256)number * UInt256.Parse("340282366920938463463374607431768211457")))
        select AnAward.Terms with
        {
            Amount = amount, Vesting = new EqualTranches(AnAward.Start, cliff, duration, tranches).CurveOf(amount),
        };

    private static readonly Gen<(AwardTerms Terms, Move[] Moves)> Lives = Gen.Select(
        Terms,
        Gen.Select(
            Gen.Frequency((1, Gen.Const(0)), (12, Gen.Int[1, 2]), (1, Gen.Const(3)), (2, Gen.Const(4))),
            Gen.Int[-1, 1],
            Gen.Int[0, 7],
            Gen.Long[0, 15],
            Gen.Int[0, 120],
            (kind, offset, pick, wait, cap) => new Move(kind, offset, pick, wait, cap)).Array[0, 40]);

    [Fact]
    public void an_award_is_always_what_was_released_and_clawed_back_and_remains() => Run((life, _) =>
    {
        var award = life.Award;
        Assert.Equal(life.Terms.Amount, award.Released + award.ClawedBack + award.Remaining);
        Assert.Equal(life.Paid, award.Released.ToBigInteger());
        Assert.Equal(life.TakenBack, award.ClawedBack.ToBigInteger());
        var promised = award.Clawbacks.Aggregate(award.Committed, (sum, clawback) => sum + clawback.Amount);
        Assert.True(promised <= life.Terms.Amount, $"{promised} of {life.Terms.Amount} is ordered.");
        Assert.True(award.Released <= award.Committed);
    });

    [Fact]
    public void no_more_is_ordered_than_is_vested_and_compliant() => Run((life, decision) =>
    {
        Assert.True(life.Award.Committed <= life.Terms.Vesting.VestedAmount(life.At));
        foreach (var ordered in decision.Events.OfType<ReleaseOrdered>())
        {
            Assert.True(life.Award.Committed <= ordered.VestedAmount);
            Assert.True(life.Award.Committed <= life.Cap);
        }
    });

    [Fact]
    public void no_tranche_and_no_order_is_given_twice() => Run((life, _) =>
    {
        Assert.Equal(Enumerable.Range(1, life.Award.Orders.Count), life.Award.Orders.Select(order => order.Tranche));
        Assert.Equal(life.Award.Orders.Count, life.Award.Orders.DistinctBy(order => order.ReleaseId).Count());
    });

    [Fact]
    public void a_command_that_was_accepted_is_nothing_when_it_is_given_again() => Run((life, decision) =>
    {
        if (decision.IsAccepted)
            Assert.Empty(life.Again().Events);
    });

    [Fact]
    public void in_the_end_a_compliant_award_is_released_whole() => Seeded.Check(Terms, terms =>
    {
        var life = new Life(terms);
        life.Play(new Move(0, 0, 0, terms.Vesting.EndsAt - AnAward.Start, 0));
        while (life.Award.NextTranche is { } tranche)
        {
            life.Play(new Move(1, 0, 0, 0, 100));
            life.Play(new Move(2, 0, tranche - 1, 0, 100));
        }

        Assert.Equal((terms.Amount, UInt256.Zero), (life.Award.Released, life.Award.Remaining));
    });

    private static void Run(Action<Life, Decision> check) => Seeded.Check(Lives, sample =>
    {
        var life = new Life(sample.Terms);
        foreach (var move in sample.Moves)
            check(life, life.Play(move));
    });

    /// <param name="Kind">0 the reservation, 1 an order, 2 a payment, 3 a clawback, 4 the payment of the clawback.</param>
    /// <param name="Offset">From the next tranche.</param>
    /// <param name="Pick">Which order is paid.</param>
    /// <param name="Wait">Seconds since the move before.</param>
    /// <param name="CapPercent">Of the amount, the compliance cap.</param>
    internal sealed record Move(int Kind, int Offset, int Pick, long Wait, int CapPercent);

    internal sealed class Life(AwardTerms terms)
    {
        private Func<Award?, Decision> last = _ => Decision.Nothing;

        public Award Award { get; private set; } = Award.Evolve(
            null, Assert.Single(Award.Decide(new GrantAward(terms, AProgram.At), null).Events))!;

        public AwardTerms Terms => terms;

        public long At { get; private set; } = AnAward.Start;

        public UInt256 Cap { get; private set; }

        public BigInteger Paid { get; private set; }

        public BigInteger TakenBack { get; private set; }

        public Decision Play(Move move)
        {
            At += move.Wait;
            Cap = UInt256.MulDiv(terms.Amount, (ulong)Math.Min(move.CapPercent, 100), 100);
            last = Command(move);
            var decision = last(Award);
            foreach (var happened in decision.Events)
            {
                Paid += happened is TrancheReleased released ? released.Amount.ToBigInteger() : 0;
                TakenBack += happened is AwardClawedBack clawedBack ? clawedBack.Amount.ToBigInteger() : 0;
                Award = Award.Evolve(Award, happened)!;
            }

            Award = JsonSerializer.Deserialize<Award>(JsonSerializer.Serialize(Award))!;
            return decision;
        }

        public Decision Again() => last(Award);

        private Func<Award?, Decision> Command(Move move)
        {
            var block = new BlockRef(At, Keccak256.Hash($"{At}"), At);
            var evidence = AnAward.Evidence($"{At}");
            var order = Award.Orders.ElementAtOrDefault(move.Pick)?.ReleaseId ?? Hash32.Zero;
            var (tranche, cap) = (Award.Orders.Count + 1 + move.Offset, Cap);
            var clawback = Award.Clawbacks.ElementAtOrDefault(0)?.ClawbackId ?? Hash32.Zero;
            return move.Kind switch
            {
                0 => state => Award.Decide(new ConfirmReservation(terms.AwardId, evidence), state),
                1 => state => Award.Decide(new OrderRelease(terms.AwardId, tranche, cap, block), state),
                2 => state => Award.Decide(new ConfirmRelease(terms.AwardId, order, evidence), state),
                3 => state => Award.Decide(
                    new OrderClawback(terms.AwardId, AnAward.BreachId, new BasisPoints(BasisPoints.Whole), block), state),
                _ => state => Award.Decide(new ConfirmClawback(terms.AwardId, clawback, evidence), state),
            };
        }
    }
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Rebasing;

/// <summary>Stakes whose token rebases: at first a share is worth one and a quarter, so that 1,000 staked are 800 shares.</summary>
public sealed class RebasingStakeSpecs
{
    private const long Paid = 10;

    private static readonly Address Stake = Flows.AddressOf(0x15);

    private static readonly ReinvestmentPolicy Rebases = TwoRules() with
    {
        Venues = [new PolicyVenue(Stake, VenueKind.Rebasing, new BasisPoints(10_000), new BasisPoints(10_000), 0)],
    };

    [Fact]
    public void a_stake_is_held_in_shares_and_counts_as_it_was_paid_in()
    {
        var story = Staked();
        Assert.Equal(new Numbers(1_000, 0, 0, 0), NumbersOf(story));
        var position = Assert.Single(story.State.Ledger.Under(Convention.Floor).Positions);
        Assert.Equal((800UL, true), ((ulong)position.Shares, position.IsScaled));
    }

    [Fact]
    public void half_of_the_shares_bring_half_of_the_principal_and_the_yield_is_own()
    {
        // 800 shares are worth 1,200 by now; 400 of them come back as 600: 500 principal, 100 yield.
        var story = Staked().Then(Paid + 2, at => Rebase(at, 8_000, 12_000)).Then(Paid + 3, at => Redeemed(at, 400, 600));
        Assert.Equal(new Numbers(500, 500, 100, 0), NumbersOf(story));
        Assert.Equal(0, story.Count<BreachOpened>());
    }

    [Fact]
    public void a_rebase_up_changes_no_book() =>
        Assert.Equal(1, Staked().Then(Paid + 2, at => Rebase(at, 8_000, 12_000)).Count<FlowClassified>() - 1);

    [Fact]
    public void a_slashing_is_lost_and_never_sold()
    {
        // 800 of 8,000 shares of 9,000 are worth 900.
        var story = Staked().Then(Paid + 2, at => Rebase(at, 8_000, 9_000));
        Assert.Equal(new Numbers(900, 0, 0, 100), NumbersOf(story));
        Assert.Equal((FlowKind.Loss, 100UL), (story.Last<FlowClassified>().Flow.Kind, (ulong)story.Last<FlowClassified>().Flow.Amount));
        Assert.True(story.State.Ledger.Under(Convention.GrantFirst).Disposed().IsZero);
        story.Then(Paid + 3, at => Redeemed(at, 800, 900));
        Assert.Equal(new Numbers(0, 900, 0, 100), NumbersOf(story));
    }

    [Fact]
    public void what_comes_back_after_a_slashing_is_yield()
    {
        var story = Staked().Then(Paid + 2, at => Rebase(at, 8_000, 9_000)).Then(Paid + 3, at => Rebase(at, 8_000, 10_000))
            .Then(Paid + 4, at => Redeemed(at, 800, 1_000));
        Assert.Equal(new Numbers(0, 900, 100, 100), NumbersOf(story));
    }

    [Fact]
    public void rounding_is_no_loss() =>
        Assert.Equal(new Numbers(1_000, 0, 0, 0), NumbersOf(Staked().Then(Paid + 2, at => Rebase(at, 8_000, 9_990))));

    [Fact]
    public void rebases_of_others_are_nobodys() => Assert.Equal(
        new Numbers(1_000, 0, 0, 0),
        NumbersOf(Staked().Then(Paid + 2, at => Transaction(at, key => new TokenRebased(key, Stranger, 8_000, 1)))));

    [Fact]
    public void shares_between_two_wallets_change_nothing()
    {
        var story = Staked().Link(Paid + 1, AdaCold, 0).Then(Paid + 2, at => Transaction(at, [.. Sent(Ada, AdaCold, 500, 400)]));
        Assert.Equal(new Numbers(1_000, 0, 0, 0), NumbersOf(story));
        Assert.Equal(FlowKind.Internal, story.Last<FlowClassified>().Flow.Kind);
    }

    [Fact]
    public void shares_that_go_away_take_their_part_of_the_principal()
    {
        // A quarter of the shares, though they are worth more by now.
        var story = Staked().Then(Paid + 2, at => Rebase(at, 8_000, 16_000))
            .Then(Paid + 3, at => Transaction(at, [.. Sent(Ada, Stranger, 400, 200)]));
        Assert.Equal(750UL, (ulong)story.State.Ledger.Under(Convention.Floor).Held());
        Assert.Equal(250UL, (ulong)story.State.Ledger.Under(Convention.Floor).Disposed());
    }

    [Fact]
    public void a_router_stakes_for_the_wallet_behind_it()
    {
        var story = Story.Begin(Rebases).Then(Paid, at => Released(at, Ada, 1_000)).Then(Paid + 1, at => Transaction(
            at,
            [
                Moved(Ada, Router, 1_000),
                Moved(Router, Stake, 1_000),
                key => new StakeSubmitted(key, Stake, Router, 1_000),
                .. Sent(Address.Zero, Router, 1_000, 800),
                .. Sent(Router, Ada, 1_000, 800),
            ]));
        Assert.Equal(new Numbers(1_000, 0, 0, 0), NumbersOf(story));
    }

    [Fact]
    public void shares_that_were_burnt_for_nothing_are_gone()
    {
        var story = Staked().Then(Paid + 2, at => Transaction(at, key => new SharesBurned(key, Stake, Ada, 500, 400)));
        Assert.Equal(500UL, (ulong)story.State.Ledger.Under(Convention.Floor).Disposed());
    }

    [Fact]
    public void a_stake_that_was_told_before_any_share_was_read_is_closed_by_amounts()
    {
        var venue = Rebases.Venues[0];
        var before = Flows.After(
            2, Flows.Step(1, FlowKind.Release, 1_000), Flows.Step(2, FlowKind.Open, 1_000, 1_000, venue));
        var closed = Flows.Step(3, FlowKind.Close, 600, 600, venue);
        var after = before.Apply(closed with { Flow = closed.Flow with { ScaledShares = (UInt256)300UL } }).Under(Convention.Floor);
        Assert.Equal((600UL, 400UL), ((ulong)after.LiquidGrant, (ulong)after.Positions[0].Grant));
        Assert.False(after.Positions[0].IsScaled);
    }

    [Fact]
    public void once_its_last_share_has_left_a_position_of_before_counts_in_scaled_shares()
    {
        var venue = Rebases.Venues[0];
        Step Scaled(long at, FlowKind kind, UInt256 amount, UInt256 scaled) =>
            Flows.Step(at, kind, amount, amount, venue) is var step
                ? step with { Flow = step.Flow with { ScaledShares = scaled } }
                : throw new InvalidOperationException();
        var ledger = Flows.After(
            5,
            Flows.Step(1, FlowKind.Release, 1_000),
            Flows.Step(2, FlowKind.Open, 1_000, 1_000, venue),
            Scaled(3, FlowKind.Close, 1_000, 500),
            Scaled(4, FlowKind.Open, 1_000, 500));
        var position = ledger.Under(Convention.Floor).Positions[0];
        Assert.Equal((500UL, true), ((ulong)position.Shares, position.IsScaled));
    }

    private static Story Staked() => Story.Begin(Rebases)
        .Then(Paid, at => Released(at, Ada, 1_000))
        .Then(Paid + 1, at => Transaction(
            at,
            [
                Moved(Ada, Stake, 1_000),
                key => new StakeSubmitted(key, Stake, Ada, 1_000),
                .. Sent(Address.Zero, Ada, 1_000, 800),
            ]));

    private static IReadOnlyList<Observation> Rebase(long at, UInt256 shares, UInt256 amount) =>
        Transaction(at, key => new TokenRebased(key, Stake, shares, amount));

    private static IReadOnlyList<Observation> Redeemed(long at, UInt256 shares, UInt256 amount) =>
        Transaction(at, key => new SharesBurned(key, Stake, Ada, amount, shares), Moved(Stake, Ada, amount));

    private static Func<EventKey, Observation>[] Sent(Address from, Address to, UInt256 amount, UInt256 shares) =>
        [Moved(Stake, from, to, amount), key => new SharesTransferred(key, Stake, from, to, shares)];

    /// <summary>Of the grant what is at work, liquid and lost; and the wallets' own that is liquid.</summary>
    private sealed record Numbers(ulong AtWork, ulong Liquid, ulong Own, ulong Lost);

    private static Numbers NumbersOf(Story story)
    {
        var (ledger, account) = (story.State.Ledger, story.State.Ledger.Under(Convention.Floor));
        return new(
            (ulong)account.EligibleAt(ledger.Time, ledger.Released),
            (ulong)account.LiquidGrant,
            (ulong)account.LiquidOwn,
            (ulong)account.Lost);
    }
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Rebasing;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment;

public sealed class LendingTests
{
    private const long Paid = 10;

    private static readonly Address Deposit = Flows.AddressOf(0x14);

    private static readonly Address Market = Flows.AddressOf(0x23);

    private static readonly ReinvestmentPolicy WithLending = TwoRules() with
    {
        Venues = [new PolicyVenue(Deposit, VenueKind.Lending, new BasisPoints(10_000), new BasisPoints(10_000), 0)],
        Labels = [new LabelledAddress(Market, AddressKind.LendingPool)],
    };

    [Fact]
    public void a_deposit_counts_as_it_was_paid_in() =>
        Assert.Equal((1_000, 1_000), Numbers(Supplied()));

    [Fact]
    public void a_loan_of_the_token_is_taken_off_as_it_is()
    {
        var story = Supplied().Then(Paid + 2, at => Transaction(at, Moved(Deposit, Ada, 300), Borrowed(Token, 300)));
        Assert.Equal((700, 1_000), Numbers(story));
        Assert.Equal(FlowKind.Debt, story.Last<FlowClassified>().Flow.Kind);
    }

    [Fact]
    public void any_other_loan_is_taken_off_as_if_all_that_may_be_lent_were() => Assert.Equal(
        (200, 1_000),
        Numbers(Supplied().Then(Paid + 2, at => Transaction(at, Moved(Stable, Stranger, Ada, 1), Borrowed(Stable, 1)))));

    [Fact]
    public void loans_add_up_and_end_when_they_are_repaid()
    {
        var story = Supplied()
            .Then(Paid + 2, at => Transaction(at, Moved(Deposit, Ada, 300), Borrowed(Token, 300)))
            .Then(Paid + 3, at => Transaction(at, Borrowed(Stable, 5)))
            .Then(Paid + 4, at => Transaction(at, Repaid(Stable, 6)));
        Assert.Equal((700, 1_000), Numbers(story));
        story.Then(Paid + 5, at => Transaction(at, Moved(Ada, Deposit, 300), Repaid(Token, 300)));
        Assert.Equal((1_000, 1_000), Numbers(story));
        Assert.Empty(story.State.Loans);
        Assert.True(story.State.Ledger.Under(Convention.GrantFirst).Disposed().IsZero); // a repayment is no disposal
    }

    [Fact]
    public void what_is_withdrawn_with_interest_comes_back_and_the_interest_is_own() => Assert.Equal(
        (0, 1_000),
        Numbers(Supplied().Then(Paid + 9, at => Transaction(
            at,
            Moved(Deposit, Ada, 1_050),
            Moved(Deposit, Ada, Address.Zero, 1_000),
            key => new LendingBurned(key, Deposit, Ada, Ada, 1_000, 50)))));

    [Fact]
    public void a_loan_that_is_repaid_out_of_the_deposit_is_no_disposal()
    {
        var story = Supplied()
            .Then(Paid + 2, at => Transaction(at, Moved(Deposit, Ada, 300), Borrowed(Token, 300)))
            .Then(Paid + 3, at => Transaction(
                at,
                Moved(Deposit, Ada, Address.Zero, 290),
                key => new LendingBurned(key, Deposit, Ada, Deposit, 290, 10),
                Repaid(Token, 300)));
        Assert.Equal((700, 1_000), Numbers(story)); // what was borrowed is own, and own is spent first
        Assert.Empty(story.State.Loans);
        Assert.True(story.State.Ledger.Under(Convention.GrantFirst).Disposed().IsZero);
    }

    [Fact]
    public void a_liquidated_deposit_is_gone()
    {
        var story = Supplied()
            .Then(Paid + 2, at => Transaction(at, Borrowed(Stable, 5)))
            .Then(Paid + 3, at => Transaction(
                at,
                Moved(Deposit, Stranger, 400),
                Moved(Deposit, Ada, Address.Zero, 400),
                key => new LendingBurned(key, Deposit, Ada, Stranger, 400, 0),
                Repaid(Stable, 5)));
        Assert.Equal((600, 600), Numbers(story));
        Assert.Equal(4_000, story.Last<CheckpointEvaluated>().Readings[0].DisposalShare.Value);
    }

    [Fact]
    public void a_deposit_that_is_sent_away_is_gone() => Assert.Equal(
        (400, 400), Numbers(Supplied().Then(Paid + 2, at => Transaction(at, Moved(Deposit, Ada, Stranger, 600)))));

    [Fact]
    public void a_market_that_nobody_listed_lends_nothing() => Assert.Equal(
        (1_000, 1_000),
        Numbers(Supplied().Then(Paid + 2, at => Transaction(at, key => new LoanChanged(key, Stranger, Stable, Ada, 9, false)))));

    [Fact]
    public void interest_that_is_minted_alone_is_no_deposit() => Assert.Equal(
        (1_000, 1_000),
        Numbers(Supplied().Then(Paid + 2, at => Transaction(
            at, Moved(Deposit, Address.Zero, Ada, 7), key => new LendingMinted(key, Deposit, Ada, 7, 7)))));

    [Fact]
    public void half_of_the_scaled_balance_takes_half_of_the_principal_whatever_interest_there_is()
    {
        // 1,000 at an index of 1.25 are 800 scaled; at 1.5 they are 1,200, of which 600 are 400 scaled: 500 principal, 100 interest.
        var story = SuppliedAt(1_250).Then(Paid + 2, at => Transaction(
            at,
            Moved(Deposit, Ada, 600),
            Moved(Deposit, Ada, Address.Zero, 400),
            key => new LendingBurned(key, Deposit, Ada, Ada, 400, 200, Ray(1_500))));
        Assert.Equal((500, 1_000), Numbers(story));
        Assert.Equal((500UL, 100UL), Liquid(story));
    }

    [Fact]
    public void less_than_the_interest_takes_its_part_of_the_principal_too()
    {
        // 6 of 1,200: the market mints what of the interest stays.
        var story = SuppliedAt(1_250).Then(Paid + 2, at => Transaction(
            at,
            Moved(Deposit, Address.Zero, Ada, 194),
            key => new LendingMinted(key, Deposit, Ada, 194, 200, Ray(1_500)),
            Moved(Deposit, Ada, 6)));
        Assert.Equal((5UL, 1UL), Liquid(story));
        Assert.Equal(796UL, (ulong)story.State.Ledger.Under(Convention.Floor).Positions[0].Shares);
    }

    [Fact]
    public void a_deposit_that_is_sent_away_is_counted_by_its_scaled_balance()
    {
        var story = SuppliedAt(1_250).Then(Paid + 2, at => Transaction(
            at, Moved(Deposit, Ada, Stranger, 300), key => new SharesTransferred(key, Deposit, Ada, Stranger, 200)));
        Assert.Equal((750, 750), Numbers(story)); // a quarter, though 300 of 1,200 were named
    }

    [Fact]
    public void a_deposit_of_before_is_closed_by_amounts()
    {
        var story = Supplied().Then(Paid + 2, at => Transaction(
            at,
            Moved(Deposit, Ada, 600),
            Moved(Deposit, Ada, Address.Zero, 400),
            key => new LendingBurned(key, Deposit, Ada, Ada, 400, 200, Ray(1_500))));
        Assert.Equal((400, 1_000), Numbers(story));
    }

    [Theory]
    [InlineData(1_000, 1_250, 800)]
    [InlineData(1, 1_999, 1)] // 0.50025: half up
    [InlineData(1, 2_001, 0)]
    [InlineData(3, 2_000, 2)] // 1.5
    public void scaled_balances_are_rounded_half_up_as_the_market_rounds(ulong amount, int index, ulong scaled)
    {
        var flow = Assert.Single(Classification.Classify(
            Transaction(
                5,
                Moved(Ada, Deposit, amount),
                Moved(Deposit, Address.Zero, Ada, amount),
                key => new LendingMinted(key, Deposit, Ada, amount, 0, Ray(index))),
            new AwardScope(Token, Vault, Treasury, [Ada], WithLending)));
        Assert.Equal((UInt256)scaled, flow.ScaledShares);
    }

    private static UInt256 Ray(int thousandths) => (ulong)thousandths * UInt256.Parse("1" + new string('0', 24));

    private static (ulong Grant, ulong Own) Liquid(Story story) =>
        ((ulong)story.State.Ledger.Under(Convention.Floor).LiquidGrant, (ulong)story.State.Ledger.Under(Convention.Floor).LiquidOwn);

    private static Story SuppliedAt(int index) => Story.Begin(WithLending)
        .Then(Paid, at => Released(at, Ada, 1_000))
        .Then(Paid + 1, at => Transaction(
            at,
            Moved(Ada, Deposit, 1_000),
            Moved(Deposit, Address.Zero, Ada, 1_000),
            key => new LendingMinted(key, Deposit, Ada, 1_000, 0, Ray(index))));

    private static Story Supplied() => Story.Begin(WithLending)
        .Then(Paid, at => Released(at, Ada, 1_000))
        .Then(Paid + 1, at => Transaction(
            at,
            Moved(Ada, Deposit, 1_000),
            Moved(Deposit, Address.Zero, Ada, 1_000),
            key => new LendingMinted(key, Deposit, Ada, 1_000, 0)));

    private static Func<EventKey, Observation> Borrowed(Address asset, UInt256 amount) =>
        key => new LoanChanged(key, Market, asset, Ada, amount, false);

    private static Func<EventKey, Observation> Repaid(Address asset, UInt256 amount) =>
        key => new LoanChanged(key, Market, asset, Ada, amount, true);

    /// <summary>What counts as reinvested, and what of the grant is held, liquid or not.</summary>
    private static (int Eligible, int Held) Numbers(Story story)
    {
        var account = story.State.Ledger.Under(Convention.Floor);
        return ((int)(ulong)account.EligibleAt(story.State.Ledger.Time, 1_000), (int)(ulong)account.Held());
    }
}

using Grants.Domain.Reinvestment;
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

using Grants.Domain.Ballots;
using Grants.Domain.Proposals;
using Grants.Domain.Tests.Proposals;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Ballots.ABallot;

namespace Grants.Domain.Tests.Ballots;

public sealed class BallotBoxTests
{
    private static readonly DateTimeOffset At = AProposal.OpensAt.AddHours(3);

    private static readonly long Now = At.ToUnixTimeSeconds();

    [Fact]
    public void a_good_ballot_is_not_refused() => Assert.Null(Refuse(ForIt));

    [Fact]
    public void a_ballot_for_another_space_is_refused() => Assert.Equal("WRONG_SPACE", Refuse(ForIt with { Space = "Metis" }));

    [Fact]
    public void a_ballot_on_other_content_is_refused() =>
        Assert.Equal("WRONG_PROPOSAL_HASH", Refuse(ForIt with { ProposalHash = Keccak256.Hash("other content") }));

    [Fact]
    public void no_ballot_is_taken_before_the_vote_opens()
    {
        Assert.Equal("OUTSIDE_VOTING_WINDOW", Refuse(ForIt, at: Window.OpensAt.AddTicks(-1)));
        Assert.Null(Refuse(ForIt, at: Window.OpensAt));
    }

    [Fact]
    public void no_ballot_is_taken_from_the_close_on()
    {
        var late = ForIt with { ExpiresAt = Window.ClosesAt.AddDays(1).ToUnixTimeSeconds() };
        Assert.Null(Refuse(late, at: Window.ClosesAt.AddTicks(-1)));
        Assert.Equal("OUTSIDE_VOTING_WINDOW", Refuse(late, at: Window.ClosesAt));
    }

    [Fact]
    public void the_window_is_told() => Assert.Equal(
        new OutsideVotingWindow(Window.OpensAt, Window.ClosesAt),
        BallotBox.Refuse(ForIt, Window, 1, Window.ClosesAt));

    [Fact]
    public void a_ballot_is_refused_from_the_second_of_its_expiry_on()
    {
        var ballot = ForIt with { ExpiresAt = Now };
        Assert.Null(Refuse(ballot, at: At.AddTicks(-1)));
        Assert.Equal("BALLOT_EXPIRED", Refuse(ballot));
        Assert.Equal("BALLOT_EXPIRED", Refuse(ballot, at: At.AddTicks(1)));
    }

    [Fact]
    public void a_ballot_may_lie_for_a_week_and_no_longer()
    {
        var ballot = ForIt with { ExpiresAt = Now + BallotBox.ExpirySecondsMax };
        Assert.Null(Refuse(ballot));
        Assert.Null(Refuse(ballot, at: At.AddTicks(1)));
        Assert.Equal("BALLOT_EXPIRED", Refuse(ballot with { ExpiresAt = ballot.ExpiresAt + 1 }));
        Assert.Equal("BALLOT_EXPIRED", Refuse(ballot, at: At.AddSeconds(-1)));
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData(long.MaxValue)]
    public void an_absurd_expiry_is_refused(long expiresAt) =>
        Assert.Equal("BALLOT_EXPIRED", Refuse(ForIt with { ExpiresAt = expiresAt }));

    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    [InlineData("3")]
    public void a_choice_is_a_digit(string choice) => Assert.Null(Refuse(ForIt with { Choice = choice }));

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("4")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("1.0")]
    [InlineData("1e0")]
    [InlineData(" 1")]
    [InlineData("1\n")]
    [InlineData("１")]
    [InlineData("\"1\"")]
    [InlineData("[1]")]
    [InlineData("for")]
    public void anything_else_is_no_choice(string choice) =>
        Assert.Equal("INVALID_CHOICE", Refuse(ForIt with { Choice = choice }));

    [Fact]
    public void what_a_valid_choice_is_is_told() => Assert.Equal(
        "The choice must be 1 (for), 2 (against) or 3 (abstain).",
        BallotBox.Refuse(ForIt with { Choice = "4" }, Window, 1, At)!.Message);

    [Fact]
    public void a_ballot_for_another_vote_is_refused() =>
        Assert.Equal("VOTING_NOT_OPEN", Refuse(ForIt with { Proposal = Proposal.VoteIdOf(AProposal.Id, 2) }));

    [Fact]
    public void a_reason_has_2_000_characters_at_most()
    {
        Assert.Null(Refuse(ForIt with { Reason = "" }));
        Assert.Null(Refuse(ForIt with { Reason = new string('\n', BallotBox.ReasonLengthMax) }));
        Assert.Equal("INVALID_VALUE", Refuse(ForIt with { Reason = new string('r', BallotBox.ReasonLengthMax + 1) }));
    }

    [Fact]
    public void a_reason_is_text()
    {
        const string family = "\U0001F468\u200D\U0001F469";
        Assert.Null(Refuse(ForIt with { Reason = family }));
        foreach (var broken in new[] { "a\0b", "a\ud83d", "\udc68\ud83d", family[1..] })
            Assert.Equal("INVALID_VALUE", Refuse(ForIt with { Reason = broken }));
    }

    [Fact]
    public void a_voter_without_power_is_refused()
    {
        Assert.Equal("NO_VOTING_POWER", Refuse(ForIt, power: 0));
        Assert.Null(Refuse(ForIt, power: 1));
    }

    [Fact]
    public void the_first_objection_is_told()
    {
        var late = Window.ClosesAt;
        var ballot = ForIt with { Space = "", ProposalHash = Hash32.Zero, ExpiresAt = 0, Choice = "", Reason = "\0" };
        (SignedBallot Ballot, DateTimeOffset At)[] mended =
        [
            (ballot, late),
            (ballot = ballot with { Space = Window.Space }, late),
            (ballot = ballot with { ProposalHash = Window.ProposalHash }, late),
            (ballot, At),
            (ballot = ballot with { ExpiresAt = Now + 1 }, At),
            (ballot = ballot with { Choice = "1" }, At),
            (ballot with { Reason = "" }, At),
        ];
        Assert.Equal(
            [
                "WRONG_SPACE", "WRONG_PROPOSAL_HASH", "OUTSIDE_VOTING_WINDOW", "BALLOT_EXPIRED", "INVALID_CHOICE", "INVALID_VALUE",
                "NO_VOTING_POWER",
            ],
            mended.Select(one => Refuse(one.Ballot, 0, one.At)));
    }

    [Fact]
    public void a_first_ballot_has_any_nonce()
    {
        Assert.Null(BallotBox.RefuseNonce(0, null));
        Assert.Null(BallotBox.RefuseNonce(UInt256.MaxValue, null));
    }

    [Fact]
    public void another_ballot_needs_a_higher_nonce()
    {
        Assert.Null(BallotBox.RefuseNonce(6, 5));
        Assert.Null(BallotBox.RefuseNonce(UInt256.MaxValue, UInt256.MaxValue - 1));
        Assert.Equal(new NonceNotAbove(5), BallotBox.RefuseNonce(5, 5));
        Assert.Equal(new NonceNotAbove(5), BallotBox.RefuseNonce(4, 5));
        Assert.Equal(new NonceNotAbove(0), BallotBox.RefuseNonce(0, (UInt256)0UL));
    }

    private static string? Refuse(SignedBallot ballot, ulong power = 1, DateTimeOffset? at = null) =>
        BallotBox.Refuse(ballot, Window, power, at ?? At)?.Code;
}

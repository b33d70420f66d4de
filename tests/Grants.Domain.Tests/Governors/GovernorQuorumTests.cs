using System.Numerics;
using CsCheck;
using Grants.Domain.Governors;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Governors;

public sealed class GovernorQuorumTests
{
    private static readonly Gen<(long Timepoint, long Minted)[]> Mints =
        Gen.Select(Gen.Long[1, 40], Gen.Long[-5, 20]).Array[0, 30].Select(all => all.OrderBy(one => one.Item1).ToArray());

    [Fact]
    public void the_supply_at_any_timepoint_follows_from_one_answer_and_the_logs() => Seeded.Check(
        Gen.Select(Mints, Gen.Long[0, 41], Gen.Long[0, 41]),
        drawn =>
        {
            var (mints, asked, answered) = drawn;
            long SupplyAt(long timepoint) => 1_000 + mints.Where(mint => mint.Timepoint <= timepoint).Sum(mint => mint.Minted);
            var known = new KnownSupply(answered, (UInt256)SupplyAt(answered));
            var changes = mints.Select(mint => new SupplyChange(mint.Timepoint, mint.Minted));
            Assert.Equal((UInt256)SupplyAt(asked), SnapshotQuorum.SupplyAt(asked, known, changes));
        });

    [Fact]
    public void a_checkpoint_holds_until_the_next_and_the_last_of_one_timepoint_wins() => Seeded.Check(
        Gen.Select(Gen.Select(Gen.Long[1, 20], Gen.ULong[1, 99]).Array[0, 12], Gen.Long[0, 21]),
        drawn =>
        {
            var (writes, asked) = drawn;
            var ordered = writes.OrderBy(write => write.Item1).ToList();
            var checkpoints = new Checkpoints(7, []);
            foreach (var (timepoint, value) in ordered)
                checkpoints = checkpoints.With(timepoint, checkpoints.Latest, value);
            var before = ordered.Where(write => write.Item1 <= asked).Select(write => (UInt256)write.Item2).ToList();
            Assert.Equal(before.Count == 0 ? 7 : before[^1], checkpoints.At(asked));
        });

    [Fact]
    public void a_quorum_is_rounded_down()
    {
        Assert.Equal((UInt256)39UL, SnapshotQuorum.Of(999, 4, 100, null).Needed);
        Assert.Equal((UInt256)599UL, SnapshotQuorum.Of(999, 4, 100, 60).SuperNeeded);
    }

    [Fact]
    public void the_largest_supply_does_not_overflow() =>
        Assert.Equal(UInt256.MaxValue, SnapshotQuorum.Of(UInt256.MaxValue, 100, 100, null).Needed);

    [Fact]
    public void votes_are_exact_beyond_what_a_decimal_holds()
    {
        var needed = UInt256.Parse("1000000000000000000000000000000000000000000001");
        var counting = new VoteCounting(VoteChoices.Bravo, true);
        var exactly = counting.Of(1, needed, []);
        Assert.True(counting.Reaches(exactly, needed));
        Assert.False(counting.Reaches(exactly - counting.Of(1, 1, []), needed));
        Assert.Equal(needed - 1, (exactly - counting.Of(1, 1, [])).For);
    }

    [Theory]
    [InlineData("support=bravo&quorum=for,abstain", VoteChoices.Bravo, true)]
    [InlineData("quorum=for,abstain&support=bravo", VoteChoices.Bravo, true)]
    [InlineData("support=bravo&quorum=bravo", VoteChoices.Bravo, false)]
    [InlineData("support=bravo,fractional&quorum=for,abstain&params=fractional", VoteChoices.Fractional, true)]
    [InlineData("support=bravo,fractional&quorum=for&params=fractional", VoteChoices.Fractional, false)]
    [InlineData("support=bravo,override&quorum=for,abstain&overridable=true", VoteChoices.Overridable, true)]
    public void known_ways_of_counting(string mode, VoteChoices choices, bool abstainCounts) =>
        Assert.Equal(new VoteCounting(choices, abstainCounts), VoteCounting.Parse(mode));

    [Fact]
    public void a_fractional_vote_says_its_shares_in_16_bytes_each()
    {
        var shares = new byte[48];
        (shares[15], shares[31], shares[46]) = (1, 2, 3);
        var fractional = new VoteCounting(VoteChoices.Fractional, true);
        Assert.Equal(new VoteTally(1, 2, 768), fractional.Of(255, 771, shares));
        Assert.Equal(VoteTally.None, fractional.Of(255, 771, shares.AsSpan(1)));
        Assert.Equal(VoteTally.None, fractional.Of(3, 771, []));
        Assert.Equal(VoteTally.None, new VoteCounting(VoteChoices.Bravo, true).Of(255, 771, shares));
        Assert.Equal(new VoteTally(0, 0, 5), fractional.Of(2, 5, []));
    }

    [Fact]
    public void a_burn_is_a_negative_mint() =>
        Assert.Equal((UInt256)70UL, SnapshotQuorum.SupplyAt(9, new KnownSupply(5, 100), [new SupplyChange(6, new BigInteger(-30))]));
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Locks;
using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Locks;

/// <summary>Locks of sequencers: what is new money in them, and when which part is on its way out.</summary>
public sealed class SequencerLockSpecs
{
    [Fact]
    public void of_what_a_lock_grew_by_a_transfer_is_new_money_and_the_rest_compounded_reward()
    {
        Assert.Equal(["Open 60 60"], Classified(Moved(Ada, Locking, 60), key => new SequencerRelocked(key, Locking, 7, 100)));
        Assert.Equal(["Open 60 60"], Classified(Moved(Ada, Locking, 60), key => new SequencerRelocked(key, Locking, 7, 60)));
        Assert.Empty(Classified(key => new SequencerRelocked(key, Locking, 7, 40)));
        Assert.Equal(["Unknown 60 0"], Classified(Moved(Ada, Stranger, 60), key => new SequencerRelocked(key, Stranger, 7, 60)));
    }

    [Fact]
    public void with_the_beginning_of_its_exit_the_whole_lock_of_that_sequencer_is_at_work_no_more()
    {
        var story = Locks();
        Assert.Equal<UInt256>(900, Eligible(story));
        story.Then(5, at => Transaction(at, key => new SequencerUnlockStarted(key, Locking, Ada, 7, 0)));
        Assert.Equal((FlowKind.UnlockStarted, (UInt256)500UL), (Told(story).Kind, Told(story).Amount));
        Assert.Equal<UInt256>(400, Eligible(story));
        story.Then(6, at => Transaction(at, Moved(Locking, Ada, 500)));
        Assert.Equal(FlowKind.Close, Told(story).Kind);
        story.Then(7, at => Transaction(at, key => new SequencerUnlockStarted(key, Locking, Ada, 8, 33)));
        Assert.Equal(((UInt256)400UL, UInt256.Zero), (Told(story).Amount, Eligible(story)));
    }

    [Fact]
    public void a_part_that_is_paid_out_at_once_is_at_work_no_more()
    {
        var story = Locks().Then(
            5, at => Transaction(at, Moved(Locking, Ada, 150), key => new SequencerWithdrawn(key, Locking, 7, 150)));
        Assert.Equal((FlowKind.Close, (UInt256)150UL), (Told(story).Kind, Told(story).Shares));
        Assert.Equal<UInt256>(750, Eligible(story));
        story.Then(6, at => Transaction(at, key => new SequencerUnlockStarted(key, Locking, Ada, 7, 0)));
        Assert.Equal<UInt256>(400, Eligible(story));
    }

    [Fact]
    public void who_gets_the_rewards_of_ones_sequencer_is_one_of_ones_wallets()
    {
        Func<EventKey, Observation> Claims(ulong id, Address recipient, Address? contract = null) =>
            key => new SequencerRewardClaimed(key, contract ?? Locking, id, recipient, 33);
        var story = Locks().Record(5, Transaction(
            5, Claims(7, Stranger), Claims(8, Ada), Claims(9, Router), Claims(7, Router, Stranger), Claims(7, Exchange)));
        var joined = Assert.Single(story.All<ClusterMemberAdded>());
        Assert.Equal((Stranger, Locking), (joined.Wallet, joined.PaidBy));
        story.Record(6, Transaction(6, Claims(7, Stranger))).Then(7, at => Transaction(at, Moved(Ada, Stranger, 100)));
        Assert.Equal((1, FlowKind.Internal), (story.Count<ClusterMemberAdded>(), Told(story).Kind));
        story.Then(8, at => Sold(at, Stranger, 100));
        Assert.Equal(FlowKind.Sale, Told(story).Kind);
    }

    [Fact]
    public void what_was_locked_before_anybody_noted_for_whom_leaves_with_the_first_exit()
    {
        Position Held(UInt256 shares) => new()
        {
            Venue = Locking, Weight = new BasisPoints(10_000), Cap = new BasisPoints(10_000), MinHoldSeconds = 0, Shares = shares,
        };
        var scope = Scope(Ada) with { Positions = [Held(100)] };
        var flow = Assert.Single(Classification.Classify(
            Transaction(5, key => new SequencerUnlockStarted(key, Locking, Ada, 7, 0)), scope));
        Assert.Equal<UInt256>(100, flow.Shares);
        Assert.Empty(Classification.Classify(
            Transaction(5, key => new SequencerUnlockStarted(key, Locking, Stranger, 7, 0)), scope));
    }

    // 500 for sequencer 7, of which 100 were added later with a reward of 20; 400 for sequencer 8.
    private static Story Locks() => Story.Begin()
        .Then(1, at => Released(at, Ada, 1_000))
        .Then(2, at => Locked(at, Ada, 400))
        .Then(3, at => Transaction(at, Moved(Ada, Locking, 100), key => new SequencerRelocked(key, Locking, 7, 120)))
        .Then(4, at => Transaction(at, Moved(Ada, Locking, 400), key => new SequencerLocked(key, Locking, Ada, 8, 400)));

    private static Flow Told(Story story) => story.Last<FlowClassified>().Flow;

    private static UInt256 Eligible(Story story) => story.State.Ledger.Read(Convention.Floor).Eligible;
}

using Grants.Domain.Reinvestment.Locks;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.Reinvestment.Chain;

namespace Grants.Domain.Tests.Reinvestment.Locks;

/// <summary>What the logs of a lock say of its sequencers.</summary>
public sealed class SequencerTests
{
    [Fact]
    public void a_sequencer_is_what_its_changes_made_of_it_in_their_order()
    {
        var sequencers = Sequencer.Of(
            Locking,
            [
                new SequencerMade(8UL, AdaCold, 50UL), new SequencerMade(7UL, Ada, 100UL), new SequencerGrown(7UL, 30UL),
                new SequencerResized(7UL, 130UL), new SequencerGrown(7UL, 20UL), new SequencerResized(7UL, 150UL),
                new SequencerRewarded(7UL, Ada, 5UL), new SequencerRewarded(7UL, AdaCold, 6UL), new SequencerHandedOver(7UL, Stranger),
                new SequencerGrown(9UL, 1UL), // made before anybody watched
            ]);
        Assert.Equal(
            [new Sequencer(Locking, 7UL, Stranger, 150UL, 50UL, 11UL, AdaCold), new Sequencer(Locking, 8UL, AdaCold, 50UL, 0UL, 0UL)],
            sequencers);
    }

    [Fact]
    public void it_is_unlocking_from_the_beginning_of_its_exit_until_it_is_paid_out()
    {
        List<SequencerChange> changes = [new SequencerMade(7UL, Ada, 100UL)];
        Assert.False(Of(changes).IsUnlocking);
        changes.Add(new SequencerExitBegun(7UL, 1_000UL));
        Assert.Equal((true, (UInt256?)1_000UL), (Of(changes).IsUnlocking, Of(changes).ClaimableFrom));
        changes.Add(new SequencerLeft(7UL));
        Assert.Equal((false, UInt256.Zero), (Of(changes).IsUnlocking, Of(changes).Locked));
    }

    [Fact]
    public void what_more_can_be_locked_is_what_the_last_largest_lock_leaves()
    {
        List<SequencerChange> changes = [new SequencerMade(7UL, Ada, 100UL)];
        Assert.Null(Of(changes).Room);
        changes.Insert(0, new LargestLockSet(500UL));
        changes.Add(new LargestLockSet(130UL));
        Assert.Equal<UInt256?>(30UL, Of(changes).Room);
        Assert.Equal<UInt256?>(UInt256.Zero, Of([.. changes, new SequencerResized(7UL, 140UL)]).Room); // the largest was lowered since
        Assert.Equal<UInt256?>(UInt256.Zero, Of([.. changes, new SequencerExitBegun(7UL, 1_000UL)]).Room);
    }

    private static Sequencer Of(IEnumerable<SequencerChange> changes) => Assert.Single(Sequencer.Of(Locking, changes));
}

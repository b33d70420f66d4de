using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class LockedStakesTests
{
    [Fact]
    public void a_lock_counts_for_its_signer() =>
        Assert.Equal(Listed(Power(0, (Ada, 5))), Listed(LockedStakes.Of([new LockOpened(1, Ada, 5)])));

    [Fact]
    public void the_locks_of_one_signer_are_added() => Assert.Equal(
        Listed(Power(0, (Ada, 8), (Bo, 1))),
        Listed(LockedStakes.Of([new LockOpened(1, Ada, 5), new LockOpened(2, Bo, 1), new LockOpened(3, Ada, 3)])));

    [Fact]
    public void a_lock_counts_as_large_as_it_was_last() => Assert.Equal(
        Listed(Power(0, (Ada, 2))),
        Listed(LockedStakes.Of([new LockOpened(1, Ada, 5), new LockResized(1, 9), new LockResized(1, 2)])));

    [Fact]
    public void a_lock_that_is_handed_over_counts_for_the_new_signer() => Assert.Equal(
        Listed(Power(0, (Bo, 5))), Listed(LockedStakes.Of([new LockOpened(1, Ada, 5), new LockHandedOver(1, Bo)])));

    [Fact]
    public void a_lock_on_its_way_out_does_not_count()
    {
        var power = LockedStakes.Of([new LockOpened(1, Ada, 5), new LockOpened(2, Bo, 1), new LockEnded(1), new LockEnded(1)])!;
        Assert.Equal(Listed(Power(0, (Bo, 1))), Listed(power));
        Assert.Equal<UInt256>(1, power.Supply);
    }

    [Fact]
    public void what_happens_to_a_lock_on_its_way_out_brings_it_not_back() => Assert.Empty(
        Listed(LockedStakes.Of([new LockOpened(1, Ada, 5), new LockEnded(1), new LockResized(1, 7), new LockHandedOver(1, Bo)])));

    [Fact]
    public void a_lock_that_was_never_opened_or_is_opened_twice_is_no_power()
    {
        Assert.Null(LockedStakes.Of([new LockResized(1, 5)]));
        Assert.Null(LockedStakes.Of([new LockEnded(1), new LockOpened(1, Ada, 5)]));
        Assert.Null(LockedStakes.Of([new LockOpened(1, Ada, 5), new LockOpened(1, Ada, 5)]));
        Assert.Null(LockedStakes.Of([new LockOpened(1, Ada, UInt256.MaxValue), new LockOpened(2, Bo, 1)]));
    }

    [Fact]
    public void the_sum_of_the_power_is_the_supply() => Seeded.Check(
        Gen.Select(Gen.Int[0, 4], Gen.Int[1, 4], Gen.Int[0, 9]).Array[0, 60],
        steps =>
        {
            var (open, changes) = (new Dictionary<UInt256, (Address Owner, ulong Amount)>(), new List<LockChange>());
            foreach (var (kind, account, number) in steps)
            {
                UInt256 id = (ulong)number;
                if (!changes.Any(change => change.LockId == id))
                {
                    changes.Add(new LockOpened(id, Named(account), (ulong)number));
                    open[id] = (Named(account), (ulong)number);
                    continue;
                }

                changes.Add(kind switch
                {
                    0 => new LockEnded(id),
                    1 => new LockHandedOver(id, Named(account)),
                    _ => new LockResized(id, (ulong)kind),
                });
                if (!open.Remove(id, out var before) || kind == 0)
                    continue;
                open[id] = kind == 1 ? (Named(account), before.Amount) : (before.Owner, (ulong)kind);
            }

            var power = LockedStakes.Of(changes)!;
            Assert.Equal(SumOf(power), power.Supply);
            Assert.Equal(
                open.Values.GroupBy(one => one.Owner).Select(one => (one.Key, (UInt256)(ulong)one.Sum(of => (long)of.Amount)))
                    .Where(one => !one.Item2.IsZero).OrderBy(one => one.Key),
                Listed(power));
        });
}

using Grants.Ethereum.Contracts.Staking;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class LockingPoolTests
{
    private static readonly Address First = Address.Parse("0x00000000000000000000000000000000000000a1");
    private static readonly Address Second = Address.Parse("0x00000000000000000000000000000000000000b2");

    private static readonly LockingPool.DistributeRewardLog Paid = new(7, 10, 12, 3_000_000, 1_000);

    [Fact]
    public void the_shares_of_a_batch_are_the_blocks_of_each_times_the_reward_of_one() => Assert.Equal(
        [new LockingPool.RewardShare(First, 2_000, 2_000_000), new LockingPool.RewardShare(Second, 1_000, 1_000_000)],
        LockingPool.SharesOf(Paid, Call(7, 10, 12, [First, Second], [2_000, 1_000])));

    [Fact]
    public void a_call_that_is_not_what_the_contract_says_of_it_tells_no_shares()
    {
        Assert.Null(LockingPool.SharesOf(Paid, Call(7, 10, 12, [First, Second], [2_000, 1_001]))); // the sum is another
        Assert.Null(LockingPool.SharesOf(Paid, Call(8, 10, 12, [First, Second], [2_000, 1_000])));
        Assert.Null(LockingPool.SharesOf(Paid, Call(7, 10, 13, [First, Second], [2_000, 1_000])));
        Assert.Null(LockingPool.SharesOf(Paid, Call(7, 10, 12, [First], [2_000, 1_000])));
        Assert.Null(LockingPool.SharesOf(Paid, Call(7, 10, 12, [First, Second], [2_000, 1_000]).AsSpan()[..^1]));
        Assert.Null(LockingPool.SharesOf(Paid, [1, 2, 3])); // the call of somebody who called it in turn
        Assert.Null(LockingPool.SharesOf(Paid with { Rpb = UInt256.MaxValue }, Call(7, 10, 12, [First], [2])));
    }

    private static byte[] Call(ulong batch, ulong from, ulong to, Address[] sequencers, ulong[] blocks) =>
        LockingPool.BatchSubmitRewards.Encode(
            (UInt256)batch,
            (UInt256)from,
            (UInt256)to,
            sequencers.Cast<object>().ToArray(),
            blocks.Select(number => (object)(UInt256)number).ToArray());
}

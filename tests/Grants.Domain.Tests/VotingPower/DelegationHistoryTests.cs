using CsCheck;
using Grants.Domain.Tests.Programs;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class DelegationHistoryTests
{
    private static readonly Address Token = AProgram.Named("token");

    private static readonly Address Registry = AProgram.Named("registry");

    private static readonly Hash32 Space = Keccak256.Hash("a space");

    [Fact]
    public void a_delegation_lasts_until_another_or_none_is_named()
    {
        var history = DelegationHistory.Of([Named(Ada, Bo, 1), Named(Ada, Cy, 2), Named(Ada, null, 3), Named(Ada, Bo, 4)]);
        Assert.Equal(
            [
                new Delegation(Token, Hash32.Zero, Ada, Bo, At(1), At(2)),
                new Delegation(Token, Hash32.Zero, Ada, Cy, At(2), At(3)),
                new Delegation(Token, Hash32.Zero, Ada, Bo, At(4), null),
            ],
            history);
        Assert.Equal([history[2]], DelegationHistory.Counting(history));
    }

    [Fact]
    public void naming_the_same_delegate_again_changes_nothing() => Assert.Equal(
        [new Delegation(Token, Hash32.Zero, Ada, Bo, At(1), At(3))],
        DelegationHistory.Of([Named(Ada, Bo, 1), Named(Ada, Bo, 2), Named(Ada, null, 3), Named(Ada, null, 4)]));

    [Fact]
    public void the_zero_address_is_nobody() => Assert.Equal(
        [new Delegation(Token, Hash32.Zero, Ada, Bo, At(1), At(2))],
        DelegationHistory.Of([Named(Ada, Bo, 1), Named(Ada, Address.Zero, 2)]));

    [Fact]
    public void sources_and_ids_are_told_apart()
    {
        var history = DelegationHistory.Of(
            [Named(Ada, Bo, 1), Entry(Ada, Hash32.Zero, Bo, 2), Entry(Ada, Space, Cy, 3), Entry(Bo, Hash32.Zero, Cy, 4)]);
        Assert.All(history, one => Assert.Null(one.RevokedAt));
        Assert.Equal([history[0], history[2], history[3]], DelegationHistory.Counting(history));
    }

    [Fact]
    public void an_entry_for_everything_counts_again_once_that_for_the_space_is_cleared()
    {
        var history = DelegationHistory.Of([Entry(Ada, Hash32.Zero, Bo, 1), Entry(Ada, Space, Cy, 2), Entry(Ada, Space, null, 3)]);
        Assert.Equal([history[0]], DelegationHistory.Counting(history));
    }

    [Fact]
    public void what_stands_is_what_was_named_last_and_no_two_delegations_of_one_account_overlap() => Seeded.Check(
        Gen.Select(Gen.Int[1, 4], Gen.Int[0, 4]).Array[0, 60],
        steps =>
        {
            var last = new Dictionary<Address, Address>();
            var changes = steps.Select((step, place) => Named(Accounts.Named(step.Item1), Accounts.Named(step.Item2), place)).ToList();
            foreach (var change in changes)
                last[change.Delegator] = change.Delegate!.Value;
            var history = DelegationHistory.Of(changes);
            Assert.Equal(
                last.Where(one => !one.Value.IsZero).OrderBy(one => one.Key).Select(one => (one.Key, one.Value)),
                DelegationHistory.Counting(history).OrderBy(one => one.Delegator).Select(one => (one.Delegator, one.Delegate)));
            foreach (var ofOne in history.GroupBy(one => one.Delegator))
            {
                Assert.All(ofOne.SkipLast(1), one => Assert.NotNull(one.RevokedAt));
                Assert.All(ofOne.Zip(ofOne.Skip(1)), pair => Assert.True(
                    pair.First.RevokedAt!.BlockNumber <= pair.Second.Since.BlockNumber && pair.First.Since != pair.First.RevokedAt));
            }
        });

    private static DelegateChange Named(Address delegator, Address? named, long block) =>
        new(Token, Hash32.Zero, delegator, named, At(block));

    private static DelegateChange Entry(Address delegator, Hash32 id, Address? named, long block) =>
        new(Registry, id, delegator, named, At(block));

    private static EventKey At(long block) => new(1, block, Keccak256.Hash($"block {block}"), Keccak256.Hash($"transaction {block}"), 0);
}

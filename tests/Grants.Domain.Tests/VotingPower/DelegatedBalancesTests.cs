using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class DelegatedBalancesTests
{
    private static readonly Hash32 Space = Keccak256.Hash("a space");

    private static readonly Hash32 Elsewhere = Keccak256.Hash("another space");

    private static readonly StrategyPower Held = Power(2, (Ada, 5), (Bo, 3), (Cy, 1));

    [Fact]
    public void who_names_nobody_keeps_the_balance() => Assert.Equal(Listed(Held), Listed(Moved()));

    [Fact]
    public void a_balance_counts_with_the_delegate_and_not_with_its_holder() =>
        Assert.Equal(Listed(Power(0, (Bo, 8), (Cy, 1))), Listed(Moved(new RegistryChange(Ada, Space, Bo))));

    [Fact]
    public void what_a_delegate_was_given_goes_no_further() => Assert.Equal(
        Listed(Power(0, (Bo, 5), (Cy, 4))), Listed(Moved(new RegistryChange(Ada, Space, Bo), new RegistryChange(Bo, Space, Cy))));

    [Fact]
    public void two_who_name_each_other_change_places() => Assert.Equal(
        Listed(Power(0, (Ada, 3), (Bo, 5), (Cy, 1))),
        Listed(Moved(new RegistryChange(Ada, Space, Bo), new RegistryChange(Bo, Space, Ada))));

    [Fact]
    public void an_entry_of_another_space_does_not_count() =>
        Assert.Equal(Listed(Held), Listed(Moved(new RegistryChange(Ada, Elsewhere, Bo))));

    [Fact]
    public void an_entry_for_everything_counts_where_there_is_none_for_the_space()
    {
        var everything = new RegistryChange(Ada, Hash32.Zero, Bo);
        Assert.Equal(Listed(Power(0, (Bo, 8), (Cy, 1))), Listed(Moved(everything)));
        Assert.Equal(Listed(Power(0, (Bo, 3), (Cy, 6))), Listed(Moved(new RegistryChange(Ada, Space, Cy), everything)));
        Assert.Equal(
            Listed(Power(0, (Bo, 8), (Cy, 1))),
            Listed(Moved(new RegistryChange(Ada, Space, Cy), everything, new RegistryChange(Ada, Space, null))));
    }

    [Fact]
    public void a_cleared_entry_gives_the_balance_back() =>
        Assert.Equal(Listed(Held), Listed(Moved(new RegistryChange(Ada, Space, Bo), new RegistryChange(Ada, Space, null))));

    [Fact]
    public void rules_without_an_id_read_the_entries_for_everything() => Assert.Equal(
        [new(Ada, Bo)],
        DelegatedBalances.DelegatesOf([new RegistryChange(Ada, Hash32.Zero, Bo), new RegistryChange(Bo, Space, Cy)], Hash32.Zero));

    [Fact]
    public void delegation_makes_no_power_and_loses_none() => Seeded.Check(
        Gen.Select(
            Holdings,
            Gen.Select(Gen.Int[1, 8], Gen.Bool, Gen.Int[0, 8]).Array[0, 20]),
        drawn =>
        {
            var (held, steps) = drawn;
            var delegates = DelegatedBalances.DelegatesOf(
                steps.Select(step => new RegistryChange(
                    Named(step.Item1), step.Item2 ? Space : Hash32.Zero, step.Item3 == 0 ? null : Named(step.Item3))),
                Space);
            var power = DelegatedBalances.Of(held, delegates);
            Assert.Equal((SumOf(held), held.Supply), (SumOf(power), power.Supply));
            foreach (var voter in Enumerable.Range(1, 8).Select(Named))
            {
                var given = held.Accounts.Where(one => delegates.GetValueOrDefault(one.Key, one.Key) == voter);
                Assert.Equal(
                    given.Aggregate(UInt256.Zero, (sum, one) => sum + one.Value), power.Accounts.GetValueOrDefault(voter));
            }
        });

    private static StrategyPower Moved(params RegistryChange[] changes) =>
        DelegatedBalances.Of(Held, DelegatedBalances.DelegatesOf(changes, Space));
}

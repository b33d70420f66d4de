using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Domain.VotingPower;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class WeightedPowerTests
{
    private static readonly PowerStrategy Token = PowerStrategy.BalanceOf(Named(90));

    private static readonly PowerStrategy InVault = Token with { Kind = PowerStrategyKind.VaultShares, Contract = Vault };

    [Fact]
    public void strategies_are_summed_by_their_weights()
    {
        var power = WeightedPower.Of(
            new PowerRules([Token with { Weight = 2 }, InVault with { Weight = 3 }]),
            [Power(1, (Ada, 5), (Bo, 1)), Power(0, (Bo, 7))])!;
        Assert.Equal(PowerSnapshot.Of([new(Ada, 10), new(Bo, 23)]).Root, power.Snapshot.Root);
        Assert.Equal<UInt256>((2 * 7) + (3 * 7), power.Supply);
    }

    [Fact]
    public void the_cap_cuts_each_sum_once_and_leaves_the_supply()
    {
        var power = WeightedPower.Of(
            new PowerRules([Token, InVault], CapPerVoter: 6), [Power(0, (Ada, 5), (Bo, 2)), Power(0, (Ada, 4), (Bo, 4))])!;
        Assert.Equal([new(Ada, 6), new AccountPower(Bo, 6)], power.Snapshot.Accounts.OrderBy(one => one.Account == Bo));
        Assert.Equal<UInt256>(15, power.Supply);
    }

    [Fact]
    public void sums_above_256_bits_are_no_power()
    {
        Assert.NotNull(WeightedPower.Of(new PowerRules([Token]), [Power(UInt256.MaxValue)]));
        Assert.Null(WeightedPower.Of(new PowerRules([Token with { Weight = 2 }]), [Power(UInt256.MaxValue)]));
        Assert.Null(WeightedPower.Of(new PowerRules([Token, InVault]), [Power(UInt256.MaxValue), Power(1)]));
    }

    [Fact]
    public void power_is_never_above_the_cap_or_the_supply_and_falls_for_nobody_as_a_weight_grows() => Seeded.Check(
        Gen.Select(Holdings, Holdings, Gen.Int[1, 1_000], Gen.Int[1, 1_000], Gen.ULong[1, 10_000]),
        drawn =>
        {
            var (first, second, weight, other, cap) = drawn;
            var rules = new PowerRules([Token with { Weight = weight }, InVault with { Weight = other }]);
            var free = WeightedPower.Of(rules, [first, second])!;
            var capped = WeightedPower.Of(rules with { CapPerVoter = cap }, [first, second])!;
            var heavier = WeightedPower.Of(
                rules with { Strategies = [Token with { Weight = weight + 1 }, InVault with { Weight = other }] }, [first, second])!;
            Assert.True(free.Snapshot.Total <= free.Supply);
            Assert.Equal(free.Supply, capped.Supply);
            foreach (var (account, power) in free.Snapshot.Accounts)
            {
                Assert.Equal(UInt256.Min(power, cap), Of(capped, account));
                Assert.True(Of(heavier, account) >= power);
                Assert.Equal(
                    (first.Accounts.GetValueOrDefault(account) * (UInt256)(ulong)weight)
                        + (second.Accounts.GetValueOrDefault(account) * (UInt256)(ulong)other),
                    power);
            }
        });

    [Fact]
    public void contracts_of_the_rules_have_no_power_and_custodians_take_what_they_hold_out_of_the_supply()
    {
        var own = OwnContracts.Of(new PowerRules([Token, InVault]));
        var power = Power(0, (Ada, 5), (Vault, 3), (Token.Contract, 2)).Without(own);
        Assert.Equal([(Ada, (UInt256)5UL)], Listed(power));
        Assert.Equal<UInt256>(7, power.Supply);
        Assert.Equal<UInt256>(10, Power(0, (Ada, 5), (Vault, 3), (Token.Contract, 2)).WithoutAccounts(own).Supply);
    }

    [Fact]
    public void no_token_counts_twice_where_a_vault_and_its_token_both_count()
    {
        var rules = new PowerRules([Token, InVault]);
        var own = OwnContracts.Of(rules);
        var tokens = Power(0, (Ada, 5), (Vault, 8));
        var shares = VaultShares.Of(Power(0, (Bo, 4)), 8);
        var power = WeightedPower.Of(rules, [tokens.Without(own), shares.Without(own)])!;
        Assert.Equal(tokens.Supply, power.Supply);
        Assert.Equal(tokens.Supply, power.Snapshot.Total);
    }

    [Fact]
    public void a_list_is_its_own_supply()
    {
        var power = ListedAccounts.Of([new(Ada, 5), new(Bo, 2)])!;
        Assert.Equal(Listed(Power(0, (Ada, 5), (Bo, 2))), Listed(power));
        Assert.Equal<UInt256>(7, power.Supply);
        Assert.Null(ListedAccounts.Of([new(Ada, UInt256.MaxValue), new(Bo, 1)]));
    }

    private static UInt256 Of(WeightedPower power, Address account) =>
        power.Snapshot.Accounts.SingleOrDefault(one => one.Account == account)?.Power ?? UInt256.Zero;
}

using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class SharesTests
{
    [Fact]
    public void shares_of_a_vault_count_for_what_they_are_worth_rounded_down()
    {
        var power = VaultShares.Of(Power(0, (Ada, 2), (Bo, 1)), 10);
        Assert.Equal(Listed(Power(0, (Ada, 6), (Bo, 3))), Listed(power));
        Assert.Equal<UInt256>(10, power.Supply);
    }

    [Fact]
    public void liquidity_counts_for_its_part_of_the_reserve_without_what_is_nobodys()
    {
        var power = PooledTokens.Of(Power(1_000, (Ada, 3_000), (Bo, 6_000)), 500);
        Assert.Equal(Listed(Power(0, (Ada, 150), (Bo, 300))), Listed(power));
        Assert.Equal<UInt256>(500, power.Supply);
    }

    [Fact]
    public void without_shares_there_is_nothing() => Assert.Equal(StrategyPower.Nothing, Power(0).SharesOf(7));

    [Fact]
    public void shares_are_never_worth_more_than_the_whole_and_lose_less_than_a_unit_each() => Seeded.Check(
        Gen.Select(Holdings, Gen.OneOf(Gen.ULong[0, 9], Gen.ULong)),
        drawn =>
        {
            var (shares, worth) = drawn;
            var power = shares.SharesOf(worth);
            Assert.True(SumOf(power) <= power.Supply);
            foreach (var (holder, held) in shares.Accounts.Where(_ => !shares.Supply.IsZero))
            {
                var (exact, unit) = (held.ToBigInteger() * worth, shares.Supply.ToBigInteger());
                Assert.InRange(exact - (power.Accounts[holder].ToBigInteger() * unit), 0, unit - 1);
            }
        });

    /// <summary>OpenZeppelin 5 ERC4626: convertToAssets(s) = ⌊s · (totalAssets + 1) / (totalSupply + 10^offset)⌋.</summary>
    [Fact]
    public void one_conversion_tells_all_others_to_a_unit() => Seeded.Check(
        Gen.Select(Holdings, Gen.OneOf(Gen.ULong[0, 9], Gen.ULong), Gen.Int[0, 6]),
        drawn =>
        {
            var (shares, assets, offset) = drawn;
            UInt256 ConvertToAssets(UInt256 amount) =>
                UInt256.MulDiv(amount, (UInt256)assets + 1, shares.Supply + (UInt256)(ulong)Math.Pow(10, offset));
            var power = VaultShares.Of(shares, ConvertToAssets(shares.Supply));
            Assert.All(shares.Accounts.Where(_ => !shares.Supply.IsZero), held => Assert.True(
                VaultShares.Agrees(power.Accounts[held.Key], ConvertToAssets(held.Value))));
        });

    [Fact]
    public void power_above_the_conversion_or_more_than_a_unit_below_does_not_agree()
    {
        Assert.True(VaultShares.Agrees(7, 7));
        Assert.True(VaultShares.Agrees(7, 8));
        Assert.False(VaultShares.Agrees(7, 6));
        Assert.False(VaultShares.Agrees(7, 9));
        Assert.True(VaultShares.Agrees(UInt256.MaxValue, UInt256.MaxValue));
    }
}

using System.Numerics;
using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class TokenBalancesTests
{
    [Fact]
    public void nobody_has_anything_where_nothing_was_transferred()
    {
        var power = TokenBalances.Of([])!;
        Assert.Empty(power.Accounts);
        Assert.Equal(UInt256.Zero, power.Supply);
    }

    [Fact]
    public void balances_follow_mints_transfers_and_burns()
    {
        var power = TokenBalances.Of(
        [
            new PowerTransfer(Address.Zero, Ada, 10),
            new PowerTransfer(Ada, Bo, 4),
            new PowerTransfer(Bo, Bo, 4),
            new PowerTransfer(Ada, Address.Zero, 1),
            new PowerTransfer(Cy, Bo, 0),
        ])!;
        Assert.Equal(Listed(Power(0, (Ada, 5), (Bo, 4))), Listed(power));
        Assert.Equal<UInt256>(9, power.Supply);
    }

    [Fact]
    public void an_account_that_moved_everything_on_has_nothing() => Assert.Equal(
        [(Bo, (UInt256)10UL)],
        Listed(TokenBalances.Of([new PowerTransfer(Address.Zero, Ada, 10), new PowerTransfer(Ada, Bo, 10)])));

    [Fact]
    public void what_is_minted_to_nobody_is_in_the_supply_and_nobodys()
    {
        var power = TokenBalances.Of([new PowerTransfer(Address.Zero, Address.Zero, 1_000), new PowerTransfer(Address.Zero, Ada, 5)])!;
        Assert.Equal([(Ada, (UInt256)5UL)], Listed(power));
        Assert.Equal<UInt256>(1_005, power.Supply);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void transfers_that_do_not_add_up_are_no_power(bool spendsTooMuch) => Assert.Null(TokenBalances.Of(spendsTooMuch
        ? [new PowerTransfer(Address.Zero, Bo, 7), new PowerTransfer(Ada, Bo, 1)]
        : [new PowerTransfer(Address.Zero, Ada, UInt256.MaxValue), new PowerTransfer(Address.Zero, Bo, 1)]));

    [Fact]
    public void the_order_of_the_chain_is_the_order_of_the_fold()
    {
        var (mint, move) = (new PowerTransfer(Address.Zero, Ada, 3), new PowerTransfer(Ada, Bo, 3));
        Assert.NotNull(TokenBalances.Of([mint, move]));
        Assert.Null(TokenBalances.Of([move, mint]));
    }

    [Fact]
    public void balances_are_those_of_a_book_kept_by_hand_and_their_sum_is_the_supply() => Seeded.Check(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.ULong[0, 9]).Array[0, 60],
        steps =>
        {
            var (balances, supply, nobodys, transfers) = (new BigInteger[5], BigInteger.Zero, BigInteger.Zero, new List<PowerTransfer>());
            foreach (var (from, to, wanted) in steps)
            {
                var amount = from == 0 ? wanted : (ulong)BigInteger.Min(wanted, balances[from]);
                if (from != 0)
                    balances[from] -= amount;
                if (to != 0)
                    balances[to] += amount;
                supply += (from == 0 ? amount : 0) - (to == 0 && from != 0 ? (BigInteger)amount : 0);
                nobodys += from == 0 && to == 0 ? amount : 0;
                transfers.Add(new PowerTransfer(Named(from), Named(to), amount));
            }

            var power = TokenBalances.Of(transfers)!;
            Assert.Equal(supply, power.Supply.ToBigInteger());
            Assert.Equal(supply - nobodys, SumOf(power).ToBigInteger());
            Assert.Equal(
                Enumerable.Range(1, 4).Where(one => balances[one] > 0).Select(one => (Named(one), new UInt256(balances[one]))).Order(),
                Listed(power));
            Assert.Equal(power.Accounts.Keys.Order(), TokenBalances.HoldersIn(transfers));
        });

    [Fact]
    public void holdings_are_whole_only_where_they_come_to_the_supply()
    {
        var held = new Dictionary<Address, UInt256> { [Ada] = 3, [Bo] = 4 };
        Assert.Equal<UInt256>(7, TokenBalances.Whole(held, 0, 7)!.Supply);
        Assert.Equal<UInt256>(8, TokenBalances.Whole(held, 1, 8)!.Supply);
        Assert.Null(TokenBalances.Whole(held, 0, 8));
        Assert.Null(TokenBalances.Whole(held, 1, 7));
        held[Cy] = UInt256.MaxValue;
        Assert.Null(TokenBalances.Whole(held, 0, 6));
    }
}

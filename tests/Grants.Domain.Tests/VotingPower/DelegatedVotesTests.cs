using CsCheck;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;
using Xunit;
using static Grants.Domain.Tests.VotingPower.Accounts;

namespace Grants.Domain.Tests.VotingPower;

public sealed class DelegatedVotesTests
{
    [Fact]
    public void the_last_change_of_a_delegate_is_its_power()
    {
        var power = DelegatedVotes.Of([new(Ada, 0, 5), new(Bo, 0, 2), new(Ada, 5, 4), new(Bo, 2, 0), new(Bo, 0, 3)], 9)!;
        Assert.Equal(Listed(Power(0, (Ada, 4), (Bo, 3))), Listed(power));
        Assert.Equal<UInt256>(9, power.Supply);
    }

    [Fact]
    public void a_change_must_follow_on_the_one_before_it()
    {
        Assert.Null(DelegatedVotes.Of([new(Ada, 1, 5)], 9));
        Assert.Null(DelegatedVotes.Of([new(Ada, 0, 5), new(Ada, 4, 6)], 9));
        Assert.Null(DelegatedVotes.Of([new(Ada, 5, 6), new(Ada, 0, 5)], 9));
    }

    [Fact]
    public void there_are_never_more_votes_than_tokens()
    {
        Assert.Null(DelegatedVotes.Of([new(Ada, 0, 5), new(Bo, 0, 5)], 9));
        Assert.NotNull(DelegatedVotes.Of([new(Ada, 0, 5), new(Bo, 0, 5)], 10));
    }

    [Fact]
    public void votes_are_those_of_a_token_kept_by_hand() => Seeded.Check(
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 4], Gen.ULong[0, 9], Gen.Bool).Array[0, 80],
        steps =>
        {
            var (balances, delegates, votes) = (new ulong[5], new int[5], new ulong[5]);
            var (changes, supply) = (new List<VotesChange>(), 0UL);
            foreach (var (from, to, wanted, isDelegation) in steps)
            {
                if (isDelegation && from != 0)
                {
                    Move(delegates[from], to, balances[from]);
                    delegates[from] = to;
                    continue;
                }

                var amount = from == 0 ? wanted : Math.Min(wanted, balances[from]);
                Move(delegates[from], delegates[to], amount);
                supply = supply + (from == 0 ? amount : 0) - (to == 0 ? amount : 0);
                balances[from] -= from == 0 ? 0 : amount;
                balances[to] += to == 0 ? 0 : amount;
            }

            var power = DelegatedVotes.Of(changes, supply)!;
            Assert.Equal(
                Enumerable.Range(1, 4).Where(one => votes[one] > 0).Select(one => (Named(one), (UInt256)votes[one])).Order(),
                Listed(power));
            Assert.True(SumOf(power) <= power.Supply);

            // As ERC20Votes does it: nothing is logged where the delegates are one, or no votes move, or nobody is a delegate.
            void Move(int source, int target, ulong amount)
            {
                if (source == target || amount == 0)
                    return;
                if (source != 0)
                    changes.Add(new VotesChange(Named(source), votes[source], votes[source] -= amount));
                if (target != 0)
                    changes.Add(new VotesChange(Named(target), votes[target], votes[target] += amount));
            }
        });
}

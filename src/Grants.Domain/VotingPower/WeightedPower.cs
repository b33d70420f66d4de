using System.Numerics;
using Grants.Domain.VotingPower.Strategies;
using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>Everybody's voting power under the rules of a vote.</summary>
/// <param name="Snapshot">Who has how much.</param>
/// <param name="Supply">What a quorum by share is a share of, base units.</param>
public sealed record WeightedPower(PowerSnapshot Snapshot, UInt256 Supply)
{
    /// <summary>
    /// The sum of weight · power over the strategies, and then the lesser of it and the cap. The supply is the sum of
    /// weight · supply, without the cap: what nobody may use still counts in a share of the supply. Exact.
    /// </summary>
    /// <param name="rules">The strategies with their weights, and the cap.</param>
    /// <param name="parts">What the strategies give, in the order of the rules.</param>
    /// <returns>Null where the supply is above 2^256 - 1.</returns>
    public static WeightedPower? Of(PowerRules rules, IReadOnlyList<StrategyPower> parts)
    {
        var weighted = rules.Strategies.Zip(parts, (strategy, part) => (Weight: (UInt256)(ulong)strategy.Weight, Part: part)).ToList();
        var supply = weighted.Aggregate(
            BigInteger.Zero, (sum, one) => sum + (one.Weight.ToBigInteger() * one.Part.Supply.ToBigInteger()));
        if (supply > UInt256.MaxValue.ToBigInteger())
            return null;
        var sums = new Dictionary<Address, UInt256>();
        foreach (var (weight, part) in weighted)
        {
            foreach (var (account, power) in part.Accounts)
                sums[account] = sums.GetValueOrDefault(account) + (weight * power);
        }

        var cap = rules.CapPerVoter ?? UInt256.MaxValue;
        return new WeightedPower(
            PowerSnapshot.Of(sums.Select(sum => new AccountPower(sum.Key, UInt256.Min(sum.Value, cap)))), new UInt256(supply));
    }
}

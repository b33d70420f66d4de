using System.Numerics;
using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>Strategy <c>list</c>: power is as the rules list it, and the supply is its sum.</summary>
public static class ListedAccounts
{
    /// <summary>The list as power.</summary>
    /// <param name="list">No account twice.</param>
    /// <returns>Null where the sum is above 2^256 - 1.</returns>
    public static StrategyPower? Of(IReadOnlyList<ListedPower> list)
    {
        var supply = list.Aggregate(BigInteger.Zero, (sum, listed) => sum + listed.Power.ToBigInteger());
        return supply > UInt256.MaxValue.ToBigInteger()
            ? null
            : new StrategyPower(list.ToDictionary(listed => listed.Account, listed => listed.Power), new UInt256(supply));
    }
}

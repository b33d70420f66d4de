using System.Collections.Immutable;
using Grants.Domain.VotingPower;
using Grants.Primitives;

namespace Grants.Service.VotingPower.Delegates;

/// <summary>How an account stands at a final block.</summary>
/// <param name="Account">Who.</param>
/// <param name="Power">Under the rules of the program, base units.</param>
/// <param name="DelegatorCount">The other accounts that delegate to it.</param>
/// <param name="AsOf">The final block.</param>
public sealed record DelegateStanding(Address Account, UInt256 Power, int DelegatorCount, BlockRef AsOf);

/// <summary>Everybody's power and delegations under the rules of a program, at a final block.</summary>
public sealed class DelegateBook
{
    private readonly IReadOnlyDictionary<Address, UInt256> power;

    private readonly IReadOnlyDictionary<Address, int> delegators;

    public DelegateBook(PowerSnapshot snapshot, IReadOnlyList<Delegation> history, BlockRef asOf)
    {
        power = snapshot.Accounts.ToDictionary(account => account.Account, account => account.Power);
        delegators = DelegationHistory.Counting(history)
            .Where(one => one.Delegate != one.Delegator)
            .GroupBy(one => one.Delegate)
            .ToDictionary(one => one.Key, one => one.Select(of => of.Delegator).Distinct().Count());
        (History, AsOf) = (history, asOf);
        Ranked = [.. delegators.Keys.Select(Of).OrderByDescending(one => one.Power).ThenBy(one => one.Account)];
    }

    /// <summary>Every delegation there ever was, in the order in which they were made.</summary>
    public IReadOnlyList<Delegation> History { get; }

    /// <summary>When.</summary>
    public BlockRef AsOf { get; }

    /// <summary>To whom others delegate, by power, ties by address.</summary>
    public ImmutableArray<DelegateStanding> Ranked { get; }

    /// <summary>How an account stands, whether or not anybody delegates to it.</summary>
    public DelegateStanding Of(Address account) =>
        new(account, power.GetValueOrDefault(account), delegators.GetValueOrDefault(account), AsOf);
}

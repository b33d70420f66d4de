using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>What happened to one lock of a venue, in chain order.</summary>
/// <param name="LockId">The venue's number of it.</param>
public abstract record LockChange(UInt256 LockId);

/// <summary><c>Locked</c>.</summary>
/// <param name="Owner">The signer that the venue names: the account that the lock counts for.</param>
/// <param name="Amount">Base units.</param>
public sealed record LockOpened(UInt256 LockId, Address Owner, UInt256 Amount) : LockChange(LockId);

/// <summary><c>LockUpdate</c>: tokens came in, as <c>Relocked</c> says, or a part went out, as <c>Withdraw</c> says.</summary>
/// <param name="Amount">What is locked now, base units.</param>
public sealed record LockResized(UInt256 LockId, UInt256 Amount) : LockChange(LockId);

/// <summary><c>SignerChange</c>.</summary>
/// <param name="Owner">For whom the lock counts from now on.</param>
public sealed record LockHandedOver(UInt256 LockId, Address Owner) : LockChange(LockId);

/// <summary><c>UnlockInit</c> or <c>Unlocked</c>: the tokens are on their way out, or out.</summary>
public sealed record LockEnded(UInt256 LockId) : LockChange(LockId);

/// <summary>
/// Strategy <c>staked</c> (Metis LockingInfo, metis-sequencer-contract 0.8.20): an account's power is the sum of the locks whose signer
/// it is. A lock stops counting with the start of its exit (<c>UnlockInit</c>), not when the tokens arrive. The supply is the sum of all
/// locks that count. Exact.
/// </summary>
public static class LockedStakes
{
    /// <summary>Folds all changes of the venue from its deployment on, in chain order.</summary>
    /// <returns>Null where a lock changes that was never opened, or is opened twice, or there is more than 2^256 - 1.</returns>
    public static StrategyPower? Of(IEnumerable<LockChange> changes)
    {
        var locks = new Dictionary<UInt256, (Address Owner, UInt256 Amount, bool Ended)>();
        foreach (var change in changes)
        {
            var known = locks.TryGetValue(change.LockId, out var current);
            if (known == change is LockOpened)
                return null;
            locks[change.LockId] = change switch
            {
                LockOpened opened => (opened.Owner, opened.Amount, false),
                LockResized resized => current with { Amount = resized.Amount },
                LockHandedOver handed => current with { Owner = handed.Owner },
                _ => current with { Ended = true },
            };
        }

        var (stakes, supply) = (new Dictionary<Address, UInt256>(), UInt256.Zero);
        foreach (var (owner, amount, _) in locks.Values.Where(one => !one.Ended && !one.Owner.IsZero))
        {
            if (amount > UInt256.MaxValue - supply)
                return null;
            supply += amount;
            stakes[owner] = stakes.GetValueOrDefault(owner) + amount;
        }

        return new StrategyPower(stakes, supply);
    }
}

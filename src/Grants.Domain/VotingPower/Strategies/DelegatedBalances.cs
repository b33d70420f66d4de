using Grants.Primitives;

namespace Grants.Domain.VotingPower.Strategies;

/// <summary>An entry of the delegate registry changed, in chain order.</summary>
/// <param name="Delegator">Whose entry.</param>
/// <param name="Id">For what it delegates; zero for everything.</param>
/// <param name="Delegate">To whom; null where the entry was cleared.</param>
public sealed record RegistryChange(Address Delegator, Hash32 Id, Address? Delegate);

/// <summary>
/// Strategy <c>delegated-balance</c> (Gnosis DelegateRegistry 1.0, as Snapshot reads it): each balance counts with the delegate that
/// the registry names for its holder under the id of the rules, else under the zero id, else with the holder. One hop: what a delegate
/// was given goes no further, though it may delegate its own balance. There is no override: who delegated has no power of its own
/// balance until the entry is cleared. The supply is the token's. Exact.
/// </summary>
public static class DelegatedBalances
{
    /// <summary>Moves the balances to the delegates.</summary>
    /// <param name="balances">Of the token, at the block.</param>
    /// <param name="delegates">See <see cref="DelegatesOf"/>.</param>
    public static StrategyPower Of(StrategyPower balances, IReadOnlyDictionary<Address, Address> delegates)
    {
        var powers = new Dictionary<Address, UInt256>();
        foreach (var (holder, balance) in balances.Accounts)
        {
            var voter = delegates.GetValueOrDefault(holder, holder);
            powers[voter] = powers.GetValueOrDefault(voter) + balance;
        }

        return balances with { Accounts = powers };
    }

    /// <summary>Who delegates to whom after all changes of the registry, in chain order.</summary>
    /// <param name="changes">Those under other ids do not count.</param>
    /// <param name="id">The id of the rules.</param>
    public static IReadOnlyDictionary<Address, Address> DelegatesOf(IEnumerable<RegistryChange> changes, Hash32 id)
    {
        var (bound, general) = (new Dictionary<Address, Address>(), new Dictionary<Address, Address>());
        foreach (var change in changes.Where(change => change.Id == id || change.Id == Hash32.Zero))
        {
            var entries = change.Id == id ? bound : general;
            if (change.Delegate is { IsZero: false } named)
                entries[change.Delegator] = named;
            else
                entries.Remove(change.Delegator);
        }

        foreach (var (delegator, named) in general)
            bound.TryAdd(delegator, named);
        return bound;
    }
}

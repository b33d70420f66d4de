using Grants.Primitives;

namespace Grants.Domain.VotingPower;

/// <summary>An account named a delegate, or nobody any more, in chain order.</summary>
/// <param name="Source">The token or the registry that says so.</param>
/// <param name="Id">For what, in a registry; zero for everything and with a token.</param>
/// <param name="Delegator">Who named.</param>
/// <param name="Delegate">Whom; null for nobody.</param>
/// <param name="At">The log.</param>
public sealed record DelegateChange(Address Source, Hash32 Id, Address Delegator, Address? Delegate, EventKey At);

/// <summary>A delegation from the log that made it to the log that ended it.</summary>
/// <param name="Since">The log that made it.</param>
/// <param name="RevokedAt">The log that ended it, by naming somebody else or nobody; null while it stands.</param>
public sealed record Delegation(
    Address Source, Hash32 Id, Address Delegator, Address Delegate, EventKey Since, EventKey? RevokedAt);

/// <summary>Who delegated to whom and when, from the logs of ERC-5805 tokens and delegate registries.</summary>
public static class DelegationHistory
{
    /// <summary>
    /// Every delegation there ever was, in the order in which they were made. Naming the same delegate again changes nothing.
    /// </summary>
    /// <param name="changes">Of each source in chain order.</param>
    public static IReadOnlyList<Delegation> Of(IEnumerable<DelegateChange> changes)
    {
        var (history, open) = (new List<Delegation>(), new Dictionary<(Address, Hash32, Address), int>());
        foreach (var change in changes)
        {
            var key = (change.Source, change.Id, change.Delegator);
            if (open.TryGetValue(key, out var place))
            {
                if (history[place].Delegate == change.Delegate)
                    continue;
                history[place] = history[place] with { RevokedAt = change.At };
                open.Remove(key);
            }

            if (change.Delegate is not { IsZero: false } named)
                continue;
            open[key] = history.Count;
            history.Add(new Delegation(change.Source, change.Id, change.Delegator, named, change.At, null));
        }

        return [.. history.OrderBy(one => one.Since.BlockNumber).ThenBy(one => one.Since.LogIndex)];
    }

    /// <summary>
    /// Those that count now: what stands, except an entry of a registry for everything beside one of the same delegator for the space.
    /// </summary>
    public static IEnumerable<Delegation> Counting(IReadOnlyList<Delegation> history)
    {
        var bound = history
            .Where(one => one.RevokedAt is null && one.Id != Hash32.Zero)
            .Select(one => (one.Source, one.Delegator))
            .ToHashSet();
        return history.Where(one =>
            one.RevokedAt is null && (one.Id != Hash32.Zero || !bound.Contains((one.Source, one.Delegator))));
    }
}

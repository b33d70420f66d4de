using Grants.Domain.Reinvestment.Watching;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Locks;

/// <summary>Metis LockingInfo <c>ClaimRewards</c>: a reward went to its recipient on L2.</summary>
public sealed record SequencerRewardClaimed(
    EventKey Key, Address Venue, UInt256 SequencerId, Address Recipient, UInt256 Amount) : Observation(Key);

/// <summary>
/// Who gets the rewards of an award's sequencer is one of its wallets, wherever the rewards are sent: so rerouting them is no way out.
/// Whose the account really is may be said by a label, as of any wallet that joined by itself.
/// </summary>
internal static class RewardRecipients
{
    /// <summary>Those of a transaction of whom nothing is known yet. Rewards come to the chain that pays, wherever the lock is.</summary>
    public static IEnumerable<ClusterMemberAdded> Joining(RecordTransaction command, ReinvestmentMonitor state, AwardScope scope)
    {
        var claims = command.Observations.OfType<SequencerRewardClaimed>()
            .Where(claim => scope.Policy.VenueAt(claim.Venue)?.Kind == VenueKind.Lock
                && state.SequencerLocks.Any(one => one.Venue == claim.Venue && one.SequencerId == claim.SequencerId))
            .ToList();
        if (claims.Count == 0)
            return [];
        var home = state.ScopeAt(command.ToldAt.Number);
        return claims
            .Where(claim => home.IsStranger(claim.Recipient)
                && state.OwnChainWallets.All(wallet => wallet.Wallet != claim.Recipient))
            .DistinctBy(claim => claim.Recipient)
            .Select(claim => new ClusterMemberAdded(command.AwardId, claim.Recipient, claim.Venue, claim.Key, command.ToldAt));
    }
}

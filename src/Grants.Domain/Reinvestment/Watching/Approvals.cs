using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Watching;

/// <summary>ERC-20 <c>Approval</c> of any token.</summary>
public sealed record SpendingApproved(EventKey Key, Address Token, Address Owner, Address Spender, UInt256 Amount) : Observation(Key);

/// <summary>
/// A wallet lets somebody of whom nothing is known take tokens from it. What they take shows as a transfer; that they may is a risk, and
/// has no other consequence.
/// </summary>
/// <param name="Token">The incentive token, or a venue's shares.</param>
/// <param name="Amount">Base units, as it was last said: what was taken since is not taken off. Zero ends it.</param>
public sealed record SpenderApproved(
    Hash32 AwardId, Address Token, Address Owner, Address Spender, UInt256 Amount, EventKey Evidence, BlockRef Block);

internal static class Approvals
{
    /// <summary>What a transaction left as approved, where that is not what is known.</summary>
    public static IEnumerable<SpenderApproved> Of(RecordTransaction command, ReinvestmentMonitor state, AwardScope scope) =>
        command.Observations.OfType<SpendingApproved>()
            .Where(approved => scope.Owns(approved.Owner) && scope.Counts(approved.Token) && scope.IsStranger(approved.Spender))
            .GroupBy(approved => (approved.Token, approved.Owner, approved.Spender))
            .Select(same => same.MaxBy(approved => approved.Key.LogIndex)!)
            .Where(approved => approved.Amount != AmountOf(state.Approvals, approved.Token, approved.Owner, approved.Spender))
            .OrderBy(approved => approved.Key.LogIndex)
            .Select(approved => new SpenderApproved(
                command.AwardId, approved.Token, approved.Owner, approved.Spender, approved.Amount, approved.Key, command.ToldAt));

    /// <summary>Those that stand after another one.</summary>
    public static ImmutableList<SpenderApproved> After(ImmutableList<SpenderApproved> standing, SpenderApproved approved)
    {
        var others = standing.RemoveAll(one =>
            one.Token == approved.Token && one.Owner == approved.Owner && one.Spender == approved.Spender);
        return approved.Amount.IsZero ? others : others.Add(approved);
    }

    private static UInt256 AmountOf(ImmutableList<SpenderApproved> standing, Address token, Address owner, Address spender) =>
        standing.Find(one => one.Token == token && one.Owner == owner && one.Spender == spender)?.Amount ?? UInt256.Zero;
}

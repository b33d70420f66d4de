using Grants.Primitives;

namespace Grants.Domain.Awards;

/// <summary>A release that is ordered and not paid, or that would be ordered by an instant as things stand.</summary>
/// <param name="Amount">Base units; null where what holds it also keeps its amount open.</param>
/// <param name="DueAt">Seconds since 1970, chain time; null for what is ordered, and for what nothing makes due.</param>
/// <param name="ReleaseId">Null for what cannot be ordered.</param>
/// <param name="Held">The code of what stands against it; null where nothing of the award does.</param>
public sealed record PlannedRelease(
    Hash32 AwardId, int Tranche, Address Recipient, UInt256? Amount, long? DueAt, Hash32? ReleaseId, string? Held);

/// <summary>What an award is going to pay: the same decisions that will be taken, taken on a copy ahead of time.</summary>
public static class PayoutPlan
{
    /// <summary>No more of one award: a line that is paid every second has no end.</summary>
    public const int MostOfAward = 100;

    /// <summary>Everything ordered and not paid, then what becomes due up to the block's time; a held one is the last.</summary>
    /// <param name="award">As it stands.</param>
    /// <param name="complianceCap">Of what is committed, in base units: what a breach leaves.</param>
    /// <param name="until">A block of that time.</param>
    public static IEnumerable<PlannedRelease> Of(Award award, Func<UInt256, UInt256> complianceCap, BlockRef until)
    {
        var id = award.Terms.AwardId;
        foreach (var order in award.Orders.Where(order => order.ReleasedAt is null))
            yield return new PlannedRelease(id, order.Tranche, award.Recipient, order.Amount, null, order.ReleaseId, null);
        for (var (state, left) = (award, MostOfAward); left > 0; left--)
        {
            var (tranche, due) = (state.Orders.Count + 1, state.NextDueAt);
            var decision = Award.Decide(new OrderRelease(id, tranche, complianceCap(state.Committed), until), state);
            switch (decision)
            {
                case { Events: [ReleaseOrdered ordered] }:
                    yield return new PlannedRelease(id, tranche, state.Recipient, ordered.Amount, due, ordered.ReleaseId, null);
                    state = Award.Evolve(state, ordered)!;
                    break;
                case { Events: [TrancheHeld held] }:
                    yield return new PlannedRelease(id, tranche, state.Recipient, held.Amount, due, null, "TRANCHE_HELD");
                    yield break;
                case { Rejection: AwardEnded or TrancheNotDue }:
                    yield break;
                case { Rejection: { } rejection }:
                    yield return new PlannedRelease(id, tranche, state.Recipient, null, due, null, rejection.Code);
                    yield break;
                default:
                    // Held already, as the last decision about it said.
                    yield return new PlannedRelease(id, tranche, state.Recipient, null, due, null, "TRANCHE_HELD");
                    yield break;
            }
        }
    }
}

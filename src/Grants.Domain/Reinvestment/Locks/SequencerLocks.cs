using System.Collections.Immutable;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Locks;

/// <summary>What an award's wallets have put into the lock of one sequencer, base units: compounded reward is not among it.</summary>
public sealed record SequencerLock(Address Venue, UInt256 SequencerId, UInt256 Amount);

/// <summary>
/// Locks of sequencers, as Metis has them. What a lock grew by is told by transfers: new money comes by one, and compounded reward, which
/// is at work already and was never released, by none. A lock leaves whole, with <c>UnlockInit</c>; a part is paid out at once.
/// </summary>
/// <remarks>Assumption: only its owner can add to a lock, so that who pays for it owns it.</remarks>
internal static class SequencerLocks
{
    public static void Classify(Observation observation, TransactionLegs transaction, AwardScope scope)
    {
        switch (observation)
        {
            case SequencerLocked made when transaction.IsVenue(made.Venue, VenueKind.Lock) && transaction.Owns(made.Signer):
                Open(transaction, made.Key, made.Venue, made.SequencerId, made.Amount, "Locked.");
                break;
            case SequencerRelocked grown when transaction.IsVenue(grown.Venue, VenueKind.Lock):
                Open(transaction, grown.Key, grown.Venue, grown.SequencerId, grown.Amount, "Added to the lock.");
                break;
            case SequencerWithdrawn part when transaction.IsVenue(part.Venue, VenueKind.Lock):
                TakeOut(transaction, part);
                break;
            case SequencerUnlockStarted exit when transaction.IsVenue(exit.Venue, VenueKind.Lock) && transaction.Owns(exit.User):
                Leave(transaction, exit, scope);
                break;
        }
    }

    /// <summary>What is in the locks after a flow.</summary>
    public static ImmutableList<SequencerLock> After(ImmutableList<SequencerLock> locks, Flow flow)
    {
        if (flow is not { SequencerId: { } id, Venue: { } venue })
            return locks;
        var before = locks.Find(one => one.Venue == venue && one.SequencerId == id)?.Amount ?? UInt256.Zero;
        var after = flow.Kind switch
        {
            FlowKind.Open => before + flow.Amount,
            FlowKind.Close => UInt256.SubtractToZero(before, flow.Amount),
            _ => UInt256.Zero,
        };
        var others = locks.RemoveAll(one => one.Venue == venue && one.SequencerId == id);
        return after.IsZero ? others : others.Add(new SequencerLock(venue, id, after));
    }

    private static void Open(TransactionLegs transaction, EventKey key, Address venue, UInt256 id, UInt256 amount, string why)
    {
        if (transaction.Fund(venue, amount) is { } paid)
            transaction.Add(FlowKind.Open, key, paid.Wallet, null, venue, paid.Amount, paid.Amount, why, sequencerId: id);
    }

    private static void TakeOut(TransactionLegs transaction, SequencerWithdrawn part)
    {
        if (transaction.Arriving().FirstOrDefault(leg => leg.From == part.Venue && leg.Left == part.Amount) is not { } paid)
            return;
        paid.TakeAll();
        transaction.Add(
            FlowKind.Close, part.Key, paid.To, null, part.Venue, part.Amount, part.Amount, "A part came out of the lock.",
            sequencerId: part.SequencerId);
    }

    // All that is in the venue but what other sequencers of the award have there: so what was locked before anybody noted for whom
    // leaves too.
    private static void Leave(TransactionLegs transaction, SequencerUnlockStarted exit, AwardScope scope)
    {
        var shares = scope.Positions.FirstOrDefault(position => position.Venue == exit.Venue)?.Shares ?? UInt256.Zero;
        var others = scope.SequencerLocks.Where(one => one.Venue == exit.Venue && one.SequencerId != exit.SequencerId)
            .Aggregate(UInt256.Zero, (sum, one) => sum + one.Amount);
        var leaving = UInt256.SubtractToZero(shares, others);
        if (!leaving.IsZero)
        {
            transaction.Add(
                FlowKind.UnlockStarted, exit.Key, exit.User, null, exit.Venue, leaving, leaving, "Began to leave the lock.",
                sequencerId: exit.SequencerId);
        }
    }
}

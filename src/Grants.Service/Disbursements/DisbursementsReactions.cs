using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Primitives;
using Marten;

namespace Grants.Service.Disbursements;

/// <summary>What was decided for an award becomes an order of the treasury with the same identity.</summary>
public static class DisbursementsReactions
{
    public static OrderDisbursement Handle(AwardGranted granted, TimeProvider clock) => Order(
        granted.Terms, granted.ReservationId, TreasuryOrderKind.Reservation, 0, granted.Terms.Recipient, granted.Terms.Amount, clock);

    public static async Task<OrderDisbursement> Handle(
        ReleaseOrdered ordered, IQuerySession session, TimeProvider clock, CancellationToken cancellation)
    {
        var terms = await TermsAsync(session, ordered.AwardId, cancellation);
        var recipient = ordered.Recipient ?? terms.Recipient;
        return Order(terms, ordered.ReleaseId, TreasuryOrderKind.Release, ordered.Tranche, recipient, ordered.Amount, clock);
    }

    public static async Task<OrderDisbursement> Handle(
        ClawbackOrdered ordered, IQuerySession session, TimeProvider clock, CancellationToken cancellation)
    {
        var terms = await TermsAsync(session, ordered.AwardId, cancellation);
        return Order(terms, ordered.ClawbackId, TreasuryOrderKind.Clawback, ordered.Seq, terms.Treasury, ordered.Amount, clock);
    }

    private static async Task<AwardTerms> TermsAsync(IQuerySession session, Hash32 awardId, CancellationToken cancellation) =>
        (await session.LoadAsync<Award>(Award.StreamId(awardId), cancellation))!.Terms;

    private static OrderDisbursement Order(
        AwardTerms terms, Hash32 orderId, TreasuryOrderKind kind, long seq, Address receiver, UInt256 amount, TimeProvider clock) => new(
            new TreasuryOrder(
                orderId,
                kind,
                terms.ChainId,
                terms.Vault,
                terms.AwardId,
                seq,
                terms.Token,
                receiver,
                amount,
                kind == TreasuryOrderKind.Reservation ? terms.Vesting : null),
            clock.GetUtcNow(),
            terms.ProgramId);
}

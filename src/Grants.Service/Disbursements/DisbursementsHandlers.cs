using Grants.Domain.Disbursements;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements;

public static class DisbursementsHandlers
{
    // The session says whose order it is, and not whoever sent it.
    public static Task<CommandResult> Handle(OrderDisbursement command, IDocumentSession session, CancellationToken cancellation) =>
        session.DecideAsync<Disbursement>(
            Disbursement.StreamId(command.Order.OrderId),
            state => Disbursement.Decide(command with { Space = session.TenantId }, state),
            cancellation);
}

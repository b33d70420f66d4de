using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Disbursements;

/// <summary>An order is settled by the vault's own event on the finalized chain, and by nothing else.</summary>
public sealed class DisbursementsChainLogs : IPromotion
{
    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        foreach (var log in block.Logs)
        {
            if (await OrderOfAsync(log, session, cancellation) is not { } order || order.Vault != log.Address)
                continue;
            var evidence = block.KeyOf(log);
            await session.DecideOnEvidenceAsync<Disbursement>(
                Disbursement.StreamId(order.OrderId),
                Disbursement.Evolve,
                [(evidence, state => Disbursement.Decide(new RecordFinalized(order.OrderId, evidence), state))],
                cancellation);
        }

        return [];
    }

    private static async Task<TreasuryOrder?> OrderOfAsync(RpcLog log, IQuerySession session, CancellationToken cancellation)
    {
        if (IncentiveVault.Granted.TryDecode(log, out var granted))
        {
            var award = await session.LoadAsync<Award>(Award.StreamId((Hash32)granted![0]), cancellation);
            return award is null ? null : await OrderAsync(VaultOrderId.Reservation(award.Terms), session, cancellation);
        }

        Hash32? orderId = IncentiveVault.Released.TryDecode(log, out var values) || IncentiveVault.ClawedBack.TryDecode(log, out values)
            ? (Hash32)values![0]
            : null;
        return orderId is { } id ? await OrderAsync(id, session, cancellation) : null;
    }

    private static async Task<TreasuryOrder?> OrderAsync(Hash32 orderId, IQuerySession session, CancellationToken cancellation) =>
        (await session.LoadAsync<Disbursement>(Disbursement.StreamId(orderId), cancellation))?.Order;
}

using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Programs;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Disbursements;

/// <summary>
/// An order is settled or voided by the vault's own event on the finalized chain, and by nothing else. A payment by a vault of ours that
/// nobody ordered halts the chain: the operator's key is stolen, or the database is older than the chain.
/// </summary>
public sealed class DisbursementsChainLogs : IPromotion
{
    public async Task<IReadOnlyList<object>> PromoteAsync(
        FinalizedBlock block, IDocumentSession session, CancellationToken cancellation)
    {
        var known = await KnownAsync(block, session, cancellation);
        foreach (var log in block.Logs)
        {
            if (await OrderOfAsync(log, known, session, cancellation) is not { } order)
            {
                if (IsPayment(log) && await IsOurVaultAsync(block.ChainId, log, session, cancellation))
                    PromotionQueue.Halt(session, block.ChainId, Unordered(log));
                continue;
            }

            if (order.Vault != log.Address || order.ChainId != block.ChainId)
                continue;
            var evidence = block.KeyOf(log);
            var isVoid = IncentiveVault.Voided.TryDecode(log, out _);
            await session.DecideOnEvidenceAsync<Disbursement>(
                Disbursement.StreamId(order.OrderId),
                Disbursement.Evolve,
                [(evidence, state => isVoid
                    ? Disbursement.Decide(new RecordVoided(order.OrderId, evidence), state)
                    : Disbursement.Decide(new RecordFinalized(order.OrderId, evidence), state))],
                cancellation);
        }

        return [];
    }

    /// <summary>The orders that the block's logs name themselves, asked for together.</summary>
    private static async Task<IReadOnlyDictionary<Hash32, TreasuryOrder>> KnownAsync(
        FinalizedBlock block, IQuerySession session, CancellationToken cancellation)
    {
        var ids = block.Logs.Select(PaymentId).OfType<Hash32>().Distinct().Select(Disbursement.StreamId).ToArray();
        if (ids.Length == 0)
            return new Dictionary<Hash32, TreasuryOrder>();
        var states = await session.LoadManyAsync<Disbursement>(cancellation, ids);
        return states.ToDictionary(state => state.Order.OrderId, state => state.Order);
    }

    private static async Task<TreasuryOrder?> OrderOfAsync(
        RpcLog log, IReadOnlyDictionary<Hash32, TreasuryOrder> known, IQuerySession session, CancellationToken cancellation)
    {
        if (PaymentId(log) is { } named && known.TryGetValue(named, out var order))
            return order;

        if (IncentiveVault.Granted.TryDecode(log, out var granted))
        {
            var award = await session.LoadAsync<Award>(Award.StreamId((Hash32)granted![0]), cancellation);
            return award is null ? null : await OrderAsync(VaultOrderId.Reservation(award.Terms), session, cancellation);
        }

        if (IncentiveVault.Released.TryDecode(log, out var released))
        {
            var (id, award) = ((Hash32)released![0], await session.LoadAsync<Award>(Award.StreamId((Hash32)released[1]), cancellation));
            return await OrderAsync(award?.OrderIdOf(id, (UInt256)released[4], (UInt256)released[5]) ?? id, session, cancellation);
        }

        return PaymentId(log) is { } clawbackId ? await OrderAsync(clawbackId, session, cancellation) : null;
    }

    /// <summary>The id of a release or a clawback, settled or voided.</summary>
    private static Hash32? PaymentId(RpcLog log) =>
        IncentiveVault.Released.TryDecode(log, out var values) || IncentiveVault.ClawedBack.TryDecode(log, out values)
            || IncentiveVault.Voided.TryDecode(log, out values)
            ? (Hash32)values![0]
            : null;

    /// <summary>Whether it says of itself that it is one, even if it cannot be read.</summary>
    private static bool IsPayment(RpcLog log) =>
        log.Topics is [var topic, ..] && (topic == IncentiveVault.Released.Topic0 || topic == IncentiveVault.ClawedBack.Topic0);

    private static async Task<bool> IsOurVaultAsync(
        long chainId, RpcLog log, IQuerySession session, CancellationToken cancellation)
    {
        var programs = await session.Query<FundingProgram>().Where(program => program.Terms.ChainId == chainId).ToListAsync(cancellation);
        return programs.Any(program => program.Terms.Vault == log.Address);
    }

    private static string Unordered(RpcLog log) =>
        $"The vault {log.Address} paid {PaymentId(log)?.ToString() ?? "what cannot be read"}, which nobody ordered. "
        + $"Evidence: block {log.BlockNumber}, log {log.LogIndex}, {log.TransactionHash}.";

    private static async Task<TreasuryOrder?> OrderAsync(Hash32 orderId, IQuerySession session, CancellationToken cancellation) =>
        (await session.LoadAsync<Disbursement>(Disbursement.StreamId(orderId), cancellation))?.Order;
}

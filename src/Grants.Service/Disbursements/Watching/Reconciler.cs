using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Ingestion;
using Marten;
using Npgsql;

namespace Grants.Service.Disbursements.Watching;

/// <summary>
/// Holds the node's own logs up to the last promoted block, its balances, the ledger and the signer's journal against each other. It reads
/// only, and shares no table with what it checks but the ledger itself. State is read at the newest block: nodes forget older ones.
/// </summary>
public sealed class Reconciler(
    EthereumRpc node,
    IDocumentStore store,
    ChainView chain,
    ChainIdentity identity,
    OperatorAccount account,
    SignerJournal journal,
    NpgsqlDataSource database,
    TimeProvider clock)
{
    private const int BlocksAtOnce = 2_000;

    private static readonly Hash32[] Topics =
        [IncentiveVault.Granted.Topic0, IncentiveVault.Released.Topic0, IncentiveVault.ClawedBack.Topic0, IncentiveVault.Voided.Topic0];

    /// <summary>All of it, from the first block on; null while no block is final.</summary>
    public Task<ReconciliationReport?> CompareAsync(CancellationToken cancellation) => CompareAsync(null, cancellation);

    /// <summary>
    /// From the last comparison on, if that agreed, its block is still the node's, and no vault has come since; all of it otherwise. Null
    /// while no block is final.
    /// </summary>
    public async Task<ReconciliationReport?> CompareAsync(ReconciliationReport? last, CancellationToken cancellation)
    {
        if (await chain.HeadsAsync(identity.ChainId, cancellation) is not { } heads)
            return null;
        await using var session = store.QuerySession(Spaces.Deployment);
        if (last is not { Result.Agrees: true } || !await IsStillAsync(last.Block, cancellation))
            return await CompareAsync(session, null, heads.Promoted, await OrdersAsync(session, null, cancellation), cancellation);
        var orders = await OrdersAsync(session, last.Block.Number, cancellation);
        return VaultsOf(orders).Except(last.Vaults).Any()
            ? await CompareAsync(session, null, heads.Promoted, await OrdersAsync(session, null, cancellation), cancellation)
            : await CompareAsync(session, last, heads.Promoted, orders, cancellation);
    }

    private async Task<ReconciliationReport> CompareAsync(
        IQuerySession session,
        ReconciliationReport? last,
        BlockRef upTo,
        IReadOnlyList<Disbursement> orders,
        CancellationToken cancellation)
    {
        var vaults = last?.Vaults ?? VaultsOf(orders);
        var addresses = vaults.Select(one => one.Vault).Distinct().ToList();
        var from = last is null ? await WatchedFromAsync(addresses, cancellation) : last.Block.Number + 1;
        var payments = await PaymentsAsync(addresses, from, upTo, cancellation);
        var balances = new List<VaultBalance>();
        foreach (var (vault, token) in vaults)
            balances.Add(await BalanceAsync(vault, token, cancellation));
        var signer = await SignerAsync(session, cancellation);
        var now = clock.GetUtcNow();
        // What settled since the head was read is of a later block: it is compared with that.
        var ledger = orders.Where(order => order.FinalizedAt is not { } settled || settled.BlockNumber <= upTo.Number).ToList();
        var result = Reconciliation.Of(payments, ledger, signer, balances, now, last?.Result);
        return new ReconciliationReport(now, upTo, result, from, vaults);
    }

    /// <summary>What is not settled, and what is in blocks behind a number; all of it where there is none.</summary>
    private async Task<IReadOnlyList<Disbursement>> OrdersAsync(IQuerySession session, long? behind, CancellationToken cancellation)
    {
        var all = session.Query<Disbursement>().Where(order => order.AnyTenant());
        var some = behind is { } block ? all.Where(order => order.FinalizedAt == null || order.FinalizedAt.BlockNumber > block) : all;
        return [.. (await some.ToListAsync(cancellation)).Where(order => order.Order.ChainId == identity.ChainId)];
    }

    private async Task<bool> IsStillAsync(BlockRef block, CancellationToken cancellation) =>
        (await node.BlockAsync(BlockTag.At(block.Number), cancellation))?.Hash == block.Hash;

    private static List<(Address Vault, Address Token)> VaultsOf(IReadOnlyList<Disbursement> orders) =>
        [.. orders.Select(order => (order.Order.Vault, order.Order.Token)).Distinct()];

    private async Task<IReadOnlyList<ChainPayment>> PaymentsAsync(
        List<Address> vaults, long first, BlockRef upTo, CancellationToken cancellation)
    {
        var payments = new List<ChainPayment>();
        if (vaults.Count == 0)
            return payments;
        for (var from = first; from <= upTo.Number; from += BlocksAtOnce)
        {
            var to = Math.Min(upTo.Number, from + BlocksAtOnce - 1);
            payments.AddRange((await node.LogsAsync(from, to, [.. vaults], Topics, cancellation)).Select(PaymentOf).OfType<ChainPayment>());
        }

        return payments;
    }

    private async Task<long> WatchedFromAsync(List<Address> vaults, CancellationToken cancellation)
    {
        if (vaults.Count == 0)
            return 0;
        await using var connection = await database.OpenConnectionAsync(cancellation);
        return await connection.Command(
            "select min(from_block) from chain.watch where chain_id = $1 and address = any($2)",
            identity.ChainId,
            vaults.Select(vault => vault.ToBytes()).ToArray()).ScalarAsync(cancellation) as long? ?? 0;
    }

    private ChainPayment? PaymentOf(RpcLog log)
    {
        var evidence = new EventKey(identity.ChainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex);
        if (IncentiveVault.Released.TryDecode(log, out var values))
            return new ChainPayment(PaymentLog.Released, (Hash32)values[0], (UInt256)values[5], evidence);
        if (IncentiveVault.ClawedBack.TryDecode(log, out values))
            return new ChainPayment(PaymentLog.ClawedBack, (Hash32)values[0], (UInt256)values[5], evidence);
        if (IncentiveVault.Granted.TryDecode(log, out values))
            return new ChainPayment(PaymentLog.Granted, (Hash32)values[0], (UInt256)values[3], evidence);
        return IncentiveVault.Voided.TryDecode(log, out values)
            ? new ChainPayment(PaymentLog.Voided, (Hash32)values[0], null, evidence)
            : null;
    }

    private async Task<VaultBalance> BalanceAsync(Address vault, Address token, CancellationToken cancellation)
    {
        var at = await node.BlockAsync(BlockTag.Latest, cancellation) ?? throw new RpcTransportException("The node has no head.");
        var balance = await node.CallAsync(token, Erc20.BalanceOf.Encode(vault), at.Hash, cancellation: cancellation);
        var reserved = await node.CallAsync(vault, IncentiveVault.Reserved.Encode(token), at.Hash, cancellation: cancellation);
        // Where there is no contract, nothing answers, and nothing is owed.
        return new VaultBalance(vault, token, Amount(Erc20.BalanceOf, balance), Amount(IncentiveVault.Reserved, reserved));
    }

    private static UInt256 Amount(AbiFunction function, byte[] answer) =>
        answer.Length == 0 ? UInt256.Zero : (UInt256)function.DecodeOutput(answer)[0];

    private async Task<SignerFacts?> SignerAsync(IQuerySession session, CancellationToken cancellation)
    {
        if (account.Address is not { } signer)
            return null;
        // A signature is first in the journal and last in the ledger; a nonce is in the ledger before either.
        var id = NonceLedger.StreamId(identity.ChainId, signer);
        var open = (await session.LoadAsync<NonceLedger>(id, cancellation))?.Open ?? [];
        var signed = await session.LoadManyAsync<TreasuryTransaction>(
            cancellation, open.Select(one => TreasuryTransaction.StreamId(identity.ChainId, signer, one.Nonce)));
        var count = await node.TransactionCountAsync(signer, BlockTag.Latest, cancellation);
        var journalled = journal.Nonces(identity.ChainId);
        var ledger = await session.LoadAsync<NonceLedger>(id, cancellation);
        return new SignerFacts(signer, ledger?.Next, count, [.. journalled], [.. signed.Select(transaction => transaction.Nonce)]);
    }
}

using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Signing;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements;

/// <summary>
/// Takes every unsettled disbursement one step further. The signed bytes are committed before the first broadcast, and
/// the same bytes are sent again after any crash, so that sending twice is harmless. One sender a chain and signer, for all spaces:
/// their orders share its nonces, which are of no space.
/// </summary>
public sealed class Sender(
    EthereumRpc node,
    IDocumentStore store,
    Spaces spaces,
    ChainView chain,
    OperatorKey operatorKey,
    IOptions<TreasuryOptions> options,
    ILogger<Sender> log)
{
    /// <summary>A replacement has the same nonce and offers an eighth more, above the ten percent that nodes ask for.</summary>
    private const int FeeBumpDivisor = 8;

    /// <summary>One look at everything unsettled on the chain, oldest nonce first.</summary>
    public async Task StepAsync(long chainId, CancellationToken cancellation)
    {
        // On a halted chain nothing is signed and nothing is sent: what was final is in doubt.
        if (operatorKey.Key is not { } key || (await chain.HeadsAsync(chainId, cancellation)) is not { HaltReason: null })
            return;
        var unsettled = new List<(string Space, Disbursement Disbursement)>();
        foreach (var space in spaces.All)
            unsettled.AddRange((await UnsettledAsync(space.Id, chainId, cancellation)).Select(disbursement => (space.Id, disbursement)));
        foreach (var (space, disbursement) in unsettled.OrderBy(of => NonceOf(of.Disbursement)))
        {
            var step = disbursement.State switch
            {
                DisbursementState.Ordered => SignAsync(space, disbursement, key, cancellation),
                DisbursementState.Signed => BroadcastAsync(space, disbursement, cancellation),
                _ => ObserveAsync(space, disbursement, key, cancellation),
            };
            await step;
        }
    }

    private static long NonceOf(Disbursement disbursement) =>
        disbursement.Attempts is [var first, ..] ? first.Nonce : long.MaxValue;

    private async Task<IReadOnlyList<Disbursement>> UnsettledAsync(string space, long chainId, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(space);
        return await session.Query<Disbursement>()
            .Where(state => state.Order.ChainId == chainId
                && state.State != DisbursementState.Finalized && state.State != DisbursementState.Failed)
            .ToListAsync(cancellation);
    }

    private async Task SignAsync(string space, Disbursement disbursement, PrivateKey key, CancellationToken cancellation)
    {
        var order = disbursement.Order;
        var head = await HeadAsync(cancellation);
        var deadlineAt = head.TimestampSeconds + options.Value.DeadlineSeconds;
        var data = VaultCall.Of(order, deadlineAt);
        long gas;
        try
        {
            await node.CallAsync(order.Vault, data, BlockTag.Latest, key.Address, cancellation: cancellation);
            gas = await node.EstimateGasAsync(key.Address, order.Vault, data, UInt256.Zero, cancellation);
        }
        catch (RpcErrorException refusal)
        {
            var reason = refusal.RevertData is { Length: > 0 } revert
                ? RevertReason.Describe(revert, IncentiveVault.Errors)
                : refusal.Message;
            if (reason != disbursement.Failure)
                log.LogWarning("The vault would refuse order {OrderId}: {Reason}", order.OrderId, reason);
            await RecordAsync(
                space, order.OrderId, state => Disbursement.Decide(new RecordRefused(order.OrderId, reason), state), cancellation);
            return;
        }

        var offer = FeeOffer.Of(head.BaseFeePerGas, await node.MaxPriorityFeeAsync(cancellation), options.Value.MostFeePerGasGwei);
        if (offer.IsCapped)
            log.LogCritical("The node asks for more than {Most} wei a gas; order {OrderId} offers that.", offer.MaxFee, order.OrderId);
        var pending = await node.TransactionCountAsync(key.Address, BlockTag.Pending, cancellation);
        await using var session = store.LightweightSession(space);
        var nonces = await session.ForTenant(Spaces.Deployment).Events.FetchForWriting<NonceLedger>(
            NonceLedger.StreamId(order.ChainId, key.Address), cancellation);
        var reserved = NonceLedger.Decide(new ReserveNonce(order.ChainId, key.Address, order.OrderId, pending), nonces.Aggregate);
        if (reserved.Rejection is { } foreign)
        {
            log.LogCritical("{Code}: {Message} Nothing more is signed.", foreign.Code, foreign.Message);
            return;
        }

        nonces.AppendMany(reserved.Events);
        var nonce = ((NonceReserved)reserved.Events[0]).Nonce;
        var transaction = new Eip1559Transaction(
            order.ChainId, nonce, offer.Tip, offer.MaxFee, FeeOffer.GasLimit(gas), order.Vault, UInt256.Zero, data);
        var result = await DecideSignedAsync(session, disbursement.Order, transaction, key, deadlineAt, cancellation);
        if (result.IsAccepted)
            await session.SaveChangesAsync(cancellation);
    }

    private static Task<CommandResult> DecideSignedAsync(
        IDocumentSession session,
        TreasuryOrder order,
        Eip1559Transaction transaction,
        PrivateKey key,
        long deadlineAt,
        CancellationToken cancellation)
    {
        var signed = transaction.Sign(key);
        var attempt = new SignedAttempt(
            key.Address,
            transaction.Nonce,
            signed.Hash,
            Hex.Format(signed.Raw),
            transaction.MaxFeePerGas,
            transaction.MaxPriorityFeePerGas,
            deadlineAt);
        return session.DecideAsync<Disbursement>(
            Disbursement.StreamId(order.OrderId),
            state => Disbursement.Decide(new RecordSigned(order.OrderId, attempt), state),
            cancellation);
    }

    private async Task BroadcastAsync(string space, Disbursement disbursement, CancellationToken cancellation)
    {
        var attempt = disbursement.Attempts[^1];
        if (await SendAsync(disbursement.Order, attempt, cancellation))
        {
            var (orderId, hash) = (disbursement.Order.OrderId, attempt.TransactionHash);
            await RecordAsync(space, orderId, state => Disbursement.Decide(new RecordBroadcast(orderId, hash), state), cancellation);
        }
    }

    private async Task ObserveAsync(string space, Disbursement disbursement, PrivateKey key, CancellationToken cancellation)
    {
        var orderId = disbursement.Order.OrderId;
        foreach (var attempt in disbursement.Attempts)
        {
            if (await node.ReceiptAsync(attempt.TransactionHash, cancellation) is { } receipt)
            {
                await RecordReceiptAsync(space, disbursement, receipt, cancellation);
                return;
            }
        }

        if (disbursement.State == DisbursementState.Mined)
            await RecordAsync(space, orderId, state => Disbursement.Decide(new RecordReorged(orderId), state), cancellation);
        var last = disbursement.Attempts[^1];
        if (await node.TransactionExistsAsync(last.TransactionHash, cancellation))
            return;
        if ((await HeadAsync(cancellation)).TimestampSeconds > last.DeadlineAt && last.Signer == key.Address)
            await ReplaceAsync(space, disbursement.Order, last, key, cancellation);
        else
            await SendAsync(disbursement.Order, last, cancellation);
    }

    private async Task RecordReceiptAsync(
        string space, Disbursement disbursement, RpcReceipt receipt, CancellationToken cancellation)
    {
        var orderId = disbursement.Order.OrderId;
        var block = await node.BlockAsync(receipt.BlockHash, cancellation);
        if (block is null)
            return;
        await RecordAsync(
            space,
            orderId,
            state => Disbursement.Decide(new RecordMined(orderId, receipt.TransactionHash, block.Ref), state),
            cancellation);
        if (receipt.Succeeded)
            return;
        var finalized = await node.BlockAsync(BlockTag.Finalized, cancellation);
        if (finalized is not null && receipt.BlockNumber <= finalized.Number)
        {
            var reason = $"The transaction {receipt.TransactionHash} reverted in block {receipt.BlockNumber}; an operator has to look.";
            log.LogError("Order {OrderId} failed: {Reason}", orderId, reason);
            await RecordAsync(space, orderId, state => Disbursement.Decide(new RecordFailed(orderId, reason), state), cancellation);
        }
    }

    // The old attempt can no longer pay, because the vault refuses it; its nonce still has to be used, by this order alone.
    private async Task ReplaceAsync(
        string space, TreasuryOrder order, SignedAttempt last, PrivateKey key, CancellationToken cancellation)
    {
        var deadlineAt = (await HeadAsync(cancellation)).TimestampSeconds + options.Value.DeadlineSeconds;
        var data = VaultCall.Of(order, deadlineAt);
        var gas = SignedTransaction.Decode(Hex.Parse(last.RawTransaction)).Transaction.GasLimit;
        await using var session = store.LightweightSession(space);
        var transaction = new Eip1559Transaction(
            order.ChainId, last.Nonce, Bumped(last.MaxPriorityFeePerGas), Bumped(last.MaxFeePerGas), gas, order.Vault, UInt256.Zero, data);
        if ((await DecideSignedAsync(session, order, transaction, key, deadlineAt, cancellation)).IsAccepted)
            await session.SaveChangesAsync(cancellation);

        static UInt256 Bumped(UInt256 fee) => fee + (fee / FeeBumpDivisor) + UInt256.One;
    }

    private async Task<bool> SendAsync(TreasuryOrder order, SignedAttempt attempt, CancellationToken cancellation)
    {
        try
        {
            await node.SendRawTransactionAsync(Hex.Parse(attempt.RawTransaction), cancellation);
            return true;
        }
        catch (RpcErrorException refusal) when (refusal.Message.Contains("already", StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        catch (RpcErrorException refusal)
        {
            log.LogWarning("The node does not take order {OrderId}: {Reason}", order.OrderId, refusal.Message);
            return false;
        }
    }

    private async Task<RpcBlock> HeadAsync(CancellationToken cancellation) =>
        await node.BlockAsync(BlockTag.Latest, cancellation) ?? throw new RpcTransportException("The node has no head.");

    private async Task RecordAsync(
        string space, Hash32 orderId, Func<Disbursement?, Decision> decide, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(space);
        var result = await session.DecideAsync(Disbursement.StreamId(orderId), decide, cancellation);
        if (result.Rejection is { } rejection)
            log.LogError("Order {OrderId}: {Code}: {Message}", orderId, rejection.Code, rejection.Message);
        else
            await session.SaveChangesAsync(cancellation);
    }
}

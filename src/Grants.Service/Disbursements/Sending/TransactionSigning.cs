using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>Makes the transaction of a reserved nonce, signs and stores it. Nothing is sent here.</summary>
public sealed class TransactionSigning(
    EthereumRpc node,
    IDocumentStore store,
    OperatorSigner signing,
    GasPlan plan,
    IOptions<TreasuryOptions> options,
    TimeProvider clock,
    ILogger<TransactionSigning> log)
{
    /// <summary>
    /// Signs the first attempt. A reserved nonce is always used, whatever has become of its orders, or later ones wait for ever.
    /// </summary>
    public async Task SignAsync(long chainId, OpenNonce open, Address signer, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        var states = await session.OfSpace(open.Space).LoadManyAsync<Disbursement>(
            cancellation, [.. open.Orders.Select(Disbursement.StreamId)]);
        var orders = open.Orders.Select(id => states.Single(state => state.Order.OrderId == id)).ToList();
        var attempts = orders[0].Attempts.FindAll(attempt => (attempt.Signer, attempt.Nonce) == (signer, open.Nonce));
        if (!attempts.IsEmpty)
        {
            await AdoptAsync(session, chainId, open, attempts, cancellation);
            return;
        }

        var head = await HeadAsync(cancellation);
        var deadlineAt = head.TimestampSeconds + options.Value.DeadlineSeconds;
        var offer = FeeOffer.Of(head.BaseFeePerGas, await node.MaxPriorityFeeAsync(cancellation), options.Value.MostFeePerGasGwei);
        if (offer.IsCapped)
            log.LogCritical("The node asks for more than {Most} wei a gas; nonce {Nonce} offers that.", offer.MaxFee, open.Nonce);
        var list = orders.ConvertAll(state => state.Order);
        var data = OperatorSigner.CallData(list, deadlineAt);
        var gas = await plan.OfAsync(list, data, deadlineAt, signer, cancellation);
        var transaction = new Eip1559Transaction(
            chainId, open.Nonce, offer.Tip, offer.MaxFee, gas, list[0].Vault, UInt256.Zero, data);
        await StoreAsync(session, open, orders, transaction, signer, deadlineAt, cancellation);
    }

    /// <summary>
    /// Signs another attempt with the same nonce that does the same and offers more: at least what nodes ask of a replacement, at
    /// most what the treasury allows.
    /// </summary>
    public async Task ReplaceAsync(TreasuryTransaction transaction, CancellationToken cancellation)
    {
        var head = await HeadAsync(cancellation);
        var market = FeeOffer.Of(head.BaseFeePerGas, await node.MaxPriorityFeeAsync(cancellation), options.Value.MostFeePerGasGwei);
        var last = transaction.Last;
        if (FeeOffer.Above(last.MaxFeePerGas, last.MaxPriorityFeePerGas, market, options.Value.MostFeePerGasGwei) is not { } offer)
        {
            log.LogCritical("Nonce {Nonce} is stuck and offers {Fee} wei a gas, the most.", transaction.Nonce, last.MaxFeePerGas);
            return;
        }

        await using var session = store.LightweightSession(Spaces.Deployment);
        var states = await session.OfSpace(transaction.Space).LoadManyAsync<Disbursement>(
            cancellation, [.. transaction.Orders.Select(Disbursement.StreamId)]);
        var orders = transaction.Orders.Select(id => states.Single(state => state.Order.OrderId == id)).ToList();
        var isOver = head.TimestampSeconds > last.DeadlineAt;
        var deadlineAt = isOver ? head.TimestampSeconds + options.Value.DeadlineSeconds : last.DeadlineAt;
        var gas = SignedTransaction.Decode(Hex.Parse(last.RawTransaction)).Transaction.GasLimit;
        var data = OperatorSigner.CallData(orders.ConvertAll(state => state.Order), deadlineAt);
        var attempt = new Eip1559Transaction(
            transaction.ChainId, last.Nonce, offer.Tip, offer.MaxFee, gas, orders[0].Order.Vault, UInt256.Zero, data);
        await StoreAsync(
            session,
            new OpenNonce(last.Nonce, transaction.Orders, transaction.Space),
            orders,
            attempt,
            transaction.Signer,
            deadlineAt,
            cancellation);
    }

    /// <summary>Null where the signer refuses: then a person has to look, because the service and its signer do not agree.</summary>
    private async Task<SignedTransaction?> SignAsync(
        Eip1559Transaction transaction,
        IReadOnlyList<Disbursement> orders,
        TreasuryControl? control,
        long deadlineAt,
        CancellationToken cancellation)
    {
        try
        {
            return await signing.SignAsync(transaction, orders, control, deadlineAt, cancellation);
        }
        catch (SigningRefusedException refusal)
        {
            log.LogCritical("The signer refuses nonce {Nonce}: {Reason}", transaction.Nonce, refusal.Message);
            await using var session = store.LightweightSession(Spaces.Deployment);
            await Incidents.OpenAsync(
                session,
                transaction.ChainId,
                IncidentKind.Disagreement,
                $"signer/{transaction.Nonce}",
                refusal.Message,
                clock.GetUtcNow(),
                cancellation);
            await session.SaveChangesAsync(cancellation);
            return null;
        }
    }

    private async Task StoreAsync(
        IDocumentSession session,
        OpenNonce open,
        IReadOnlyList<Disbursement> orders,
        Eip1559Transaction transaction,
        Address signer,
        long deadlineAt,
        CancellationToken cancellation)
    {
        var control = await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(transaction.ChainId), cancellation);
        if (await SignAsync(transaction, orders, control, deadlineAt, cancellation) is not { } signed)
            return;
        var attempt = new SignedAttempt(
            signer,
            transaction.Nonce,
            signed.Hash,
            Hex.Format(signed.Raw),
            transaction.MaxFeePerGas,
            transaction.MaxPriorityFeePerGas,
            deadlineAt);
        var command = new SignTransaction(transaction.ChainId, open.Orders, attempt, clock.GetUtcNow(), open.Space);
        if ((await TreasuryGate.HoldAsync(session, transaction.ChainId, cancellation))?.Pause is not null)
            return;
        var result = await DecideAsync(session, command, cancellation);
        if (result.Rejection is { } rejection)
            log.LogCritical("Nonce {Nonce}: {Code}: {Message}", transaction.Nonce, rejection.Code, rejection.Message);
        else
            await session.SaveChangesAsync(cancellation);
    }

    // An order of the time when an order alone was a transaction keeps its own attempts: they are the transaction.
    private async Task AdoptAsync(
        IDocumentSession session, long chainId, OpenNonce open, IEnumerable<SignedAttempt> attempts, CancellationToken cancellation)
    {
        foreach (var attempt in attempts)
        {
            await DecideAsync(session, new SignTransaction(chainId, open.Orders, attempt, clock.GetUtcNow(), open.Space), cancellation);
            await session.SaveChangesAsync(cancellation);
        }
    }

    private static Task<CommandResult> DecideAsync(IDocumentSession session, SignTransaction command, CancellationToken cancellation) =>
        session.DecideAsync<TreasuryTransaction>(
            TreasuryTransaction.StreamId(command.ChainId, command.Attempt.Signer, command.Attempt.Nonce),
            state => TreasuryTransaction.Decide(command, state),
            cancellation);

    private async Task<RpcBlock> HeadAsync(CancellationToken cancellation) =>
        await node.BlockAsync(BlockTag.Latest, cancellation) ?? throw new RpcTransportException("The node has no head.");
}

using Grants.Domain.Disbursements;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Ingestion;
using JasperFx;
using Marten;
using Marten.Exceptions;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Takes everything that is in flight one step further, and what is ordered into flight. A nonce is reserved for its orders, then
/// its transaction is signed and stored, then sent: each in a database transaction of its own, so that whatever crashes, the same
/// bytes are sent again. One sender a chain, for all spaces: their orders share its nonces, which are of no space.
/// </summary>
public sealed class Sender(
    EthereumRpc node,
    IDocumentStore store,
    ChainView chain,
    OperatorAccount account,
    OrderQueue queue,
    TransactionSigning signing,
    TransactionWatch watch,
    NonceReservation reservation,
    TreasuryHealth health,
    TimeProvider clock,
    IOptions<TreasuryOptions> options,
    ILogger<Sender> log)
{
    /// <summary>One look at everything unsettled on the chain, lowest nonce first.</summary>
    public async Task StepAsync(long chainId, CancellationToken cancellation)
    {
        // On a halted chain nothing is signed and nothing is sent: what was final is in doubt.
        if (account.Address is not { } signer || (await chain.HeadsAsync(chainId, cancellation)) is not { HaltReason: null } heads)
            return;
        var ledger = await LedgerAsync(chainId, signer, cancellation);
        var isPaused = await IsPausedAsync(chainId, cancellation);
        foreach (var open in ledger?.Open ?? [])
            await AdvanceAsync(chainId, open, heads, signer, isPaused, cancellation);
        while (!isPaused && !options.Value.HasSafe && health.MaySign && await PayNextAsync(chainId, signer, cancellation))
        {
        }

        health.LookedAt = clock.GetUtcNow();
    }

    // The node may fail on one of them, or the vault's event may meet it in the store; the others go on.
    private async Task AdvanceAsync(
        long chainId, OpenNonce open, ChainHeads heads, Address signer, bool isPaused, CancellationToken cancellation)
    {
        try
        {
            await using var session = store.QuerySession(Spaces.Deployment);
            var id = TreasuryTransaction.StreamId(chainId, signer, open.Nonce);
            if (await session.LoadAsync<TreasuryTransaction>(id, cancellation) is { } transaction)
                await watch.AdvanceAsync(transaction, heads, isPaused, cancellation);
            else if (!isPaused)
                await signing.SignAsync(chainId, open, signer, cancellation);
        }
        catch (Exception failure) when (failure is RpcException or SignerFailedException or ConcurrencyException
            or ExistingStreamIdCollisionException)
        {
            log.LogWarning("Nonce {Nonce} is looked at again: {Reason}", open.Nonce, failure.Message);
        }
    }

    /// <summary>Puts the oldest orders that may be paid into flight; false where there are none, or no more may be in flight.</summary>
    private async Task<bool> PayNextAsync(long chainId, Address signer, CancellationToken cancellation)
    {
        var ledger = await LedgerAsync(chainId, signer, cancellation);
        if (ledger is { Quarantine: not null } || ledger?.Open.Count >= NonceLedger.MostInFlight)
            return false;
        var (space, orders) = await queue.NextAsync(chainId, signer, options.Value.BatchSize, cancellation);
        if (orders.Count == 0)
            return false;
        ValueList<Hash32> ids = [.. orders.Select(order => order.OrderId)];
        var pending = await node.TransactionCountAsync(signer, BlockTag.Pending, cancellation);
        if (await reservation.ReserveAsync(new ReserveNonce(chainId, signer, ids, pending, space), null, cancellation) is not { } open)
            return false;
        await signing.SignAsync(chainId, open, signer, cancellation);
        return true;
    }

    private async Task<bool> IsPausedAsync(long chainId, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(Spaces.Deployment);
        return (await session.LoadAsync<TreasuryControl>(TreasuryControl.StreamId(chainId), cancellation))?.Pause is not null;
    }

    private async Task<NonceLedger?> LedgerAsync(long chainId, Address signer, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(Spaces.Deployment);
        return await session.LoadAsync<NonceLedger>(NonceLedger.StreamId(chainId, signer), cancellation);
    }
}

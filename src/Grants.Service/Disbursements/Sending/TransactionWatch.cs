using Grants.Domain;
using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>
/// Follows a signed transaction until its nonce is used up on the finalized chain: sends it, sees it mined and reorganized away,
/// replaces it when it is stuck. What the vault did not do is then given back, with the reason.
/// </summary>
public sealed class TransactionWatch(
    EthereumRpc node,
    IDocumentStore store,
    TransactionSigning signing,
    IOptions<TreasuryOptions> options,
    TimeProvider clock,
    ILogger<TransactionWatch> log)
{
    /// <summary>In the words of nodes: it offers too little for its gas.</summary>
    private static readonly string[] Dearer = ["max fee per gas", "fee cap", "underpriced"];

    /// <summary>In the codes of EIP-1474 a node that cannot answer now; it is asked again.</summary>
    private static readonly int[] NotNow = [-32002, -32005];

    /// <param name="isPaused">Then it is only looked at: nothing is signed, and nothing is sent.</param>
    public async Task AdvanceAsync(
        TreasuryTransaction transaction, ChainHeads heads, bool isPaused, CancellationToken cancellation)
    {
        foreach (var attempt in transaction.Attempts)
        {
            if (await node.ReceiptAsync(attempt.TransactionHash, cancellation) is { } receipt)
            {
                await SeeAsync(transaction, receipt, heads, cancellation);
                return;
            }
        }

        if (transaction.State == TransactionState.Mined)
            await RecordAsync(transaction, state => TreasuryTransaction.Decide(new RecordReorged(), state), cancellation);
        if (await IsUsedAsync(transaction, BlockTag.Latest, cancellation))
        {
            // Nothing can be done with a nonce that is used up, but only the finalized chain says by whom.
            if (await IsUsedAsync(transaction, BlockTag.At(heads.Promoted.Number), cancellation))
                await DisplaceAsync(transaction, cancellation);
        }
        else if (isPaused)
            return;
        else if (await IsCheapAsync(transaction, cancellation) && await IsStuckAsync(transaction, cancellation))
            await signing.ReplaceAsync(transaction, cancellation);
    }

    private async Task<bool> IsUsedAsync(TreasuryTransaction transaction, BlockTag at, CancellationToken cancellation) =>
        await node.TransactionCountAsync(transaction.Signer, at, cancellation) > transaction.Nonce;

    private Task<bool> IsInPoolAsync(TreasuryTransaction transaction, CancellationToken cancellation) =>
        node.TransactionExistsAsync(transaction.Last.TransactionHash, cancellation);

    private async Task<bool> IsStuckAsync(TreasuryTransaction transaction, CancellationToken cancellation) =>
        transaction.Attempts.Count <= TreasuryTransaction.MostReplacements
        && (clock.GetUtcNow() - transaction.SignedAt >= TimeSpan.FromSeconds(options.Value.StuckAfterSeconds)
            || (await node.BlockAsync(BlockTag.Latest, cancellation))?.TimestampSeconds > transaction.Last.DeadlineAt);

    /// <summary>Sends it where it does not wait in the node's pool; true where it waits, or is refused for what it offers.</summary>
    private async Task<bool> IsCheapAsync(TreasuryTransaction transaction, CancellationToken cancellation) =>
        (transaction.State != TransactionState.Signed && await IsInPoolAsync(transaction, cancellation))
        || await SendAsync(transaction, cancellation) is { } refusal && Dearer.Any(word =>
            refusal.Contains(word, StringComparison.OrdinalIgnoreCase));

    /// <returns>Why the node does not take it; null where it does.</returns>
    private async Task<string?> SendAsync(TreasuryTransaction transaction, CancellationToken cancellation)
    {
        var attempt = transaction.Last;
        try
        {
            await node.SendRawTransactionAsync(Hex.Parse(attempt.RawTransaction), cancellation);
        }
        catch (RpcErrorException refusal) when (refusal.Message.Contains("already", StringComparison.OrdinalIgnoreCase))
        {
            log.LogDebug("The node has nonce {Nonce} already: {Reason}", transaction.Nonce, refusal.Message);
        }
        catch (RpcErrorException refusal)
        {
            // Not known whether it is bad: the same bytes are sent again, and what became of the nonce is read from the chain.
            log.LogWarning("The node does not take nonce {Nonce}: {Reason}", transaction.Nonce, refusal.Message);
            return refusal.Message;
        }

        await RecordAsync(transaction, state => TreasuryTransaction.Decide(new RecordSent(attempt.TransactionHash), state), cancellation);
        return null;
    }

    private async Task SeeAsync(TreasuryTransaction transaction, RpcReceipt receipt, ChainHeads heads, CancellationToken cancellation)
    {
        if (await node.BlockAsync(receipt.BlockHash, cancellation) is not { } block)
            return;
        await RecordAsync(
            transaction,
            state => TreasuryTransaction.Decide(new RecordMined(receipt.TransactionHash, block.Ref, receipt.Succeeded), state),
            cancellation);

        // Promoted: the vault's events of that block have settled what they settle. A receipt alone may be forged: a nonce that is not
        // used up is not given back.
        var isFinal = receipt.BlockNumber <= heads.Promoted.Number
            && (await node.BlockAsync(BlockTag.At(receipt.BlockNumber), cancellation))?.Hash == receipt.BlockHash
            && await IsUsedAsync(transaction, BlockTag.Latest, cancellation);
        if (isFinal)
            await CloseAsync(transaction, receipt, block, cancellation);
    }

    private async Task CloseAsync(TreasuryTransaction transaction, RpcReceipt receipt, RpcBlock block, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        var own = new NonceOf(transaction.Signer, transaction.Nonce);
        var left = await NotDone.LeftAsync(session, transaction.Space, transaction.Orders, own, cancellation);
        var paid = receipt.Logs.Where(log => IncentiveVault.Released.TryDecode(log, out _)).Select(log => log.Topics[1]).ToHashSet();
        if (left.Any(state => paid.Contains(state.Order.OrderId)))
            return;
        var reverted = receipt.Succeeded || left.Count == 0
            ? null
            : NotDone.Reverted(await ReasonAsync(transaction, receipt, block, cancellation));
        foreach (var state in left)
            await GiveBackAsync(session, state.Order, transaction, reverted ?? NotDone.Outcome(state.Order, receipt), cancellation);
        await CloseAsync(session, transaction, receipt.TransactionHash, cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>The nonce is used up, and none of ours used it: none of them can ever pay. Whoever did has the key.</summary>
    private async Task DisplaceAsync(TreasuryTransaction transaction, CancellationToken cancellation)
    {
        var reason = $"Nonce {transaction.Nonce} of {transaction.Signer} was used by a transaction that is not ours.";
        log.LogCritical("{Reason} Nothing more is signed.", reason);
        await using var session = store.LightweightSession(Spaces.Deployment);
        var own = new NonceOf(transaction.Signer, transaction.Nonce);
        foreach (var state in await NotDone.LeftAsync(session, transaction.Space, transaction.Orders, own, cancellation))
            await GiveBackAsync(session, state.Order, transaction, new NotDone(reason, true), cancellation);
        await session.DecideAsync<TreasuryTransaction>(
            transaction.Id, state => TreasuryTransaction.Decide(new CloseTransaction(null), state), cancellation);
        await Quarantine.DeclareAsync(
            session, transaction.ChainId, transaction.Signer, reason, clock.GetUtcNow(), cancellation, transaction.Nonce);
        await session.SaveChangesAsync(cancellation);
    }

    private Task GiveBackAsync(
        IDocumentSession session, TreasuryOrder order, TreasuryTransaction transaction, NotDone why, CancellationToken cancellation)
    {
        log.LogError("Order {OrderId} was not done: {Reason}", order.OrderId, why.Reason);
        return why.GiveBackAsync(
            session, transaction.Space, order.OrderId, new NonceOf(transaction.Signer, transaction.Nonce), cancellation);
    }

    private static async Task CloseAsync(
        IDocumentSession session, TreasuryTransaction transaction, Hash32 hash, CancellationToken cancellation)
    {
        await session.DecideAsync<TreasuryTransaction>(
            transaction.Id, state => TreasuryTransaction.Decide(new CloseTransaction(hash), state), cancellation);
        await session.DecideAsync<NonceLedger>(
            NonceLedger.StreamId(transaction.ChainId, transaction.Signer),
            state => NonceLedger.Decide(new CloseNonce(transaction.Nonce), state),
            cancellation);
    }

    /// <summary>Why it reverted, as near as a call to the state before its block comes, or else to that after it.</summary>
    private async Task<string> ReasonAsync(
        TreasuryTransaction transaction, RpcReceipt receipt, RpcBlock block, CancellationToken cancellation)
    {
        var attempt = transaction.Attempts.Single(one => one.TransactionHash == receipt.TransactionHash);
        var sent = SignedTransaction.Decode(Hex.Parse(attempt.RawTransaction)).Transaction;
        if (receipt.GasUsed >= sent.GasLimit)
            return $"OutOfGas({sent.GasLimit})";
        var said = "";
        foreach (var at in new[] { block.ParentHash, block.Hash })
        {
            try
            {
                await node.CallAsync(sent.To, sent.Data, at, transaction.Signer, sent.GasLimit, cancellation);
            }
            catch (RpcErrorException refusal) when (refusal.RevertData is { } revert)
            {
                return RevertReason.Describe(revert, IncentiveVault.Errors);
            }
            catch (RpcErrorException refusal) when (!NotNow.Contains(refusal.Code))
            {
                // It does not revert with a reason: the state is gone, or it fails in another way. The order goes to a person.
                said = $" It says: {refusal.Message}";
            }
        }

        return $"The transaction {receipt.TransactionHash} reverted in block {receipt.BlockNumber}, and the node cannot say why.{said}";
    }

    private async Task RecordAsync(
        TreasuryTransaction transaction, Func<TreasuryTransaction?, Decision> decide, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        var result = await session.DecideAsync(transaction.Id, decide, cancellation);
        if (result.Rejection is { } rejection)
            log.LogError("Nonce {Nonce}: {Code}: {Message}", transaction.Nonce, rejection.Code, rejection.Message);
        else
            await session.SaveChangesAsync(cancellation);
    }
}

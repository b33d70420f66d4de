using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts.Treasuries;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Safes;

/// <summary>
/// Proposes what is ordered to the owners of a Safe, instead of having a key of ours pay it. The service signs and sends nothing: the
/// owners sign, anybody brings their signatures, and the chain says what became of the Safe's nonce. Orders settle by the vault's own
/// event, as always.
/// </summary>
public sealed class SafeTreasury(
    EthereumRpc node,
    IDocumentStore store,
    ChainView chain,
    OrderQueue queue,
    NonceReservation reservation,
    TreasuryHealth health,
    IOptions<TreasuryOptions> options,
    TimeProvider clock,
    ILogger<SafeTreasury> log)
{
    private const int BlocksAtOnce = 2_000;

    private static readonly Hash32[] Topics = [Safe.ExecutionSuccess.Topic0, Safe.ExecutionFailure.Topic0];

    /// <summary>One look at everything that is proposed, and at what is to be.</summary>
    public async Task StepAsync(long chainId, CancellationToken cancellation)
    {
        if (!options.Value.HasSafe || await chain.HeadsAsync(chainId, cancellation) is not { HaltReason: null } heads)
            return;
        var safe = Address.Parse(options.Value.Safe!);
        if ((await LedgerAsync(chainId, safe, cancellation))?.Open is { IsEmpty: false } open)
        {
            var next = await SafeTransaction.NextNonceAsync(node, safe, BlockTag.At(heads.Promoted.Number), cancellation);
            foreach (var used in open.Where(one => one.Nonce < next))
                await CloseAsync(SafeProposal.StreamId(chainId, safe, used.Nonce), used.Space, heads, cancellation);
        }

        while (health.MaySign && await ProposeNextAsync(chainId, safe, heads, cancellation))
        {
        }
    }

    /// <summary>Proposes the oldest orders that may be paid; false where there are none, or enough is proposed.</summary>
    private async Task<bool> ProposeNextAsync(long chainId, Address safe, ChainHeads heads, CancellationToken cancellation)
    {
        if ((await LedgerAsync(chainId, safe, cancellation))?.Open.Count >= NonceLedger.MostInFlight)
            return false;
        var (space, orders) = await queue.NextAsync(chainId, safe, options.Value.BatchSize, cancellation);
        if (orders.Count == 0)
            return false;
        // The owners take days: what they sign has no deadline, and ends with its nonce or by a word of the vault's guardian.
        var data = OperatorSigner.CallData(orders, VaultCall.FarAway);
        var next = await SafeTransaction.NextNonceAsync(node, safe, BlockTag.Latest, cancellation);
        if (!await AgreesAsync(new SafeTransaction(chainId, safe, next, orders[0].Vault, data), cancellation))
            return false;
        var command = new ReserveNonce(chainId, safe, [.. orders.Select(order => order.OrderId)], next, space, IsShared: true);
        return await reservation.ReserveAsync(command, ProposeAsync, cancellation) is not null;

        async Task ProposeAsync(IDocumentSession session, OpenNonce open)
        {
            var transaction = new SafeTransaction(chainId, safe, open.Nonce, orders[0].Vault, data);
            var proposal = new ProposeToSafe(
                chainId,
                safe,
                open.Nonce,
                open.Orders,
                transaction.To,
                Hex.Format(data),
                transaction.Hash,
                heads.Promoted.Number,
                clock.GetUtcNow());
            await session.OfSpace(space).DecideAsync<SafeProposal>(
                SafeProposal.StreamId(chainId, safe, open.Nonce), state => SafeProposal.Decide(proposal, state), cancellation);
        }
    }

    /// <summary>Whether the Safe names a transaction as we do. Older ones than 1.3.0 do not: their owners would sign for nothing.</summary>
    private async Task<bool> AgreesAsync(SafeTransaction transaction, CancellationToken cancellation)
    {
        if (await transaction.AskHashAsync(node, cancellation) is var hash && hash == transaction.Hash)
            return true;
        await using var session = store.LightweightSession(Spaces.Deployment);
        await Incidents.OpenAsync(
            session,
            transaction.ChainId,
            IncidentKind.Disagreement,
            $"{transaction.Safe}",
            $"The Safe {transaction.Safe} computes {hash} of what is proposed to it, and we {transaction.Hash}.",
            clock.GetUtcNow(),
            cancellation);
        await session.SaveChangesAsync(cancellation);
        return false;
    }

    /// <summary>The nonce is used up on the finalized chain: by the proposal, or by something else, and it can never be done.</summary>
    private async Task CloseAsync(string id, string space, ChainHeads heads, CancellationToken cancellation)
    {
        await using var session = store.LightweightSession(Spaces.Deployment);
        var proposal = (await session.OfSpace(space).LoadAsync<SafeProposal>(id, cancellation))!;
        var nonce = new NonceOf(proposal.Safe, proposal.Nonce);
        var executed = await ExecutionAsync(proposal, heads.Promoted.Number, cancellation);
        var receipt = executed is null ? null : await node.ReceiptAsync(executed.TransactionHash, cancellation)
            ?? throw new RpcTransportException($"The node has no receipt of {executed.TransactionHash}, of which it has a log.");
        foreach (var state in await NotDone.LeftAsync(session, space, proposal.Orders, nonce, cancellation))
        {
            var why = receipt is null
                ? new NotDone($"Nonce {nonce.Nonce} of the Safe {nonce.Signer} was used by another transaction.", false)
                : NotDone.Outcome(state.Order, receipt);
            log.LogError("Order {OrderId} was not done: {Reason}", state.Order.OrderId, why.Reason);
            await why.GiveBackAsync(session, space, state.Order.OrderId, nonce, cancellation);
        }

        await session.OfSpace(space).DecideAsync<SafeProposal>(
            id, state => SafeProposal.Decide(new CloseSafeProposal(EvidenceOf(proposal, executed)), state), cancellation);
        await session.DecideAsync<NonceLedger>(
            NonceLedger.StreamId(proposal.ChainId, proposal.Safe),
            state => NonceLedger.Decide(new CloseNonce(proposal.Nonce), state),
            cancellation);
        await session.SaveChangesAsync(cancellation);
    }

    /// <summary>The Safe's own log that says that it did the proposal; null where there is none.</summary>
    private async Task<RpcLog?> ExecutionAsync(SafeProposal proposal, long upTo, CancellationToken cancellation)
    {
        for (var from = proposal.FromBlock; from <= upTo; from += BlocksAtOnce)
        {
            var to = Math.Min(upTo, from + BlocksAtOnce - 1);
            var logs = await node.LogsAsync(from, to, [proposal.Safe], Topics, cancellation);
            if (logs.FirstOrDefault(log => Success(log) == proposal.SafeTxHash) is { } executed)
                return executed;
        }

        return null;
    }

    private static Hash32? Success(RpcLog log) => Safe.Logs.Read(log) switch
    {
        Safe.ExecutionSuccessLog success => success.TxHash,
        Safe.ExecutionSuccessV3Log success => success.TxHash,
        _ => null,
    };

    private static EventKey? EvidenceOf(SafeProposal proposal, RpcLog? log) => log is null
        ? null
        : new EventKey(proposal.ChainId, log.BlockNumber, log.BlockHash, log.TransactionHash, log.LogIndex);

    private async Task<NonceLedger?> LedgerAsync(long chainId, Address safe, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(Spaces.Deployment);
        return await session.LoadAsync<NonceLedger>(NonceLedger.StreamId(chainId, safe), cancellation);
    }
}

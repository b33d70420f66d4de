using Grants.Domain.Disbursements;
using Grants.Ethereum.Abi;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.JsonRpc;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Hosting;
using Marten;

namespace Grants.Service.Disbursements.Sending;

/// <summary>Why the vault did not do an order though its nonce is used up, and whether it is tried again without a person.</summary>
internal sealed record NotDone(string Reason, bool MayBeTriedAgain)
{
    // What passes: the simulation holds the order back until then, or the vault's event settles it.
    private static readonly string[] Passing =
        ["DeadlinePassed(", "EnforcedPause(", "PeriodLimitExceeded(", "AlreadySettled(", "AlreadyVoided("];

    public static NotDone Reverted(string reason) =>
        new(reason, Passing.Any(known => reason.StartsWith(known, StringComparison.Ordinal)));

    /// <summary>Of an order that the transaction did not settle, though it succeeded.</summary>
    public static NotDone Outcome(TreasuryOrder order, RpcReceipt receipt)
    {
        foreach (var log in receipt.Logs.Where(log => log.Address == order.Vault))
        {
            if (IncentiveVault.ReleaseSkipped.TryDecode(log, out var skipped)
                && ((Hash32)skipped[0], (UInt256)skipped[1]) == (order.AwardId, (UInt256)(ulong)order.Seq))
                return new NotDone(RevertReason.Describe((byte[])skipped[2], IncentiveVault.Errors), true);
        }

        return new NotDone($"The transaction {receipt.TransactionHash} succeeded, but {order.Vault} says nothing of the order.", false);
    }

    /// <summary>The orders of a nonce that the vault has not settled.</summary>
    public static async Task<IReadOnlyList<Disbursement>> LeftAsync(
        IDocumentSession session, string space, ValueList<Hash32> orders, NonceOf nonce, CancellationToken cancellation)
    {
        var states = await session.OfSpace(space).LoadManyAsync<Disbursement>(
            cancellation, [.. orders.Select(Disbursement.StreamId)]);
        return [.. states.Where(state => state.Live == nonce)];
    }

    /// <summary>Takes the nonce from the order.</summary>
    public async Task GiveBackAsync(
        IDocumentSession session, string space, Hash32 id, NonceOf nonce, CancellationToken cancellation) =>
        await session.OfSpace(space).DecideAsync<Disbursement>(
            Disbursement.StreamId(id),
            state => MayBeTriedAgain
                ? Disbursement.Decide(new RecordReturned(id, nonce.Signer, nonce.Nonce, Reason), state)
                : Disbursement.Decide(new RecordFailed(id, nonce.Signer, nonce.Nonce, Reason), state),
            cancellation);
}

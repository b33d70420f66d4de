using Grants.Domain.Disbursements;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Marten;

namespace Grants.Service.Disbursements.Sending;

/// <summary>The journal cannot be written anew: something else is wrong.</summary>
public sealed class RebuildRefusedException(string message) : Exception(message);

/// <summary>
/// Writes a lost journal of the signer anew, from the transactions of the ledger. Only where the chain says what the ledger says: a
/// database that is older than the chain would have the signer forget for good what it signed.
/// </summary>
public sealed class JournalRebuild(
    IDocumentStore store, Reconciler reconciler, OperatorAccount account, SignerJournal journal, ChainIdentity chain)
{
    /// <returns>How many nonces were written; those that the journal knew are left.</returns>
    /// <exception cref="RebuildRefusedException">
    /// Nobody signs, nothing is final, chain and ledger differ, or the journal has another duty for a nonce.
    /// </exception>
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        if (account.Address is not { } signer)
            throw new RebuildRefusedException("No key of the treasury is set, so that there is no journal.");
        var report = await reconciler.CompareAsync(cancellation)
            ?? throw new RebuildRefusedException("No block of the chain is final yet.");
        if (report.Result.Rows.FirstOrDefault(row => row.Finding is not Finding.ForgottenNonce and not Finding.Late) is { } other)
            throw new RebuildRefusedException($"{other.Finding} of {other.Subject}: {other.What} First that has to be understood.");
        var written = 0;
        foreach (var transaction in await TransactionsAsync(signer, cancellation))
        {
            var hash = SignedTransaction.Decode(Hex.Parse(transaction.Last.RawTransaction)).Transaction.SigningHash;
            var duty = OperatorSigner.DutyOf(transaction.Orders);
            if (journal.Knows(chain.ChainId, transaction.Nonce, duty))
                continue;
            if (!journal.TryWrite(new JournalLine(chain.ChainId, transaction.Nonce, duty, hash)))
                throw new RebuildRefusedException($"The journal says that nonce {transaction.Nonce} was signed for other orders.");
            written++;
        }

        return written;
    }

    private async Task<IEnumerable<TreasuryTransaction>> TransactionsAsync(Address signer, CancellationToken cancellation)
    {
        await using var session = store.QuerySession(Spaces.Deployment);
        var all = await session.Query<TreasuryTransaction>().Where(one => one.ChainId == chain.ChainId).ToListAsync(cancellation);
        return all.Where(one => one.Signer == signer).OrderBy(one => one.Nonce);
    }
}

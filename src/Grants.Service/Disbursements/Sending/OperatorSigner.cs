using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>The signer does not sign what it was handed.</summary>
public sealed class SigningRefusedException(string message) : Exception(message);

/// <summary>
/// Has the operator's key sign, and believes nobody: it makes the call of the orders again and compares, looks at chain, value and fee, at
/// the limit of each order and at the signatures of its approvers, and asks its own journal.
/// </summary>
public sealed class OperatorSigner(
    OperatorAccount account,
    SignerJournal journal,
    PaymentRules rules,
    ChainIdentity chain,
    TreasuryHealth health,
    IOptions<TreasuryOptions> options)
{
    private const ulong WeiOfGwei = 1_000_000_000;

    /// <param name="states">What the transaction is to do, in its order.</param>
    /// <param name="control">What people have said.</param>
    /// <param name="deadlineAt">Of the attempt, seconds since 1970.</param>
    /// <exception cref="SigningRefusedException">
    /// It is not the transaction of these orders, people do not allow it, or its nonce was used for others.
    /// </exception>
    /// <exception cref="SignerFailedException">Whoever holds the key gives no signature.</exception>
    public async Task<SignedTransaction> SignAsync(
        Eip1559Transaction transaction,
        IReadOnlyList<Disbursement> states,
        TreasuryControl? control,
        long deadlineAt,
        CancellationToken cancellation)
    {
        List<TreasuryOrder> orders = [.. states.Select(state => state.Order)];
        Check(transaction, orders, deadlineAt);
        var duty = DutyOf(orders.Select(order => order.OrderId));
        // What was signed for once was allowed then, and a replacement does the same.
        if (!journal.Knows(transaction.ChainId, transaction.Nonce, duty))
            await AskPeopleAsync(states, control, cancellation);
        // Before the key is asked: who holds it may sign and never answer.
        if (!journal.TryWrite(new JournalLine(transaction.ChainId, transaction.Nonce, duty, transaction.SigningHash)))
            throw new SigningRefusedException($"Nonce {transaction.Nonce} was signed for other orders.");
        try
        {
            var signed = await account.Signer!.SignAsync(transaction, cancellation);
            health.HasSigned(true);
            return signed;
        }
        catch (SignerFailedException)
        {
            health.HasSigned(false);
            throw;
        }
    }

    /// <summary>What the journal calls the orders of one transaction, in their order.</summary>
    internal static Hash32 DutyOf(IEnumerable<Hash32> orders) => Keccak256.Hash([.. orders.SelectMany(order => order.ToBytes())]);

    /// <summary>The call data of one transaction.</summary>
    public static byte[] CallData(IReadOnlyList<TreasuryOrder> orders, long deadlineAt) => orders is [var only]
        ? VaultCall.Of(only, deadlineAt)
        : IncentiveVault.ReleaseBatch.Encode((object)orders.Select(object (order) =>
            new object[] { order.AwardId, order.Seq, order.Amount, deadlineAt }).ToArray());

    private void Check(Eip1559Transaction transaction, List<TreasuryOrder> orders, long deadlineAt)
    {
        if (transaction.ChainId != chain.ChainId || orders.Any(order => order.ChainId != chain.ChainId))
            throw new SigningRefusedException($"It is of another chain than {chain.ChainId}.");
        if (!transaction.Value.IsZero || orders.Any(order => order.Vault != transaction.To))
            throw new SigningRefusedException($"It pays {transaction.To}, which is not the vault of its orders.");
        if (!transaction.Data.AsSpan().SequenceEqual(CallData(orders, deadlineAt)))
            throw new SigningRefusedException("It does something else than its orders.");
        if (transaction.MaxFeePerGas > (UInt256)(ulong)options.Value.MostFeePerGasGwei * WeiOfGwei)
            throw new SigningRefusedException($"It offers {transaction.MaxFeePerGas} wei a gas, more than the treasury allows.");
    }

    private async Task AskPeopleAsync(IReadOnlyList<Disbursement> states, TreasuryControl? control, CancellationToken cancellation)
    {
        foreach (var state in states)
        {
            if (await rules.AgainstAsync(state, control, cancellation) is { } refusal)
                throw new SigningRefusedException($"Order {state.Order.OrderId}: {refusal}");
        }
    }
}

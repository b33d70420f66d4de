using Grants.Domain.Disbursements;
using Grants.Ethereum.Contracts;
using Grants.Ethereum.Transactions;
using Grants.Primitives;
using Microsoft.Extensions.Options;

namespace Grants.Service.Disbursements.Sending;

/// <summary>The signer does not sign what it was handed.</summary>
public sealed class SigningRefusedException(string message) : Exception(message);

/// <summary>
/// Signs with the operator's key, and believes nobody: it makes the call of the orders again and compares, looks at chain, value and
/// fee, and asks its own journal.
/// </summary>
public sealed class OperatorSigner(
    OperatorKey key, SignerJournal journal, ChainIdentity chain, IOptions<TreasuryOptions> options)
{
    private const ulong WeiOfGwei = 1_000_000_000;

    /// <exception cref="SigningRefusedException">It is not the transaction of these orders, or the nonce was used for others.</exception>
    public SignedTransaction Sign(Eip1559Transaction transaction, IReadOnlyList<TreasuryOrder> orders, long deadlineAt)
    {
        if (transaction.ChainId != chain.ChainId || orders.Any(order => order.ChainId != chain.ChainId))
            throw new SigningRefusedException($"It is of another chain than {chain.ChainId}.");
        if (!transaction.Value.IsZero || orders.Any(order => order.Vault != transaction.To))
            throw new SigningRefusedException($"It pays {transaction.To}, which is not the vault of its orders.");
        if (!transaction.Data.AsSpan().SequenceEqual(CallData(orders, deadlineAt)))
            throw new SigningRefusedException("It does something else than its orders.");
        if (transaction.MaxFeePerGas > (UInt256)(ulong)options.Value.MostFeePerGasGwei * WeiOfGwei)
            throw new SigningRefusedException($"It offers {transaction.MaxFeePerGas} wei a gas, more than the treasury allows.");
        var signed = transaction.Sign(key.Key!);
        var line = new JournalLine(transaction.ChainId, transaction.Nonce, DutyOf(orders), signed.Hash);
        return journal.TryWrite(line)
            ? signed
            : throw new SigningRefusedException($"Nonce {transaction.Nonce} was signed for other orders.");
    }

    /// <summary>The call data of one transaction.</summary>
    public static byte[] CallData(IReadOnlyList<TreasuryOrder> orders, long deadlineAt) => orders is [var only]
        ? VaultCall.Of(only, deadlineAt)
        : IncentiveVault.ReleaseBatch.Encode((object)orders.Select(object (order) =>
            new object[] { order.AwardId, order.Seq, order.Amount, deadlineAt }).ToArray());

    private static Hash32 DutyOf(IReadOnlyList<TreasuryOrder> orders) =>
        Keccak256.Hash([.. orders.SelectMany(order => order.OrderId.ToBytes())]);
}

using Grants.Primitives;

namespace Grants.Domain.Disbursements;

/// <summary>A log of a vault of ours on the finalized chain, as the node shows it now.</summary>
/// <param name="OrderId">As the vault computed it; of a reservation the award's id.</param>
/// <param name="Amount">Base units; null where the log names none.</param>
public sealed record ChainPayment(PaymentLog Kind, Hash32 OrderId, UInt256? Amount, EventKey Evidence);

public enum PaymentLog
{
    Granted,
    Released,
    ClawedBack,
    Voided,
}

/// <summary>What the ledgers of signer and service say of a nonce.</summary>
/// <param name="NextInLedger">The nonce that is given out next; null where none was.</param>
/// <param name="CountOnChain">The account's transactions on the chain, as far as the node has it.</param>
/// <param name="Journalled">Nonces that the signer has signed for, by its own journal.</param>
/// <param name="SignedInLedger">Nonces that are not used up on the finalized chain and have a stored signature.</param>
public sealed record SignerFacts(
    Address Signer, long? NextInLedger, long CountOnChain, ValueList<long> Journalled, ValueList<long> SignedInLedger);

/// <summary>What a vault holds of a token, and what it owes of it, in base units.</summary>
public sealed record VaultBalance(Address Vault, Address Token, UInt256 Balance, UInt256 Reserved);

public enum Finding
{
    /// <summary>The chain says what the ledger says.</summary>
    Agrees,

    /// <summary>A vault paid, and the ledger does not know it as settled.</summary>
    ChainOnly,

    /// <summary>The ledger says settled, and the chain shows no such log.</summary>
    LedgerOnly,

    /// <summary>The amounts differ.</summary>
    AmountMismatch,

    /// <summary>The signer or the chain knows a nonce that the ledger never gave out.</summary>
    UnknownNonce,

    /// <summary>The signer does not remember what it signed.</summary>
    ForgottenNonce,

    /// <summary>The vault holds less than it owes.</summary>
    Underfunded,

    /// <summary>Not settled after a quarter of an hour: no difference, but a person may ask.</summary>
    Late,
}

/// <param name="Subject">An order, an account or a vault.</param>
public sealed record ReconciliationRow(Finding Finding, string Subject, string What);

/// <summary>Chain, ledger and signer held against each other.</summary>
/// <param name="Rows">Everything but what agrees.</param>
/// <param name="Agreeing">How many payments agree.</param>
/// <param name="VerifiedShare">Of the value that the ledger calls settled, what the chain shows; rounded down.</param>
public sealed record Reconciliation(ValueList<ReconciliationRow> Rows, int Agreeing, BasisPoints VerifiedShare)
{
    private const long LateAfterSeconds = 900;

    /// <summary>What the ledger calls settled, and what of it the chain shows, in base units of all tokens together.</summary>
    public (UInt256 Settled, UInt256 Verified) Value { get; init; }

    /// <summary>Whether the treasury may go on.</summary>
    public bool Agrees => Rows.All(row => row.Finding == Finding.Late);

    /// <param name="chain">What the chain shows, in the blocks that are compared.</param>
    /// <param name="ledger">What is settled by those blocks, and all that is not settled.</param>
    /// <param name="before">Of the blocks before, where it agreed; null where all blocks are compared.</param>
    public static Reconciliation Of(
        IReadOnlyList<ChainPayment> chain,
        IReadOnlyList<Disbursement> ledger,
        SignerFacts? signer,
        IReadOnlyList<VaultBalance> balances,
        DateTimeOffset now,
        Reconciliation? before = null)
    {
        var rows = new List<ReconciliationRow>();
        var settled = ledger.Where(order => order.FinalizedAt is not null).ToDictionary(order => order.FinalizedAt!);
        var (agreeing, verified, total) = (before?.Agreeing ?? 0, before?.Value.Verified ?? 0, before?.Value.Settled ?? 0);
        foreach (var payment in chain)
        {
            if (!settled.Remove(payment.Evidence, out var order))
            {
                // Whoever is the vault's manager may grant, and its guardian may void what nobody ordered.
                if (payment.Kind is PaymentLog.Released or PaymentLog.ClawedBack)
                    rows.Add(new(Finding.ChainOnly, $"{payment.OrderId}", $"{payment.Kind} in block {payment.Evidence.BlockNumber}."));
                continue;
            }

            total += order.Order.Amount;
            if (payment.Amount is { } amount && amount != order.Order.Amount)
            {
                rows.Add(new(
                    Finding.AmountMismatch, $"{order.Order.OrderId}", $"{amount} on the chain, {order.Order.Amount} in the ledger."));
                continue;
            }

            (agreeing, verified) = (agreeing + 1, verified + order.Order.Amount);
        }

        foreach (var order in settled.Values)
        {
            total += order.Order.Amount;
            rows.Add(new(
                Finding.LedgerOnly, $"{order.Order.OrderId}", $"No such log in block {order.FinalizedAt!.BlockNumber}."));
        }

        rows.AddRange(ledger
            .Where(order => order.Live is not null && (now - order.AssignedAt).Ticks > LateAfterSeconds * TimeSpan.TicksPerSecond)
            .Select(order => new ReconciliationRow(Finding.Late, $"{order.Order.OrderId}", $"Has a nonce since {order.AssignedAt:O}.")));
        rows.AddRange(balances.Where(vault => vault.Balance < vault.Reserved).Select(vault => new ReconciliationRow(
            Finding.Underfunded, $"{vault.Vault}", $"Holds {vault.Balance} of {vault.Token} and owes {vault.Reserved}.")));
        if (signer is not null)
            rows.AddRange(Unknown(signer));
        var share = total.IsZero ? BasisPoints.Whole : (int)(long)UInt256.MulDiv(verified, BasisPoints.Whole, total);
        return new Reconciliation([.. rows], agreeing, new BasisPoints(share)) { Value = (total, verified) };
    }

    private static IEnumerable<ReconciliationRow> Unknown(SignerFacts signer)
    {
        if (signer.NextInLedger is { } next && signer.CountOnChain > next)
            yield return new(
                Finding.UnknownNonce, $"{signer.Signer}", $"{signer.CountOnChain} transactions on the chain, {next} nonces in the ledger.");
        foreach (var nonce in signer.Journalled.Where(nonce => nonce >= (signer.NextInLedger ?? 0)))
            yield return new(
                Finding.UnknownNonce, $"{signer.Signer}", $"The signer signed for nonce {nonce}, which the ledger never gave out.");
        foreach (var nonce in signer.SignedInLedger.Except(signer.Journalled))
            yield return new(
                Finding.ForgottenNonce, $"{signer.Signer}", $"Nonce {nonce} was signed for, and is not in the signer's journal.");
    }
}

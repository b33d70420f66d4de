using Grants.Domain.Disbursements;
using Grants.Domain.Tests.Awards;
using Grants.Domain.Tests.Programs;
using Grants.Primitives;

namespace Grants.Domain.Tests.Disbursements;

/// <summary>
/// A treasury and a chain of a few orders and two signers, in which anything may happen at any time: a crash between two steps is a
/// step that does not come. The vault pays whatever it is asked to, as often as it is asked to, so that only the ledger keeps an
/// order from being paid twice.
/// </summary>
internal sealed class PayoutWorld
{
    private const int Orders = 4;

    private static readonly Address[] Signers = [AProgram.Named("first signer"), AProgram.Named("second signer")];

    private static readonly TreasuryOrder[] All = [.. Enumerable.Range(0, Orders)
        .Select(index => AnOrder.Order with { OrderId = Keccak256.Hash($"order {index}"), Seq = index })];

    private readonly Disbursement?[] orders =
        [.. All.Select(order => Disbursement.Evolve(null, new DisbursementOrdered(order, AProgram.At)))];

    private readonly NonceLedger?[] ledgers = new NonceLedger?[Signers.Length];
    private readonly Dictionary<(int Signer, long Nonce), TreasuryTransaction> transactions = [];
    private readonly List<Mined> chain = [];
    private int finalized;

    /// <summary>A block with one transaction: ours, or of somebody who has the key where there is no attempt.</summary>
    private sealed record Mined(int Signer, long Nonce, SignedAttempt? Attempt, int[] Paid, int? Voided);

    /// <summary>One step; the number says which, and with what.</summary>
    public void Do(int step)
    {
        var (what, signer, pick) = (step % 13, step / 13 % 2, step / 26);
        switch (what)
        {
            case 0 or 1:
                Reserve(signer, 1 + (pick % 15));
                break;
            case 2 or 3:
                Sign(signer, pick);
                break;
            case 4 or 5:
                Mine(signer, pick);
                break;
            case 6 when pick % 8 == 0:
                chain.Add(new Mined(signer, Count(signer, chain.Count), null, [], null));
                break;
            case 7:
                chain.RemoveRange(Math.Max(finalized, chain.Count - 1 - (pick % 3)), Math.Min(chain.Count - finalized, 1 + (pick % 3)));
                break;
            case 8:
                finalized = Math.Min(chain.Count, finalized + 1 + (pick % 3));
                Promote();
                break;
            case 9 or 10:
                Watch(signer, pick);
                break;
            case 11:
                Release(signer);
                break;
            case 12:
                Person(pick);
                break;
        }
    }

    /// <summary>What is wrong, or null.</summary>
    public string? Problem()
    {
        for (var order = 0; order < Orders; order++)
        {
            if (chain.Count(block => block.Paid.Contains(order)) > 1)
                return $"Order {order} was paid twice.";
            var mayPay = transactions.Where(one => one.Value.Orders.Contains(All[order].OrderId) && MayPay(one.Key, order)).ToList();
            if (mayPay.Count > 1)
                return $"Order {order} can be paid by {string.Join(" and ", mayPay.Select(one => one.Value.Id))}.";
            var open = ledgers.SelectMany(ledger => ledger?.Open ?? []).Count(open => open.Orders.Contains(All[order].OrderId));
            if (open > 1)
                return $"Order {order} holds {open} nonces.";
        }

        return null;
    }

    /// <summary>How many orders were paid, attempts were replaced, and orders had a second nonce: else the world checks little.</summary>
    public (int Paid, int Replaced, int Again) Reached() => (
        orders.Count(state => state!.State == DisbursementState.Finalized),
        transactions.Values.Count(transaction => transaction.Attempts.Count > 1),
        orders.Count(state => state!.Nonces.Count > 1));

    /// <summary>Whether a transaction of this nonce has paid the order, or some attempt still can.</summary>
    private bool MayPay((int Signer, long Nonce) key, int order)
    {
        var final = chain.Take(finalized).FirstOrDefault(block => (block.Signer, block.Nonce) == key);
        return final is null || final.Paid.Contains(order);
    }

    private long Count(int signer, int blocks) => chain.Take(blocks).Count(block => block.Signer == signer && block.Voided is null);

    private void Reserve(int signer, int subset)
    {
        ValueList<Hash32> ids = [.. All.Where((_, index) => (subset & (1 << index)) != 0).Select(order => order.OrderId)];
        var reserved = NonceLedger.Decide(
            new ReserveNonce(AProgram.ChainId, Signers[signer], ids, Count(signer, chain.Count)), ledgers[signer]);
        if (reserved.Rejection is ForeignNonce foreign)
            Quarantine(signer, foreign.Message);
        if (reserved.Events is not [NonceReserved { Nonce: var nonce } @event])
            return;
        var assigned = ids
            .Select(id => (Id: id, Decision: Disbursement.Decide(new AssignNonce(id, Signers[signer], nonce), State(id))))
            .ToList();
        if (assigned.Exists(one => !one.Decision.IsAccepted))
            return;
        ledgers[signer] = NonceLedger.Evolve(ledgers[signer], @event);
        foreach (var (id, decision) in assigned)
            Apply(id, decision);
    }

    // The first attempt of a reserved nonce, or a replacement.
    private void Sign(int signer, int pick)
    {
        if (Pick(signer, pick) is not { } open)
            return;
        var last = transactions.GetValueOrDefault((signer, open.Nonce))?.Last.MaxFeePerGas;
        var fee = last is { } before ? TreasuryTransaction.LeastReplacement(before) : 1_000;
        var name = $"{signer}/{open.Nonce}/{fee}/{string.Join(',', open.Orders)}";
        var attempt = new SignedAttempt(Signers[signer], open.Nonce, Keccak256.Hash(name), name, fee, fee, 0);
        Record((signer, open.Nonce), state => TreasuryTransaction.Decide(
            new SignTransaction(AProgram.ChainId, open.Orders, attempt, AProgram.At), state));
    }

    // Anybody may send anything that was ever stored; the chain takes what has the next nonce.
    private void Mine(int signer, int pick)
    {
        if (!transactions.TryGetValue((signer, Count(signer, chain.Count)), out var transaction))
            return;
        var attempt = transaction.Attempts[pick % transaction.Attempts.Count];
        var voided = chain.Where(block => block.Voided is not null).Select(block => block.Voided!.Value).ToHashSet();
        var paid = transaction.Orders.Select(Index).Where(order => !voided.Contains(order) && ((pick >> 3) & (1 << order)) == 0);
        chain.Add(new Mined(signer, transaction.Nonce, attempt, [.. paid], null));
    }

    // What the watch does: it looks at the chain, and closes what is final.
    private void Watch(int signer, int pick)
    {
        if (Pick(signer, pick) is not { } open || !transactions.TryGetValue((signer, open.Nonce), out var transaction))
            return;
        var key = (signer, open.Nonce);
        var place = chain.FindIndex(block => (block.Signer, block.Nonce) == key && block.Voided is null);
        if (place < 0 || chain[place].Attempt is not { } attempt)
        {
            Record(key, state => TreasuryTransaction.Decide(new RecordReorged(), state));
            if (place >= 0 && place < finalized)
                Close(key, transaction, null, []);
            return;
        }

        var block = AnAward.Block(place);
        Record(key, state => TreasuryTransaction.Decide(new RecordMined(attempt.TransactionHash, block, true), state));
        if (place < finalized)
            Close(key, transaction, attempt.TransactionHash, chain[place].Paid);
    }

    private void Close((int Signer, long Nonce) key, TreasuryTransaction transaction, Hash32? hash, int[] paid)
    {
        foreach (var id in transaction.Orders.Where(id => !paid.Contains(Index(id))))
        {
            var (signer, fails) = (Signers[key.Signer], (key.Nonce + Index(id)) % 3 == 0);
            Apply(id, fails
                ? Disbursement.Decide(new RecordFailed(id, signer, key.Nonce, AnOrder.Refusal), State(id))
                : Disbursement.Decide(new RecordReturned(id, signer, key.Nonce, AnOrder.Refusal), State(id)));
        }

        Record(key, state => TreasuryTransaction.Decide(new CloseTransaction(hash), state));
        var closed = NonceLedger.Decide(new CloseNonce(key.Nonce), ledgers[key.Signer]);
        ledgers[key.Signer] = closed.Events.Aggregate(ledgers[key.Signer], NonceLedger.Evolve);
        if (hash is null)
            Quarantine(key.Signer, "displaced");
    }

    private void Promote()
    {
        foreach (var block in chain.Take(finalized))
        {
            foreach (var order in block.Paid)
                Apply(All[order].OrderId, Disbursement.Decide(
                    new RecordFinalized(All[order].OrderId, AnAward.Evidence("paid")), State(All[order].OrderId)));
            if (block.Voided is { } voided)
                Apply(All[voided].OrderId, Disbursement.Decide(
                    new RecordVoided(All[voided].OrderId, AnAward.Evidence("voided")), State(All[voided].OrderId)));
        }
    }

    // A guardian voids what is not paid; an operator has a failed order tried again.
    private void Person(int pick)
    {
        var order = pick % Orders;
        if (pick / Orders % 2 == 0 && !chain.Exists(block => block.Paid.Contains(order) || block.Voided == order))
            chain.Add(new Mined(-1, 0, null, [], order));
        var id = All[order].OrderId;
        Apply(id, Disbursement.Decide(new RetryDisbursement(id, AProgram.Manager, AnOrder.Refusal, AProgram.At), State(id)));
    }

    private void Release(int signer)
    {
        var decision = NonceLedger.Decide(new ReleaseSigner(AProgram.Manager, Count(signer, chain.Count), AProgram.At), ledgers[signer]);
        ledgers[signer] = decision.Events.Aggregate(ledgers[signer], NonceLedger.Evolve);
    }

    private void Quarantine(int signer, string reason)
    {
        var decision = NonceLedger.Decide(new QuarantineSigner(reason), ledgers[signer]);
        ledgers[signer] = decision.Events.Aggregate(ledgers[signer], NonceLedger.Evolve);
    }

    private OpenNonce? Pick(int signer, int pick) =>
        ledgers[signer]?.Open is { IsEmpty: false } open ? open[pick % open.Count] : null;

    private void Record((int, long) key, Func<TreasuryTransaction?, Decision> decide)
    {
        var before = transactions.GetValueOrDefault(key);
        if (decide(before).Events.Aggregate(before, TreasuryTransaction.Evolve) is { } after)
            transactions[key] = after;
    }

    private void Apply(Hash32 id, Decision decision) =>
        orders[Index(id)] = decision.Events.Aggregate(orders[Index(id)], Disbursement.Evolve);

    private Disbursement? State(Hash32 id) => orders[Index(id)];

    private static int Index(Hash32 id) => Array.FindIndex(All, order => order.OrderId == id);
}

using System.Collections;
using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>Liquid tokens in the order in which they came, for <see cref="Convention.Fifo"/>: a queue for each kind.</summary>
internal sealed class LiquidLots : IReadOnlyList<LiquidLot>
{
    private readonly LotQueue grants;
    private readonly LotQueue owns;
    private long oldest;
    private long newest;

    public LiquidLots()
        : this(new LotQueue(), new LotQueue())
    {
    }

    private LiquidLots(LotQueue grants, LotQueue owns) => (this.grants, this.owns) = (grants, owns);

    public int Count => grants.Count + owns.Count;

    public LiquidLot this[int index] => this.Skip(index).First();

    /// <summary>Lots to go on with; those that a book has left are shared with it.</summary>
    public static LiquidLots Of(IReadOnlyList<LiquidLot> stored)
    {
        if (stored is LiquidLots left)
            return left.Copy();
        var lots = new LiquidLots();
        foreach (var lot in stored)
            lots.QueueOf(lot.IsGrant).Add(++lots.newest, lot.Amount);
        return lots;
    }

    /// <summary>The same lots; what is done to one leaves the other as it is.</summary>
    public LiquidLots Copy() => new(grants.Copy(), owns.Copy()) { oldest = oldest, newest = newest };

    public IEnumerator<LiquidLot> GetEnumerator()
    {
        var (grant, own) = (0, 0);
        while (grant < grants.Count || own < owns.Count)
            yield return IsGrantNext(grant, own) ? new LiquidLot(true, grants[grant++].Amount) : new LiquidLot(false, owns[own++].Amount);
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void Add(UInt256 grant, UInt256 own)
    {
        Add(true, grant);
        Add(false, own);
    }

    /// <summary>Own tokens that were there before everything that was seen to come.</summary>
    public void AddOldest(UInt256 own) => owns.AddOldest(--oldest, own);

    public UInt256 GrantInOldest(UInt256 amount)
    {
        var (granted, grant, own) = (UInt256.Zero, 0, 0);
        while (!amount.IsZero && (grant < grants.Count || own < owns.Count))
        {
            var isGrant = IsGrantNext(grant, own);
            var part = UInt256.Min(isGrant ? grants[grant++].Amount : owns[own++].Amount, amount);
            granted += isGrant ? part : UInt256.Zero;
            amount -= part;
        }

        return granted;
    }

    /// <summary>Takes so much of each kind, the oldest first.</summary>
    public void Take(UInt256 grant, UInt256 own)
    {
        grants.Take(grant);
        owns.Take(own);
    }

    private LotQueue QueueOf(bool isGrant) => isGrant ? grants : owns;

    private bool IsGrantNext(int grant, int own) =>
        own == owns.Count || (grant < grants.Count && grants[grant].Place < owns[own].Place);

    private void Add(bool isGrant, UInt256 amount)
    {
        if (amount.IsZero)
            return;
        var (queue, other) = (QueueOf(isGrant), QueueOf(!isGrant));
        if (queue.Count > 0 && (other.Count == 0 || other.LastPlace < queue.LastPlace))
            queue.AddToLast(amount);
        else
            queue.Add(++newest, amount);
    }
}

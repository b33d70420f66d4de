using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>Liquid tokens in the order in which they came, for <see cref="Convention.Fifo"/>: a queue for each kind.</summary>
internal sealed class LiquidLots
{
    private readonly LotQueue grants = new();
    private readonly LotQueue owns = new();
    private long oldest;
    private long newest;

    public void AddRange(IReadOnlyList<LiquidLot> more)
    {
        grants.Reserve(more.Count);
        owns.Reserve(more.Count);
        foreach (var lot in more)
            QueueOf(lot.IsGrant).Add(++newest, lot.Amount);
    }

    public IReadOnlyList<LiquidLot> ToList()
    {
        var lots = new List<LiquidLot>(grants.Count + owns.Count);
        var (grant, own) = (0, 0);
        while (grant < grants.Count || own < owns.Count)
            lots.Add(IsGrantNext(grant, own) ? new LiquidLot(true, grants[grant++].Amount) : new LiquidLot(false, owns[own++].Amount));
        return lots;
    }

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

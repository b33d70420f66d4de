using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>
/// Lots of one kind, the oldest first, each with its place among all lots. Its ends cost the same, however long it is; and so does a
/// copy of it, which shares all but the newest lots.
/// </summary>
internal sealed class LotQueue
{
    // So many lots are copied, and not shared, with each copy.
    private const int Few = 32;

    private (long Place, UInt256 Amount)[] shared = []; // never written
    private int sharedCount;
    private List<(long Place, UInt256 Amount)> recent = []; // those after the shared ones
    private int first;
    private UInt256 taken; // of the first lot

    public int Count => sharedCount + recent.Count - first;

    /// <summary>The place of the newest; there must be one.</summary>
    public long LastPlace => recent.Count > 0 ? recent[^1].Place : shared[sharedCount - 1].Place;

    public (long Place, UInt256 Amount) this[int index]
    {
        get
        {
            var at = first + index;
            var lot = at < sharedCount ? shared[at] : recent[at - sharedCount];
            return index == 0 && !taken.IsZero ? (lot.Place, lot.Amount - taken) : lot;
        }
    }

    /// <summary>A queue of the same lots; what is done to one leaves the other as it is.</summary>
    public LotQueue Copy()
    {
        if (recent.Count > Few)
            Hold(ToArray());
        return new LotQueue { shared = shared, sharedCount = sharedCount, recent = [.. recent], first = first, taken = taken };
    }

    public void Add(long place, UInt256 amount) => recent.Add((place, amount));

    public void AddToLast(UInt256 amount)
    {
        if (recent.Count == 0)
            recent.Add(shared[--sharedCount]);
        recent[^1] = (recent[^1].Place, recent[^1].Amount + amount);
    }

    /// <summary>This one costs as much as there are lots; what was not seen to come goes with all that was.</summary>
    public void AddOldest(long place, UInt256 amount) => Hold([(place, amount), .. ToArray()]);

    /// <summary>Takes so much, the oldest first, or all there is.</summary>
    public void Take(UInt256 amount)
    {
        while (Count > 0 && !amount.IsZero)
        {
            var there = this[0].Amount;
            if (amount < there)
            {
                taken += amount;
                return;
            }

            amount -= there;
            taken = UInt256.Zero;
            first++;
        }

        if (first < sharedCount)
            return;
        (shared, sharedCount, first) = ([], 0, first - sharedCount);
        // What was taken goes in one piece, when it is most of the list.
        if (first > recent.Count / 2)
        {
            recent.RemoveRange(0, first);
            first = 0;
        }
    }

    private (long Place, UInt256 Amount)[] ToArray()
    {
        var lots = new (long Place, UInt256 Amount)[Count];
        for (var i = 0; i < lots.Length; i++)
            lots[i] = this[i];
        return lots;
    }

    private void Hold((long Place, UInt256 Amount)[] lots) =>
        (shared, sharedCount, recent, first, taken) = (lots, lots.Length, [], 0, UInt256.Zero);
}

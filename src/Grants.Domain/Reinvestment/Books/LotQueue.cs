using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>Lots of one kind, the oldest first, each with its place among all lots. Its ends cost the same, however long it is.</summary>
internal sealed class LotQueue
{
    private readonly List<(long Place, UInt256 Amount)> lots = [];
    private int first;

    public int Count => lots.Count - first;

    /// <summary>The place of the newest; there must be one.</summary>
    public long LastPlace => lots[^1].Place;

    public (long Place, UInt256 Amount) this[int index] => lots[first + index];

    /// <summary>Makes room for so many more.</summary>
    public void Reserve(int more) => lots.EnsureCapacity(lots.Count + more);

    public void Add(long place, UInt256 amount) => lots.Add((place, amount));

    public void AddToLast(UInt256 amount) => lots[^1] = (lots[^1].Place, lots[^1].Amount + amount);

    public void AddOldest(long place, UInt256 amount)
    {
        if (first > 0)
            lots[--first] = (place, amount);
        else
            lots.Insert(0, (place, amount));
    }

    /// <summary>Takes so much, the oldest first, or all there is.</summary>
    public void Take(UInt256 amount)
    {
        while (first < lots.Count && !amount.IsZero)
        {
            var (place, there) = lots[first];
            if (amount < there)
            {
                lots[first] = (place, there - amount);
                return;
            }

            amount -= there;
            first++;
        }

        // What was taken goes in one piece, when it is most of the list.
        if (first > lots.Count / 2)
        {
            lots.RemoveRange(0, first);
            first = 0;
        }
    }
}

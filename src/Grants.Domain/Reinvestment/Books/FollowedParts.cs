using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>What went to somebody unknown, or over a bridge, and is followed, in the order in which it left.</summary>
internal sealed class FollowedParts
{
    private readonly List<FollowedPart> parts = [];

    /// <summary>Base units of granted tokens among them.</summary>
    public UInt256 Grant { get; private set; }

    public ValueList<FollowedPart>? ToList() => parts.Count == 0 ? null : [.. parts];

    public void AddRange(IEnumerable<FollowedPart>? more)
    {
        foreach (var part in more ?? [])
            Add(part);
    }

    public void Add(FollowedPart part)
    {
        parts.Add(part);
        Grant += part.Grant;
    }

    /// <summary>
    /// Lets go of what counts as gone by a time, and tells how much of it was granted. What is on a bridge waits to be settled.
    /// </summary>
    public UInt256 Due(long at)
    {
        if (parts.Count == 0)
            return UInt256.Zero;
        var before = Grant;
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            if (parts[i].CountsFrom <= at && !parts[i].IsBridged)
                Remove(i);
        }

        return before - Grant;
    }

    /// <summary>Lets go of one, and tells how much of it was granted.</summary>
    public UInt256 Take(string flowId)
    {
        var found = parts.FindIndex(part => part.FlowId == flowId);
        return found < 0 ? UInt256.Zero : Remove(found);
    }

    /// <summary>One is with somebody else from here on.</summary>
    public void PassOn(string flowId, Address to)
    {
        if (parts.FindIndex(part => part.FlowId == flowId) is >= 0 and var found)
            parts[found] = parts[found] with { To = to };
    }

    /// <summary>
    /// Takes back what somebody returns, the newest first, and tells how much of it was granted: in proportion, rounded down.
    /// </summary>
    public UInt256 TakeBack(Address? from, UInt256 amount)
    {
        var granted = UInt256.Zero;
        for (var i = parts.Count - 1; i >= 0 && from is not null && !amount.IsZero; i--)
        {
            if (parts[i].To == from && !parts[i].IsBridged)
                granted += TakePart(i, ref amount);
        }

        return granted;
    }

    /// <summary>
    /// Takes what came out of a bridge, and tells how much of it was granted, rounded down: what went in as just that amount, else the
    /// oldest first.
    /// </summary>
    public UInt256 Land(UInt256 amount)
    {
        var granted = UInt256.Zero;
        var (whole, left) = (parts.FindIndex(part => part.IsBridged && part.Grant + part.Own == amount), amount);
        if (whole >= 0)
            return TakePart(whole, ref left);
        for (var i = 0; i < parts.Count && !left.IsZero;)
        {
            var count = parts.Count;
            if (parts[i].IsBridged)
                granted += TakePart(i, ref left);
            i += parts.Count == count ? 1 : 0;
        }

        return granted;
    }

    private UInt256 TakePart(int at, ref UInt256 amount)
    {
        var part = parts[at];
        var taken = UInt256.Min(amount, part.Grant + part.Own);
        var grant = taken.IsZero ? UInt256.Zero : UInt256.MulDiv(taken, part.Grant, part.Grant + part.Own);
        Remove(at);
        if (taken < part.Grant + part.Own)
            Insert(at, part with { Grant = part.Grant - grant, Own = part.Own - (taken - grant) });
        amount -= taken;
        return grant;
    }

    private void Insert(int at, FollowedPart part)
    {
        parts.Insert(at, part);
        Grant += part.Grant;
    }

    private UInt256 Remove(int at)
    {
        var grant = parts[at].Grant;
        parts.RemoveAt(at);
        Grant -= grant;
        return grant;
    }
}

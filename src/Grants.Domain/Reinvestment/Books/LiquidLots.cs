using Grants.Primitives;

namespace Grants.Domain.Reinvestment.Books;

/// <summary>Liquid tokens in the order in which they came, for <see cref="Convention.Fifo"/>.</summary>
internal sealed class LiquidLots
{
    private readonly List<LiquidLot> lots = [];

    public void AddRange(IEnumerable<LiquidLot> more) => lots.AddRange(more);

    public IReadOnlyList<LiquidLot> ToList() => [.. lots];

    public void Add(UInt256 grant, UInt256 own)
    {
        Add(true, grant);
        Add(false, own);
    }

    /// <summary>Own tokens that were there before everything that was seen to come.</summary>
    public void AddOldest(UInt256 own) => lots.Insert(0, new LiquidLot(false, own));

    public UInt256 GrantInOldest(UInt256 amount)
    {
        var grant = UInt256.Zero;
        foreach (var lot in lots)
        {
            var part = UInt256.Min(lot.Amount, amount);
            grant += lot.IsGrant ? part : UInt256.Zero;
            amount -= part;
            if (amount.IsZero)
                break;
        }

        return grant;
    }

    /// <summary>Takes so much of each kind, the oldest first.</summary>
    public void Take(UInt256 grant, UInt256 own)
    {
        var emptied = false;
        for (var i = 0; i < lots.Count && !(grant.IsZero && own.IsZero); i++)
        {
            var lot = lots[i];
            var part = UInt256.Min(lot.Amount, lot.IsGrant ? grant : own);
            grant -= lot.IsGrant ? part : UInt256.Zero;
            own -= lot.IsGrant ? UInt256.Zero : part;
            lots[i] = lot with { Amount = lot.Amount - part };
            emptied |= part == lot.Amount;
        }

        if (emptied)
            lots.RemoveAll(lot => lot.Amount.IsZero);
    }

    private void Add(bool isGrant, UInt256 amount)
    {
        if (amount.IsZero)
            return;
        if (lots.Count > 0 && lots[^1].IsGrant == isGrant)
            lots[^1] = new LiquidLot(isGrant, lots[^1].Amount + amount);
        else
            lots.Add(new LiquidLot(isGrant, amount));
    }
}

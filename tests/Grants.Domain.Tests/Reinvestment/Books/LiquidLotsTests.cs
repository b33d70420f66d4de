using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Books;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Reinvestment.Books;

/// <summary>The queues of lots against one list that is walked from its beginning, as the convention is written down.</summary>
public sealed class LiquidLotsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void lots_in_queues_are_those_of_one_list(int seed)
    {
        var random = new Random(seed);
        var (lots, list) = (new LiquidLots(), new List<LiquidLot>());
        var kept = new List<(LiquidLots Lots, List<LiquidLot> As)>();
        for (var step = 0; step < 2_000; step++)
        {
            switch (random.Next(10))
            {
                case < 5:
                    var (grant, own) = (Amount(random), Amount(random));
                    lots.Add(grant, own);
                    Add(list, true, grant);
                    Add(list, false, own);
                    break;
                case 5:
                    var seen = Amount(random) + UInt256.One;
                    lots.AddOldest(seen);
                    list.Insert(0, new LiquidLot(false, seen));
                    break;
                case 6:
                    // What is stored and goes on is the same.
                    kept.Add((lots, [.. list]));
                    lots = LiquidLots.Of(random.Next(2) == 0 ? lots : lots.ToList());
                    break;
                default:
                    var amount = UInt256.Min(Amount(random) * 3UL, Sum(list, true) + Sum(list, false));
                    var granted = GrantInOldest(list, amount);
                    Assert.Equal(granted, lots.GrantInOldest(amount));
                    if (random.Next(3) == 0)
                        granted = UInt256.Min(amount, Sum(list, true));
                    lots.Take(granted, amount - granted);
                    Take(list, granted, amount - granted);
                    break;
            }

            Assert.Equal(list, lots.ToList());
            Assert.Equal(list.Count, lots.Count);
        }

        Assert.All(kept, one => Assert.Equal(one.As, one.Lots)); // Whatever was done to those that went on from them.
    }

    private static UInt256 Amount(Random random) => (ulong)random.Next(0, 50);

    private static UInt256 Sum(List<LiquidLot> list, bool isGrant) =>
        list.Where(lot => lot.IsGrant == isGrant).Aggregate(UInt256.Zero, (sum, lot) => sum + lot.Amount);

    private static void Add(List<LiquidLot> list, bool isGrant, UInt256 amount)
    {
        if (amount.IsZero)
            return;
        if (list.Count > 0 && list[^1].IsGrant == isGrant)
            list[^1] = new LiquidLot(isGrant, list[^1].Amount + amount);
        else
            list.Add(new LiquidLot(isGrant, amount));
    }

    private static UInt256 GrantInOldest(List<LiquidLot> list, UInt256 amount)
    {
        var granted = UInt256.Zero;
        foreach (var lot in list)
        {
            var part = UInt256.Min(lot.Amount, amount);
            granted += lot.IsGrant ? part : UInt256.Zero;
            amount -= part;
        }

        return granted;
    }

    private static void Take(List<LiquidLot> list, UInt256 grant, UInt256 own)
    {
        for (var i = 0; i < list.Count; i++)
        {
            var (isGrant, there) = list[i];
            var part = UInt256.Min(there, isGrant ? grant : own);
            (grant, own) = isGrant ? (grant - part, own) : (grant, own - part);
            list[i] = new LiquidLot(isGrant, there - part);
        }

        list.RemoveAll(lot => lot.Amount.IsZero);
    }
}

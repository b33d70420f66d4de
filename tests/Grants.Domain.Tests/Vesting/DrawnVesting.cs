using CsCheck;
using Grants.Primitives;

namespace Grants.Domain.Tests;

/// <summary>Schedules that are valid, many of them at their limits.</summary>
internal static class DrawnVesting
{
    public const long Start = 1_700_000_000;

    // 2^180: eight of them times 2^64 still fit.
    private static readonly UInt256 Large = UInt256.Parse("1532495540865888858358347027150309183618739122183602176");

    public static readonly Gen<UInt256> Amounts = Gen.OneOf(
        Gen.ULong[0, 20].Select(number => (UInt256)number),
        Gen.ULong.Select(number => (UInt256)number * 1_000_000_000_000_000_000UL),
        Gen.ULong.Select(number => UInt256.MaxValue - number));

    public static readonly Gen<LinearVesting> Lines =
        from amount in Amounts
        from duration in Gen.OneOf(Gen.Long[1, 60], Gen.Long[1, 4_000_000_000])
        from mode in Gen.Bool.Select(retro => retro ? CliffMode.Retro : CliffMode.FromCliff)
        from cliff in Gen.OneOf(Gen.Const(0L), Gen.Long[0, mode == CliffMode.Retro ? duration : duration - 1])
        from startUnlock in Part(amount)
        from cliffUnlock in cliff == 0 ? Gen.Const(UInt256.Zero) : Part(amount - startUnlock)
        from granularity in Granularities(mode == CliffMode.Retro ? duration : duration - cliff)
        select new LinearVesting(amount, Start, cliff, duration, startUnlock, cliffUnlock, granularity, mode);

    public static readonly Gen<TranchedVesting> Tranched =
        from tranches in Gen.Select(
            Gen.Long[0, 30],
            Gen.OneOf(Gen.ULong[0, 9].Select(number => (UInt256)number), Gen.ULong.Select(number => (UInt256)number * Large)),
            Gen.Int[0, 3],
            (wait, amount, milestone) => (wait, amount, milestone)).Array[1, 8]
        select new TranchedVesting(Ordered(tranches));

    public static readonly Gen<VestingCurve> Curves = Gen.OneOf(
        Lines.Select(line => (VestingCurve)line), Tranched.Select(tranches => (VestingCurve)tranches));

    /// <summary>Instants in order: around each bend of the curve, and drawn ones.</summary>
    public static IReadOnlyList<long> Instants(VestingCurve curve, params IEnumerable<int> permille)
    {
        long[] bends = curve is LinearVesting line
            ? [line.StartAt, line.StartAt + line.CliffSeconds, line.EndsAt]
            : [.. ((TranchedVesting)curve).Tranches.Select(tranche => tranche.At)];
        var drawn = permille.Select(share => curve.BeginsAt + ((curve.EndsAt - curve.BeginsAt) * share / 1000));
        return [.. bends.SelectMany(at => new[] { at - 1, at, at + 1 }).Concat(drawn).Append(long.MinValue).Append(long.MaxValue).Order()];
    }

    private static Gen<UInt256> Part(UInt256 whole) => Gen.OneOf(
        Gen.Const(UInt256.Zero), Gen.Int[0, 1000].Select(share => UInt256.MulDiv(whole, (ulong)share, 1000)));

    private static Gen<long> Granularities(long length) => Gen.OneOf(Gen.Const(1L), Gen.Long[1, Math.Min(length, 9)], Gen.Long[1, length]);

    private static ValueList<VestingTranche> Ordered((long Wait, UInt256 Amount, int Milestone)[] drawn)
    {
        var at = Start;
        return [.. drawn.Select(one => new VestingTranche(at += one.Wait, one.Amount, one.Milestone == 0 ? null : one.Milestone))];
    }
}

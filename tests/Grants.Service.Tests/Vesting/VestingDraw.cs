using System.Numerics;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Service.Tests.Vesting;

/// <summary>Schedules and instants, many of them at their limits.</summary>
internal static class VestingDraw
{
    /// <summary>A schedule that may be valid or not, near the limits between.</summary>
    /// <param name="latest">The start is in [1, latest].</param>
    public static LinearVesting AnyLine(Random random, long latest = VestingCurve.InstantMax / 2)
    {
        var amount = Amount(random, 128);
        var duration = Span(random, 2, latest);
        var cliff = random.Next(3) == 0 ? 0 : random.NextInt64(duration + 2);
        return new LinearVesting(
            amount,
            random.NextInt64(1, latest + 1),
            cliff,
            duration,
            random.Next(2) == 0 ? UInt256.Zero : Part(random, amount),
            random.Next(2) == 0 ? UInt256.Zero : Part(random, amount),
            random.Next(3) == 0 ? 1 : Span(random, 1, duration + 1));
    }

    /// <summary>A schedule that Sablier accepts: linear or, one time in three, in tranches.</summary>
    public static VestingCurve Stream(Random random, long latest = VestingCurve.InstantMax / 2)
    {
        if (random.Next(3) == 0)
            return Tranches(random, latest);
        while (true)
        {
            var line = AnyLine(random, latest);
            if (line.Validate() is null)
                return line;
        }
    }

    /// <summary>A schedule that a wallet of OpenZeppelin can have: it multiplies the amount by seconds.</summary>
    public static LinearVesting Wallet(Random random)
    {
        var duration = Span(random, 1, VestingCurve.InstantMax / 2);
        var start = random.NextInt64(VestingCurve.InstantMax / 2);
        return new LinearVesting(
            Amount(random, 200), start, random.NextInt64(duration + 1), duration, CliffMode: CliffMode.Retro);
    }

    /// <summary>An instant, more often than not at a bend or a step of the schedule.</summary>
    public static long Instant(Random random, VestingCurve curve)
    {
        var around = curve switch
        {
            LinearVesting line when random.Next(3) == 0 => line.StartAt + line.CliffSeconds,
            LinearVesting line when random.Next(3) == 0 =>
                line.StartAt + line.CliffSeconds + Multiple(random, line.GranularitySeconds, line.DurationSeconds),
            TranchedVesting tranched => tranched.Tranches[random.Next(tranched.Tranches.Count)].At,
            _ => random.Next(3) switch
            {
                0 => curve.BeginsAt,
                1 => curve.EndsAt,
                _ => random.NextInt64(curve.BeginsAt, curve.EndsAt + 1),
            },
        };
        return Math.Clamp(around + random.Next(-1, 2), 0, VestingCurve.InstantMax);
    }

    /// <summary>A part of it, from nothing to all.</summary>
    public static UInt256 Part(Random random, UInt256 whole) => UInt256.MulDiv(whole, (ulong)random.Next(101), 100);

    // In order and each at a second of its own, as Sablier wants them.
    private static TranchedVesting Tranches(Random random, long latest)
    {
        var at = 1 + random.NextInt64(latest);
        return new TranchedVesting([.. Enumerable.Range(0, random.Next(1, 9)).Select(_ =>
            new VestingTranche(at += Span(random, 1, latest / 8), Amount(random, 124)))]);
    }

    private static UInt256 Amount(Random random, int bits)
    {
        var bytes = new byte[bits / 8];
        random.NextBytes(bytes);
        var number = new BigInteger(bytes, isUnsigned: true) >> random.Next(bits);
        return new UInt256(BigInteger.Max(BigInteger.One, number));
    }

    private static long Span(Random random, long least, long most) => Math.Max(least, random.NextInt64(most + 1) >> random.Next(40));

    private static long Multiple(Random random, long of, long most) => of * random.NextInt64((most / of) + 1);
}

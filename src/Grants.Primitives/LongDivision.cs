namespace Grants.Primitives;

/// <summary>
/// Division of 256 by 128 bits in place: Knuth, The Art of Computer Programming, volume 2, algorithm D, in digits of 64 bits.
/// </summary>
internal static class LongDivision
{
    /// <summary>⌊(high·2^128 + low)/divisor⌋, where high is below the divisor, so that the quotient fits.</summary>
    public static UInt128 Quotient(UInt128 high, UInt128 low, UInt128 divisor)
    {
        unchecked
        {
            if (divisor <= ulong.MaxValue)
            {
                var (first, rest) = UInt128.DivRem(new UInt128((ulong)high, (ulong)(low >> 64)), divisor);
                return new UInt128((ulong)first, (ulong)(new UInt128((ulong)rest, (ulong)low) / divisor));
            }

            // Scaled so that the divisor's first bit is set: then a guessed digit is at most two too large.
            var shift = (int)UInt128.LeadingZeroCount(divisor);
            divisor <<= shift;
            var upper = shift == 0 ? high : (high << shift) | (low >> (128 - shift));
            var lower = low << shift;
            var digit = NextDigit(ref upper, (ulong)(lower >> 64), divisor);
            return new UInt128(digit, NextDigit(ref upper, (ulong)lower, divisor));
        }
    }

    /// <summary>⌊(rest·2^64 + next)/divisor⌋; the rest becomes what remains.</summary>
    private static ulong NextDigit(ref UInt128 rest, ulong next, UInt128 divisor)
    {
        unchecked
        {
            var (v1, v0) = ((ulong)(divisor >> 64), (ulong)divisor);
            var guess = UInt128.Min(rest / v1, ulong.MaxValue);
            var left = rest - (guess * v1);
            while (left <= ulong.MaxValue && guess * v0 > new UInt128((ulong)left, next))
            {
                guess--;
                left += v1;
            }

            // The divisor has two digits: with both looked at, the guess is right.
            rest = new UInt128((ulong)rest, next) - (guess * divisor);
            return (ulong)guess;
        }
    }
}

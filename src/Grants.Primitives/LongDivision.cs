namespace Grants.Primitives;

/// <summary>
/// Division of 256 by 128 bits in place: Knuth, The Art of Computer Programming, volume 2, algorithm D, in digits of 32 bits.
/// </summary>
internal static class LongDivision
{
    private const int Digits = 4;

    /// <summary>⌊(high·2^128 + low)/divisor⌋, where high is below the divisor, so that the quotient fits.</summary>
    public static UInt128 Quotient(UInt128 high, UInt128 low, UInt128 divisor)
    {
        unchecked
        {
            Span<uint> v = stackalloc uint[Digits];
            var n = DigitsOf(divisor, v);
            if (n == 1)
                return ByOneDigit(high, low, v[0]);

            // Scaled so that the divisor's first digit has its first bit set: then a guessed digit is at most two too large.
            var shift = (int)uint.LeadingZeroCount(v[n - 1]);
            DigitsOf(divisor << shift, v);
            Span<uint> u = stackalloc uint[(2 * Digits) + 1];
            u[2 * Digits] = shift == 0 ? 0 : (uint)(high >> (128 - shift));
            DigitsOf(shift == 0 ? high : (high << shift) | (low >> (128 - shift)), u[Digits..]);
            DigitsOf(low << shift, u);

            var quotient = UInt128.Zero;
            for (var j = (2 * Digits) - n; j >= 0; j--)
                quotient = (quotient << 32) | NextDigit(u.Slice(j, n + 1), v[..n]);
            return quotient;
        }
    }

    private static uint NextDigit(Span<uint> u, Span<uint> v)
    {
        unchecked
        {
            var n = v.Length;
            var first = ((ulong)u[n] << 32) | u[n - 1];
            var (guess, rest) = (first / v[n - 1], first % v[n - 1]);
            while (guess > uint.MaxValue || guess * v[n - 2] > ((rest << 32) | u[n - 2]))
            {
                guess--;
                rest += v[n - 1];
                if (rest > uint.MaxValue)
                    break;
            }

            // Take guess·v away; where that was one too many, give one v back.
            ulong carry = 0;
            long borrow = 0;
            for (var i = 0; i < n; i++)
            {
                var product = (guess * v[i]) + carry;
                carry = product >> 32;
                var difference = u[i] - (long)(uint)product + borrow;
                u[i] = (uint)difference;
                borrow = difference >> 32;
            }

            var top = u[n] - (long)carry + borrow;
            u[n] = (uint)top;
            if (top >= 0)
                return (uint)guess;
            ulong sum = 0;
            for (var i = 0; i < n; i++)
            {
                sum = (ulong)u[i] + v[i] + (sum >> 32);
                u[i] = (uint)sum;
            }

            u[n] += (uint)(sum >> 32);
            return (uint)(guess - 1);
        }
    }

    private static UInt128 ByOneDigit(UInt128 high, UInt128 low, uint divisor)
    {
        Span<uint> u = stackalloc uint[2 * Digits];
        DigitsOf(high, u[Digits..]);
        DigitsOf(low, u);
        var (quotient, rest) = (UInt128.Zero, 0UL);
        for (var i = (2 * Digits) - 1; i >= 0; i--)
        {
            var part = (rest << 32) | u[i];
            rest = part % divisor;
            quotient = unchecked((quotient << 32) | (part / divisor));
        }

        return quotient;
    }

    /// <summary>Least significant first; returns how many there are without leading zeros.</summary>
    private static int DigitsOf(UInt128 number, Span<uint> digits)
    {
        var count = 0;
        for (var i = 0; i < Digits; i++)
        {
            digits[i] = unchecked((uint)(number >> (32 * i)));
            if (digits[i] != 0)
                count = i + 1;
        }

        return count;
    }
}

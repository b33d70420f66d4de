using System.Numerics;

namespace Grants.Domain.Ballots.Systems;

/// <summary>Square roots of integers.</summary>
internal static class SquareRoot
{
    /// <summary>
    /// ⌊√n⌋ for n of at least zero: a root of one bit, refined with twice as many bits in each step, as by CPython's
    /// <c>math.isqrt</c> (Modules/mathmodule.c).
    /// </summary>
    public static BigInteger Floor(BigInteger n)
    {
        if (n.IsZero)
            return BigInteger.Zero;
        var half = (int)((n.GetBitLength() - 1) / 2);
        var (root, bits) = (BigInteger.One, 0);
        for (var step = 31 - BitOperations.LeadingZeroCount((uint)half); step >= 0; step--)
        {
            var before = bits;
            bits = half >> step;
            root = (root << (bits - before - 1)) + ((n >> ((2 * half) - before - bits + 1)) / root);
        }

        return root * root > n ? root - 1 : root;
    }
}

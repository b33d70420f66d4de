using System.Numerics;
using System.Text;
using Grants.Primitives;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Values drawn at random, with a liking for the ends of ranges.</summary>
internal static class Draw
{
    private static readonly int[] Characters =
    [
        0x00, 0x0a, 0x22, 0x5c, 0x7f, 0x80, 0xe9, 0x3b1, 0x7ff, 0x800, 0x2028, 0x4e2d, 0xd7ff, 0xe000, 0xfeff, 0xfffd, 0xffff,
        0x10000, 0x1f600, 0x10ffff,
    ];

    public static bool Chance(this Random random, int oneIn) => random.Next(oneIn) == 0;

    public static T Pick<T>(this Random random, params ReadOnlySpan<T> choices) => choices[random.Next(choices.Length)];

    public static byte[] Bytes(this Random random, int length)
    {
        var bytes = new byte[length];
        if (!random.Chance(8))
            random.NextBytes(bytes);
        else if (random.Chance(2))
            bytes.AsSpan().Fill(0xff);
        return bytes;
    }

    public static BigInteger Unsigned(this Random random, int bits) => random.Next(8) switch
    {
        0 => random.Next(3),
        1 => (BigInteger.One << bits) - 1 - random.Next(3),
        2 => BigInteger.One << random.Next(bits),
        3 => new BigInteger(random.Bytes(bits / 8), isUnsigned: true) >> random.Next(bits),
        _ => new BigInteger(random.Bytes(bits / 8), isUnsigned: true),
    };

    public static BigInteger Signed(this Random random, int bits) => random.Unsigned(bits) - (BigInteger.One << (bits - 1));

    public static UInt256 Amount(this Random random, int bits = 256) => new(random.Unsigned(bits));

    public static long Long(this Random random, int bits) => (long)random.Unsigned(bits);

    public static Address Account(this Random random) => new(random.Bytes(Address.Length));

    public static string Hexadecimal(this Random random, int length) => Hex.Format(random.Bytes(length));

    public static string Text(this Random random, int most = 70)
    {
        var text = new StringBuilder();
        for (var left = random.Next(most); left > 0; left--)
        {
            var rune = random.Chance(4) ? random.Pick<int>(Characters) : random.Next(0x20, 0x7f);
            text.Append(new Rune(rune));
        }

        return text.ToString();
    }
}

using System.Numerics;
using System.Text.Json;
using CsCheck;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class UInt256Tests
{
    private const string Largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

    private static readonly BigInteger Ceiling = BigInteger.One << 256;

    /// <summary>Numbers of all lengths, the borders included.</summary>
    internal static readonly Gen<UInt256> Numbers = Gen.OneOf(
        Gen.Byte.Array[0, 32].Select(bytes => UInt256.FromBytes(bytes)),
        Gen.ULong.Select(number => (UInt256)number),
        Gen.OneOf(UInt256.Zero, UInt256.One, UInt256.MaxValue, UInt256.MaxValue - UInt256.One));

    /// <summary>Numbers of at most 128 bits.</summary>
    private static readonly Gen<UInt256> Halves = Gen
        .OneOf(Gen.OneOf(0u, 1u, 0x7fff_ffffu, 0x8000_0000u, uint.MaxValue), Gen.UInt).Array[1, 4]
        .Select(digits => new UInt256(digits.Aggregate(BigInteger.Zero, (sum, digit) => (sum << 32) | digit)));

    [Fact]
    public void arithmetic_is_that_of_integers_or_overflows() => Gen.Select(Numbers, Numbers).ForAll(
        (a, b) =>
        {
            var (x, y) = (a.ToBigInteger(), b.ToBigInteger());
            Agrees(() => a + b, x + y);
            Agrees(() => a - b, x - y);
            Agrees(() => a * b, x * y);
            if (b.IsZero)
            {
                Assert.Throws<DivideByZeroException>(() => a / b);
                Assert.Throws<DivideByZeroException>(() => a % b);
                return;
            }

            Agrees(() => a / b, x / y);
            Agrees(() => a % b, x % y);
            Assert.Equal(x >= y ? x - y : 0, UInt256.SubtractToZero(a, b).ToBigInteger());
            Assert.Equal(Math.Sign(x.CompareTo(y)), Math.Sign(a.CompareTo(b)));
            Assert.Equal((a < b, a <= b, a == b), (x < y, x <= y, x == y));
        });

    [Fact]
    public void a_product_may_exceed_the_range_before_it_is_divided() => Gen.Select(Numbers, Numbers, Numbers).ForAll(
        (a, b, c) =>
        {
            if (c.IsZero)
                Assert.Throws<DivideByZeroException>(() => UInt256.MulDiv(a, b, c));
            else
                Agrees(() => UInt256.MulDiv(a, b, c), a.ToBigInteger() * b.ToBigInteger() / c.ToBigInteger());
        });

    // Halves of digits at their borders: where a guessed digit of the quotient is one or two too large.
    [Fact]
    public void a_long_division_is_that_of_integers() => Gen.Select(Halves, Halves, Halves).ForAll(
        (a, b, c) =>
        {
            if (!c.IsZero)
                Agrees(() => UInt256.MulDiv(a, b, c), a.ToBigInteger() * b.ToBigInteger() / c.ToBigInteger());
        });

    [Fact]
    public void text_bytes_and_json_come_back() => Numbers.ForAll(
        number =>
        {
            Assert.Equal(number, UInt256.Parse(number.ToString()));
            Assert.Equal(number, UInt256.FromBytes(number.ToBytes()));
            Assert.Equal(32, number.ToBytes().Length);
            var json = JsonSerializer.Serialize(number);
            Assert.Equal($"\"{number}\"", json);
            Assert.Equal(number, JsonSerializer.Deserialize<UInt256>(json));
        });

    [Theory]
    [InlineData("0")]
    [InlineData("1")]
    [InlineData(Largest)]
    public void whole_numbers_are_read(string text) => Assert.Equal(text, UInt256.Parse(text).ToString());

    [Theory]
    [InlineData("115792089237316195423570985008687907853269984665640564039457584007913129639936")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("01")]
    [InlineData("00")]
    [InlineData("1e18")]
    [InlineData("1.0")]
    [InlineData("0x10")]
    [InlineData("1_000")]
    [InlineData("１２")]
    [InlineData(" 1")]
    [InlineData("1 ")]
    [InlineData("")]
    [InlineData(null)]
    public void other_text_is_refused(string? text)
    {
        Assert.False(UInt256.TryParse(text, out _));
        Assert.Throws<FormatException>(() => UInt256.Parse(text!));
    }

    [Fact]
    public void endless_digits_are_refused() => Assert.False(UInt256.TryParse(new string('9', 1_000_000), out _));

    [Fact]
    public void numbers_in_json_are_refused() =>
        Assert.ThrowsAny<Exception>(() => JsonSerializer.Deserialize<UInt256>("100000000000000000000"));

    [Fact]
    public void conversions_that_do_not_fit_throw()
    {
        Assert.Throws<OverflowException>(() => (ulong)UInt256.MaxValue);
        Assert.Throws<OverflowException>(() => (long)(UInt256)ulong.MaxValue);
        Assert.Throws<OverflowException>(() => (UInt256)(-1L));
        Assert.Throws<OverflowException>(() => new UInt256(Ceiling));
        Assert.Equal(long.MaxValue, (long)(UInt256)(ulong)long.MaxValue);
    }

    private static void Agrees(Func<UInt256> operation, BigInteger expected)
    {
        if (expected.Sign < 0 || expected >= Ceiling)
            Assert.Throws<OverflowException>(() => operation());
        else
            Assert.Equal(expected, operation().ToBigInteger());
    }
}

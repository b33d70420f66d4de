using System.Numerics;
using CsCheck;
using Grants.Domain.Ballots.Systems;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Systems;

public sealed class QuadraticTests
{
    private const string System = "quadratic@1";
    private const string A = "{\"1\":1}";
    private const string B = "{\"2\":1}";

    [Fact]
    public void many_small_voices_outweigh_a_large_one()
    {
        // Roots 4 and 1 + 1 + 1 + 1 + 1 = 5: squares 16 and 25, of 21 in all.
        var election = Enumerable.Range(0, 5).Aggregate(Election.Of(System, 2, (A, 16)), (cast, _) => cast.Cast(B, 1));
        Assert.Equal(["336/41", "525/41"], election.Scores);
        Assert.Equal(2, election.Count.Winner);
        Assert.Equal(
            "Each choice has the square of its sum of roots, as a part of all squares. The sums of roots, rounded down: a 4, b 5. "
            + "b has the most.",
            election.Count.Derivation.Explanation);
    }

    [Fact]
    public void a_power_is_split_before_its_root_is_drawn()
    {
        // Of 50, 18/50 and 32/50 are 18 and 32: roots 3√2 and 4√2, squares 18 and 32.
        var scores = Election.Of(System, 2, ("{\"1\":9,\"2\":16}", 25)).Scores;
        Assert.Equal(["9", "16"], scores);
    }

    [Fact]
    public void perfect_squares_are_exact_at_any_size()
    {
        var half = BigInteger.One << 120;
        var election = Election.OfLarge(System, 2, (A, new UInt256((half - 1) * (half - 1))), (B, new UInt256(half * half)));
        Assert.Equal([((half - 1) * (half - 1)).ToString(), (half * half).ToString()], election.Scores);
    }

    [Fact]
    public void a_root_is_rounded_down_to_64_binary_places()
    {
        var cell = Election.Of(System, 2, (A, 2)).Tally["1"];
        Assert.Equal(BigInteger.Parse("26087635650665564424"), cell); // ⌊√2 · 2^64⌋
    }

    [Fact]
    public void weights_of_one_proportion_count_alike() => Assert.Equal(
        Election.Of(System, 2, ("{\"1\":1,\"2\":2}", 7)).Tally, Election.Of(System, 2, ("{\"1\":500,\"2\":1000}", 7)).Tally);

    [Fact]
    public void a_square_root_is_the_largest_integer_whose_square_is_not_above() => Seeded.Check(
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[0, 420]),
        sample =>
        {
            var (seed, bits) = sample;
            var bytes = new byte[60];
            new Random(seed).NextBytes(bytes);
            var number = new BigInteger(bytes, isUnsigned: true) >> (480 - bits);
            foreach (var near in new[] { number, number * number, (number * number) + 1, BigInteger.Max(0, (number * number) - 1) })
            {
                var root = SquareRoot.Floor(near);
                Assert.True(root * root <= near && (root + 1) * (root + 1) > near, near.ToString());
            }
        },
        samples: 2_000);

    [Fact]
    public void small_square_roots_are_right()
    {
        for (var number = 0; number < 5_000; number++)
            Assert.Equal((int)Math.Sqrt(number), (int)SquareRoot.Floor(number));
    }
}

using CsCheck;
using Grants.Domain.Ballots;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots.Log;

public sealed class ConsistencyTests
{
    private const int SizeMax = 130;

    public static TheoryData<int> Sizes() => [.. Enumerable.Range(0, SizeMax + 1)];

    // The paths and roots are those of the reference tests of Certificate Transparency (RFC 6962).
    [Theory]
    [InlineData(1, 1)]
    [InlineData(
        1,
        8,
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4")]
    [InlineData(
        6,
        8,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(
        2,
        5,
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    [InlineData(
        6,
        7,
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    public void the_proofs_are_those_of_certificate_transparency(int from, int to, params string[] proof)
    {
        var made = BallotLog.ConsistencyProof(ALog.Reference.AsSpan(0, to), from);
        Assert.Equal(ALog.Hashes(proof), made);
        Assert.True(BallotLog.VerifyConsistency(
            from, to, made, BallotLog.Root(ALog.Reference.AsSpan(0, from)), BallotLog.Root(ALog.Reference.AsSpan(0, to))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void every_log_is_shown_to_be_the_beginning_of_every_later_one(int to)
    {
        for (var from = 0; from <= to; from++)
            Assert.True(BallotLog.VerifyConsistency(from, to, Proof(from, to), ALog.Root(from), ALog.Root(to)), $"{from} to {to}");
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void a_changed_proof_or_root_shows_nothing(int to)
    {
        for (var from = 0; from <= to; from++)
        {
            var (proof, older, newer) = (Proof(from, to), ALog.Root(from), ALog.Root(to));
            Assert.False(BallotLog.VerifyConsistency(from, to, proof, ALog.Flipped(older), newer));
            Assert.False(from > 0 && BallotLog.VerifyConsistency(from, to, proof, older, ALog.Flipped(newer)));
            Assert.False(BallotLog.VerifyConsistency(from, to, [.. proof, newer], older, newer));
            for (var step = 0; step < proof.Count; step++)
            {
                Hash32[] changed = [.. proof];
                changed[step] = ALog.Flipped(changed[step]);
                Assert.False(BallotLog.VerifyConsistency(from, to, changed, older, newer));
                Assert.False(BallotLog.VerifyConsistency(from, to, [.. proof.Take(step), .. proof.Skip(step + 1)], older, newer));
            }
        }
    }

    // The sizes themselves are signed with the roots; that a proof fits only its own is what holds them together.
    [Theory]
    [InlineData(7, 40)]
    [InlineData(33, 64)]
    [InlineData(64, 65)]
    public void a_log_that_forgot_a_leaf_is_not_consistent(int from, int to)
    {
        Hash32[] forgetful = [.. ALog.Leaves[..(from - 1)], .. ALog.Leaves[from..(to + 1)]];
        for (var size = 0; size <= to; size++)
        {
            var proof = BallotLog.ConsistencyProof(forgetful, size);
            Assert.False(BallotLog.VerifyConsistency(from, to, proof, ALog.Root(from), BallotLog.Root(forgetful)));
        }
    }

    [Theory]
    [InlineData(-1, 3)]
    [InlineData(4, 3)]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, 0)]
    public void sizes_that_no_log_had_are_answered_with_no(long from, long to) =>
        Assert.False(BallotLog.VerifyConsistency(from, to, [], ALog.Root(0), ALog.Root(0)));

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void a_size_that_the_log_never_had_has_no_proof(int from) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BallotLog.ConsistencyProof(ALog.Leaves.AsSpan(0, 3), from));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(long.MaxValue - 1)]
    public void a_proof_longer_than_any_log_is_not_followed(long from) => Assert.False(
        BallotLog.VerifyConsistency(from, long.MaxValue, new Hash32[1_000_000], Hash32.Zero, Hash32.Zero));

    [Fact]
    public void hostile_claims_are_answered_with_no() => Seeded.Check(
        Gen.Select(Gen.Long[-2, 200], Gen.Long[-2, 200], Gen.Int[0, 99].Array[0, 12]),
        sample =>
        {
            var (from, to, picks) = sample;
            Hash32[] proof = [.. picks.Select(pick => ALog.Leaves[pick])];
            Assert.False(BallotLog.VerifyConsistency(from, to, proof, ALog.Leaves[500], ALog.Leaves[501]));
        },
        samples: 2_000);

    private static IReadOnlyList<Hash32> Proof(int from, int to) => BallotLog.ConsistencyProof(ALog.Leaves.AsSpan(0, to), from);
}

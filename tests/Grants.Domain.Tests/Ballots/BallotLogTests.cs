using System.Security.Cryptography;
using System.Text.Json;
using CsCheck;
using Grants.Domain.Ballots;
using Grants.Domain.Tests.Programs;
using Grants.Domain.Tests.Vectors;
using Grants.Primitives;
using Xunit;

namespace Grants.Domain.Tests.Ballots;

public sealed class BallotLogTests
{
    // The leaves, roots and paths of the reference tests of Certificate Transparency (RFC 6962); their leaves count from 1.
    private static readonly Hash32[] Reference =
    [
        .. new[] { "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f" }
            .Select(data => new Hash32(SHA256.HashData([0, .. Convert.FromHexString(data)]))),
    ];

    private static readonly Hash32[] Leaves =
        [.. Enumerable.Range(0, 24).Select(index => BallotLog.Leaf(ABallot.Record(index, "1", 1, 1, index)))];

    private static readonly Gen<long> Numbers = Gen.OneOf(
        Gen.Long, Gen.Long[-2, 70], Gen.Const(long.MinValue), Gen.Const(long.MaxValue), Gen.Const(long.MaxValue - 1), Gen.Const(1L << 62));

    public static TheoryData<int> Sizes() => [.. Enumerable.Range(1, Leaves.Length)];

    [Theory]
    [InlineData(0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData(1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d")]
    [InlineData(2, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(3, "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77")]
    [InlineData(4, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(5, "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4")]
    [InlineData(6, "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef")]
    [InlineData(7, "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c")]
    [InlineData(8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")]
    public void the_roots_are_those_of_certificate_transparency(int size, string root) =>
        Assert.Equal(Hash32.Parse("0x" + root), BallotLog.Root(Reference.AsSpan(0, size)));

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
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7")]
    [InlineData(3, 3, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125")]
    [InlineData(
        2,
        5,
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b")]
    public void the_paths_are_those_of_certificate_transparency(int leaf, int size, params string[] path)
    {
        var proof = BallotLog.InclusionProof(Reference.AsSpan(0, size), leaf - 1);
        Assert.Equal(path.Select(hash => Hash32.Parse("0x" + hash)), proof);
        Assert.True(BallotLog.Verify(Reference[leaf - 1], leaf - 1, size, proof, BallotLog.Root(Reference.AsSpan(0, size))));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void every_leaf_of_every_log_is_proved_at_its_place_and_nowhere_else(int size)
    {
        var root = Root(size);
        for (var index = 0; index < size; index++)
        {
            var proof = Proof(index, size);
            for (var claimed = -1; claimed <= size; claimed++)
                Assert.Equal(claimed == index, BallotLog.Verify(Leaves[index], claimed, size, proof, root));
            for (var other = 0; other < size; other++)
                Assert.Equal(other == index, BallotLog.Verify(Leaves[other], index, size, proof, root));
        }
    }

    // The path of a leaf does not always tell the size of the log; whoever publishes the root publishes the size with it.
    [Theory]
    [MemberData(nameof(Sizes))]
    public void a_proof_holds_for_another_size_only_where_the_leaf_has_the_same_turns(int size)
    {
        for (var index = 0; index < size; index++)
        {
            for (var other = 0; other <= Leaves.Length; other++)
            {
                Assert.Equal(
                    index < other && Turns(index, size) == Turns(index, other),
                    BallotLog.Verify(Leaves[index], index, other, Proof(index, size), Root(size)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void a_changed_root_or_path_proves_nothing(int size)
    {
        for (var index = 0; index < size; index++)
        {
            var (leaf, root, proof) = (Leaves[index], Root(size), Proof(index, size));
            Assert.False(BallotLog.Verify(leaf, index, size, proof, Flipped(root)));
            Assert.False(BallotLog.Verify(Flipped(leaf), index, size, proof, root));
            Assert.False(BallotLog.Verify(leaf, index, size, [.. proof, root], root));
            Assert.False(BallotLog.Verify(leaf, index, size, [leaf, .. proof], root));
            for (var step = 0; step < proof.Count; step++)
            {
                Hash32[] changed = [.. proof];
                changed[step] = Flipped(changed[step]);
                Assert.False(BallotLog.Verify(leaf, index, size, changed, root));
                Assert.False(BallotLog.Verify(leaf, index, size, [.. proof.Take(step), .. proof.Skip(step + 1)], root));
            }
        }
    }

    [Fact]
    public void a_path_higher_than_the_log_leads_nowhere()
    {
        Assert.True(BallotLog.Verify(Leaves[1], 1, 2, [Leaves[0]], Root(2)));
        Assert.False(BallotLog.Verify(Leaves[1], 0, 1, [Leaves[0]], Root(2)));
    }

    [Fact]
    public void an_inner_node_is_no_leaf()
    {
        var proof = Proof(0, 4);
        var node = Root(2);
        Assert.True(BallotLog.Verify(Leaves[0], 0, 4, proof, Root(4)));
        Assert.False(BallotLog.Verify(node, 0, 4, [.. proof.Skip(1)], Root(4)));
    }

    [Fact]
    public void hostile_claims_are_answered_with_no() => Seeded.Check(
        Gen.Select(
            Numbers,
            Numbers,
            Gen.Int[0, Leaves.Length].Array[0, 80]),
        sample =>
        {
            var (index, size, picks) = sample;
            Hash32[] proof = [.. picks.Select(pick => pick == 0 ? Hash32.Zero : Leaves[pick - 1])];
            Assert.False(BallotLog.Verify(Leaves[0], index, size, proof, Hash32.Zero));
        },
        samples: 2_000);

    [Theory]
    [InlineData(0L, 0L)]
    [InlineData(0L, -1L)]
    [InlineData(-1L, 0L)]
    [InlineData(1L, 1L)]
    [InlineData(long.MinValue, long.MaxValue)]
    [InlineData(long.MaxValue, long.MaxValue)]
    public void there_is_no_leaf_outside_of_the_log(long index, long size) =>
        Assert.False(BallotLog.Verify(Leaves[0], index, size, [], Leaves[0]));

    [Theory]
    [InlineData(0L)]
    [InlineData(1L)]
    [InlineData(long.MaxValue - 1)]
    public void a_path_longer_than_any_log_is_not_followed(long index) =>
        Assert.False(BallotLog.Verify(Leaves[0], index, long.MaxValue, new Hash32[1_000_000], Hash32.Zero));

    [Theory]
    [InlineData(-1)]
    [InlineData(3)]
    public void a_leaf_that_does_not_exist_has_no_path(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => BallotLog.InclusionProof(Leaves.AsSpan(0, 3), index));

    [Fact]
    public void a_leaf_is_the_hash_of_the_ballot_as_anybody_writes_it() => Assert.All(
        VectorFile.Cases("published-hashes.json", "leaves"),
        golden => Assert.Equal(golden.Text("leaf"), BallotLog.Leaf(RecordOf(golden)).ToString()));

    [Fact]
    public void a_leaf_tells_apart_whatever_is_counted()
    {
        var record = RecordOf(VectorFile.Cases("published-hashes.json", "leaves")[0]);
        BallotRecord[] records =
        [
            record,
            record with { Index = 1 },
            record with { Ballot = record.Ballot with { Proposal = Hash32.Zero } },
            record with { Digest = Hash32.Zero },
            record with { Ballot = record.Ballot with { Voter = AProgram.Bo } },
            record with { Ballot = record.Ballot with { Choice = "2" } },
            record with { Ballot = record.Ballot with { Nonce = 7 } },
            record with { Power = 7 },
            record with { Signature = "0x" },
            record with { SignatureKind = SignatureKind.Erc1271 },
            record with { AcceptedAt = record.AcceptedAt.AddMilliseconds(1) },
        ];
        Assert.Equal(records.Length, records.Select(BallotLog.Leaf).Distinct().Count());
    }

    private static Hash32 Root(int size) => BallotLog.Root(Leaves.AsSpan(0, size));

    private static IReadOnlyList<Hash32> Proof(int index, int size) => BallotLog.InclusionProof(Leaves.AsSpan(0, size), index);

    private static Hash32 Flipped(Hash32 hash)
    {
        var bytes = hash.ToBytes();
        bytes[17] ^= 1;
        return new Hash32(bytes);
    }

    // Left or right at each level, from the leaf up, as RFC 6962 splits the log.
    private static string Turns(int index, int size)
    {
        if (size == 1)
            return "";
        var split = 1;
        while (split * 2 < size)
            split *= 2;
        return index < split ? Turns(index, split) + 'l' : Turns(index - split, size - split) + 'r';
    }

    private static BallotRecord RecordOf(JsonElement golden) => new(
        golden.GetProperty("index").GetInt64(),
        ABallot.ForIt with
        {
            Proposal = Hash32.Parse(golden.Text("vote")),
            Voter = Address.Parse(golden.Text("voter")),
            Choice = golden.Text("choice"),
            Nonce = UInt256.Parse(golden.Text("nonce")),
        },
        UInt256.Parse(golden.Text("power")),
        golden.Text("signature"),
        golden.Text("kind") == "ECDSA" ? SignatureKind.Ecdsa : SignatureKind.Erc1271,
        Hash32.Parse(golden.Text("digest")),
        DateTimeOffset.FromUnixTimeMilliseconds(golden.GetProperty("acceptedAt").GetInt64()));
}

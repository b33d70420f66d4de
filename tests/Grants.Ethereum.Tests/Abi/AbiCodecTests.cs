using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests;

public sealed class AbiCodecTests
{
    [Fact]
    public void another_implementation_encodes_alike()
    {
        foreach (var (types, values, encoded) in Vectors())
        {
            Assert.Equal(Hex.Format(encoded), Hex.Format(AbiCodec.Encode(types, values)));
            Assert.Equal(values, AbiCodec.Decode(types, encoded));
        }
    }

    [Fact]
    public void data_that_is_cut_off_anywhere_is_refused()
    {
        foreach (var (types, _, encoded) in Vectors())
        {
            for (var length = 0; length < encoded.Length; length++)
                Assert.Throws<AbiException>(() => AbiCodec.Decode(types, encoded.AsSpan(0, length)));
        }
    }

    [Fact]
    public void data_with_a_changed_byte_is_refused_or_holds_values_that_can_be_encoded()
    {
        var (refused, held) = (0, 0);
        foreach (var (types, _, encoded) in Vectors())
        {
            for (var at = 0; at < encoded.Length; at++)
            {
                var changed = encoded.ToArray();
                changed[at] ^= 0x81;
                try
                {
                    AbiCodec.Encode(types, AbiCodec.Decode(types, changed));
                    held++;
                }
                catch (AbiException)
                {
                    refused++;
                }
            }
        }

        Assert.True(refused > 1000 && held > 1000, $"{refused} refused, {held} held");
    }

    [Theory]
    [InlineData("bytes", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("bytes", "7fffffff")]
    [InlineData("string", "7fffffe0")]
    [InlineData("uint256[]", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("uint256[]", "7fffffff")]
    [InlineData("string[]", "3fffffff")]
    [InlineData("bool[32768][]", "100")]
    [InlineData("uint256[]", "2")]
    public void a_length_beyond_the_data_is_refused_without_allocation(string type, string length)
    {
        var types = new[] { AbiType.Parse(type) };
        var data = AbiValue.Words("20", length, "1");
        Assert.Throws<AbiException>(() => AbiCodec.Decode(types, data));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<AbiException>(() => AbiCodec.Decode(types, data));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe0")]
    [InlineData("80000000")]
    [InlineData("7fffffff")]
    [InlineData("0")]
    [InlineData("60")]
    [InlineData("41")]
    public void an_offset_outside_the_data_or_to_itself_is_refused(string offset) =>
        Assert.Throws<AbiException>(() => AbiCodec.Decode([AbiType.Parse("bytes")], AbiValue.Words(offset, "20", "1")));

    [Fact]
    public void offsets_that_share_their_target_do_not_multiply_the_values()
    {
        // Eight levels of a hundred offsets that all lead to the next level would be 10^16 values.
        const int Levels = 8, Fan = 100;
        var words = new List<string> { "20" };
        for (var level = 0; level < Levels; level++)
        {
            words.Add($"{Fan:x}");
            words.AddRange(Enumerable.Repeat($"{Fan * 32:x}", Fan));
        }

        words.Add("0");
        var type = AbiType.Parse("bytes" + string.Concat(Enumerable.Repeat("[]", Levels)));
        Assert.Throws<AbiException>(() => AbiCodec.Decode([type], AbiValue.Words([.. words])));
    }

    [Theory]
    [InlineData("uint8", "100")]
    [InlineData("uint248", "ff00000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("int8", "80")]
    [InlineData("int8", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")]
    [InlineData("bool", "2")]
    [InlineData("bool", "8000000000000000000000000000000000000000000000000000000000000001")]
    [InlineData("address", "010000000000000000000000000000000000000000")]
    [InlineData("bytes4", "1")]
    [InlineData("uint8[1]", "100")]
    [InlineData("(bool)", "2")]
    public void bits_that_the_type_does_not_have_are_refused(string type, string word) =>
        Assert.Throws<AbiException>(() => AbiCodec.Decode([AbiType.Parse(type)], AbiValue.Words(word)));

    [Fact]
    public void the_borders_of_integers_are_kept()
    {
        for (var bits = 8; bits <= 256; bits += 8)
        {
            var (unsigned, signed) = (AbiType.Parse($"uint{bits}"), AbiType.Parse($"int{bits}"));
            var (ceiling, half) = (BigInteger.One << bits, BigInteger.One << (bits - 1));
            foreach (var number in new[] { BigInteger.Zero, BigInteger.One, ceiling - 1 })
                Assert.Equal([new UInt256(number)], AbiCodec.Decode([unsigned], AbiCodec.Encode([unsigned], number)));
            foreach (var number in new[] { -half, BigInteger.MinusOne, BigInteger.Zero, half - 1 })
                Assert.Equal([number], AbiCodec.Decode([signed], AbiCodec.Encode([signed], number)));
            Assert.Throws<AbiException>(() => AbiCodec.Encode([unsigned], ceiling));
            Assert.Throws<AbiException>(() => AbiCodec.Encode([unsigned], BigInteger.MinusOne));
            Assert.Throws<AbiException>(() => AbiCodec.Encode([signed], half));
            Assert.Throws<AbiException>(() => AbiCodec.Encode([signed], -half - 1));
        }
    }

    [Fact]
    public void plain_integers_and_lists_are_taken()
    {
        var types = new[] { AbiType.Parse("uint64"), AbiType.Parse("int64"), AbiType.Parse("address[]") };
        var same = AbiCodec.Encode(types, (UInt256)7UL, new BigInteger(-7), new object[] { Address.Zero });
        Assert.Equal(same, AbiCodec.Encode(types, 7, -7, new[] { Address.Zero }));
        Assert.Equal(same, AbiCodec.Encode(types, 7L, -7L, new List<Address> { Address.Zero }));
        Assert.Equal(same, AbiCodec.Encode(types, 7UL, -7L, new List<Address> { Address.Zero }));
    }

    public static TheoryData<string, object?> Misfits() => new()
    {
        { "uint256", "1" },
        { "uint256", 1.0 },
        { "uint256", -1 },
        { "uint8", 256 },
        { "bool", 1 },
        { "address", "0x0000000000000000000000000000000000000000" },
        { "address", null },
        { "bytes4", new byte[3] },
        { "bytes32", new byte[31] },
        { "bytes", "0x00" },
        { "string", new byte[1] },
        { "string", "half of a pair \ud800" },
        { "string[]", new object?[] { null } },
        { "uint8[2]", new object[] { 1 } },
        { "(uint8,bool)", new object[] { 1 } },
        { "uint8[]", 1 },
    };

    [Theory]
    [MemberData(nameof(Misfits))]
    public void a_value_of_another_kind_is_refused(string type, object? value) =>
        Assert.Throws<AbiException>(() => AbiCodec.Encode([AbiType.Parse(type)], [value!]));

    [Fact]
    public void another_number_of_values_is_refused() =>
        Assert.Throws<AbiException>(() => AbiCodec.Encode([AbiType.Parse("bool")], true, true));

    [Fact]
    public void text_that_is_not_utf_8_does_not_hide_its_neighbours()
    {
        var types = new[] { AbiType.Parse("string"), AbiType.Parse("uint8") };
        var data = AbiValue.Words("40", "7", "2", "ff41".PadRight(64, '0'));
        Assert.Equal(["\ufffdA", (UInt256)7UL], AbiCodec.Decode(types, data));
    }

    private static IEnumerable<(AbiType[] Types, object[] Values, byte[] Encoded)> Vectors()
    {
        foreach (var vector in VectorFile.Cases("abi.json"))
        {
            var types = vector.GetProperty("types").EnumerateArray().Select(type => AbiType.Parse(type.GetString()!)).ToArray();
            var values = vector.GetProperty("values").EnumerateArray().Select((value, i) => AbiValue.Read(types[i], value)).ToArray();
            yield return (types, values, Hex.Parse(vector.Text("encoded")));
        }
    }
}

using Grants.Ethereum.Abi;
using Grants.Primitives;
using Xunit;

namespace Grants.Ethereum.Tests.Oracles;

public sealed class AbiDifferentialTests
{
    [Fact]
    public Task viem_and_ethers_encode_alike() => Oracle.CompareAsync(
        AbiDraw.Case,
        drawn => new { ask = "abiEncode", types = Names(drawn.Types), values = AbiDraw.Json(drawn.Values) },
        (drawn, answer) => answer.MustBe(Hex.Format(AbiCodec.Encode(drawn.Types, drawn.Values)), "viem", "ethers"));

    [Fact]
    public Task viem_and_ethers_decode_alike() => Oracle.CompareAsync(
        AbiDraw.Case,
        drawn => Decode(drawn.Types, AbiCodec.Encode(drawn.Types, drawn.Values)),
        (drawn, answer) =>
        {
            var decoded = AbiCodec.Decode(drawn.Types, AbiCodec.Encode(drawn.Types, drawn.Values));
            Assert.Equal(drawn.Values, decoded);
            answer.MustBe(Oracle.Json(AbiDraw.Json(decoded)), "ethers");
            answer.MustBe(Oracle.Json(AbiDraw.Json(WithoutMarks(decoded))), "viem");
        });

    /// <summary>We refuse more: words with bits outside their type, and offsets that go back into the heads.</summary>
    [Fact]
    public async Task what_is_accepted_of_changed_data_means_the_same_to_viem_and_ethers()
    {
        var (accepted, refused) = (0, 0);
        await Oracle.CompareAsync(
            Changed,
            drawn => Decode(drawn.Types, drawn.Data),
            (drawn, answer) =>
            {
                object[] decoded;
                try
                {
                    decoded = AbiCodec.Decode(drawn.Types, drawn.Data);
                }
                catch (AbiException)
                {
                    refused++;
                    return;
                }

                accepted++;
                answer.MustBe(Oracle.Json(AbiDraw.Json(WithoutMarks(decoded))), "viem");
                if (!(HasReplacement(decoded) && answer.IsRefusal("ethers")))
                    answer.MustBe(Oracle.Json(AbiDraw.Json(decoded)), "ethers");
            });
        Assert.True(accepted > 0 && refused > 0, $"{accepted} accepted, {refused} refused.");
    }

    private static (AbiType[] Types, byte[] Data) Changed(Random random)
    {
        var (types, values) = AbiDraw.Case(random);
        var data = AbiCodec.Encode(types, values);
        var at = random.Next(data.Length);
        switch (random.Next(4))
        {
            case 0:
                data[at] ^= (byte)random.Next(1, 256);
                break;
            case 1:
                data[at | 31] = (byte)(32 * random.Next(8));
                break;
            case 2:
                var (from, to) = (random.Next(data.Length / 32) * 32, at / 32 * 32);
                data.AsSpan(from, 32).CopyTo(data.AsSpan(to));
                break;
            default:
                data = data[..(at / 32 * 32)];
                break;
        }

        return (types, data);
    }

    private static object Decode(AbiType[] types, byte[] data) => new { ask = "abiDecode", types = Names(types), data = Hex.Format(data) };

    private static string[] Names(AbiType[] types) => [.. types.Select(type => type.Name)];

    /// <summary>ethers refuses bytes that are not UTF-8; we and viem read the character for what can't be read.</summary>
    private static bool HasReplacement(object value) =>
        value is string text ? text.Contains('\ufffd', StringComparison.Ordinal) : value is object[] items && items.Any(HasReplacement);

    /// <summary>viem decodes text as a browser does, without the mark of byte order at its start.</summary>
    private static object WithoutMarks(object value) => value switch
    {
        string text when text.StartsWith('\ufeff') => text[1..],
        object[] items => items.Select(WithoutMarks).ToArray(),
        _ => value,
    };
}

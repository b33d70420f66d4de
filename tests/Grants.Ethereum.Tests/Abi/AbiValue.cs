using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Tests;

/// <summary>Values of vector files as the codec takes them.</summary>
internal static class AbiValue
{
    public static object Read(AbiType type, JsonElement value) => type.Kind switch
    {
        AbiKind.UInt => UInt256.Parse(value.GetString()!),
        AbiKind.Int => BigInteger.Parse(value.GetString()!, CultureInfo.InvariantCulture),
        AbiKind.Address => Address.Parse(value.GetString()!),
        AbiKind.Bool => value.GetBoolean(),
        AbiKind.FixedBytes when type.Size == Hash32.Length => Hash32.Parse(value.GetString()!),
        AbiKind.FixedBytes or AbiKind.Bytes => Hex.Parse(value.GetString()!),
        AbiKind.String => value.GetString()!,
        AbiKind.Array => value.EnumerateArray().Select(item => Read(type.Element!, item)).ToArray(),
        _ => value.EnumerateArray().Select((item, i) => Read(type.Components[i].Type, item)).ToArray(),
    };

    /// <summary>Words of 32 bytes, each given as the hexadecimal digits of a number.</summary>
    public static byte[] Words(params string[] words) => Convert.FromHexString(string.Concat(words.Select(word => word.PadLeft(64, '0'))));
}

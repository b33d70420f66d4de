using System.Numerics;
using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.Tests.Oracles;

/// <summary>Types of the ABI and values of them, at random.</summary>
internal static class AbiDraw
{
    private const int Deepest = 3;
    private const int MostItems = 4;

    public static (AbiType[] Types, object[] Values) Case(Random random)
    {
        var types = Enumerable.Range(0, random.Next(1, 5)).Select(_ => AbiType.Parse(Type(random, Deepest))).ToArray();
        return (types, [.. types.Select(type => Value(random, type))]);
    }

    public static string Atom(Random random) => random.Next(7) switch
    {
        0 => $"uint{random.Next(1, 33) * 8}",
        1 => $"int{random.Next(1, 33) * 8}",
        2 => $"bytes{random.Next(1, 33)}",
        3 => "address",
        4 => "bool",
        5 => "bytes",
        _ => "string",
    };

    public static object Value(Random random, AbiType type) => type.Kind switch
    {
        AbiKind.UInt => random.Amount(type.Size),
        AbiKind.Int => random.Signed(type.Size),
        AbiKind.Address => random.Account(),
        AbiKind.Bool => random.Chance(2),
        AbiKind.FixedBytes when type.Size == Hash32.Length => new Hash32(random.Bytes(Hash32.Length)),
        AbiKind.FixedBytes => random.Bytes(type.Size),
        AbiKind.Bytes => random.Bytes(random.Next(100)),
        AbiKind.String => random.Text(),
        AbiKind.Array => Items(random, type),
        _ => type.Components.Select(component => Value(random, component.Type)).ToArray(),
    };

    /// <summary>The value as the oracle takes it.</summary>
    public static object Json(object value) => value switch
    {
        bool or string => value,
        byte[] bytes => Hex.Format(bytes),
        object[] items => items.Select(Json).ToArray(),
        BigInteger number => number.ToString(),
        _ => value.ToString()!,
    };

    private static string Type(Random random, int depth) => (depth == 0 ? 0 : random.Next(5)) switch
    {
        1 => Type(random, depth - 1) + "[]",
        2 => $"{Type(random, depth - 1)}[{random.Next(1, MostItems + 1)}]",
        3 => $"({string.Join(',', Enumerable.Range(0, random.Next(1, MostItems + 1)).Select(_ => Type(random, depth - 1)))})",
        _ => Atom(random),
    };

    private static object[] Items(Random random, AbiType array)
    {
        var count = array.Size == AbiType.AnyLength ? random.Next(MostItems + 1) : array.Size;
        return [.. Enumerable.Range(0, count).Select(_ => Value(random, array.Element!))];
    }
}

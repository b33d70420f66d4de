using System.Globalization;

namespace Grants.Ethereum.Abi;

/// <summary>The families of types in the contract ABI specification.</summary>
public enum AbiKind
{
    /// <summary>uint8 to uint256.</summary>
    UInt,

    /// <summary>int8 to int256, in two's complement.</summary>
    Int,

    /// <summary>The 20 bytes of an account.</summary>
    Address,

    /// <summary>True or false.</summary>
    Bool,

    /// <summary>bytes1 to bytes32, and the 24 bytes of an external function.</summary>
    FixedBytes,

    /// <summary>Any number of bytes.</summary>
    Bytes,

    /// <summary>Text in UTF-8.</summary>
    String,

    /// <summary>Elements of one type, as many as the type or the data says.</summary>
    Array,

    /// <summary>Components of any types, as of a struct, a call or a log.</summary>
    Tuple,
}

/// <summary>A parameter of a function, an event or an error, or a component of a tuple, in the contract ABI specification.</summary>
/// <param name="Name">May be empty.</param>
/// <param name="Type">The type of the values.</param>
/// <param name="Indexed">Whether an event has it among its topics.</param>
public sealed record AbiParameter(string Name, AbiType Type, bool Indexed = false);

/// <summary>
/// A type of the contract ABI specification. Every type takes at least one byte when encoded, so a decoder can check a
/// claimed number of elements against the data that is there.
/// </summary>
public sealed class AbiType
{
    /// <summary>The size of <see cref="AbiKind.Array"/> when its length is part of the data.</summary>
    public const int AnyLength = -1;

    private const int LargestHead = 1 << 20;

    private AbiType(AbiKind kind, int size, string name, AbiType? element, IReadOnlyList<AbiParameter> components)
    {
        (Kind, Size, Name, Element, Components) = (kind, size, name, element, components);
        IsDynamic = kind switch
        {
            AbiKind.Bytes or AbiKind.String => true,
            AbiKind.Array => size == AnyLength || element!.IsDynamic,
            _ => components.Any(component => component.Type.IsDynamic),
        };
        var heads = size == AnyLength ? 0 : SequenceSize(size);
        HeadSize = IsDynamic ? AbiWord.Length : heads;
    }

    /// <summary>The family that the type belongs to.</summary>
    public AbiKind Kind { get; }

    /// <summary>Bits of an integer, bytes of fixed bytes, elements of an array, components of a tuple; otherwise zero.</summary>
    public int Size { get; }

    /// <summary>The canonical name, as it enters a signature: <c>uint256</c>, <c>(bytes32,address)[]</c>.</summary>
    public string Name { get; }

    /// <summary>What an array is made of.</summary>
    public AbiType? Element { get; }

    /// <summary>What a tuple is made of.</summary>
    public IReadOnlyList<AbiParameter> Components { get; }

    /// <summary>Whether the head holds an offset to the value instead of the value.</summary>
    public bool IsDynamic { get; }

    /// <summary>Bytes that the type takes in the head of what contains it.</summary>
    public int HeadSize { get; }

    /// <summary>Whether the value is one word of 32 bytes.</summary>
    internal bool IsWord => Kind <= AbiKind.FixedBytes;

    /// <summary>Reads a type as Solidity writes it; tuples as <c>(uint256 a, address b)</c>.</summary>
    /// <exception cref="AbiException">Not a type of the ABI.</exception>
    public static AbiType Parse(string text) => AbiParser.ParseType(text);

    /// <inheritdoc/>
    public override string ToString() => Name;

    internal static AbiType Tuple(IReadOnlyList<AbiParameter> components) =>
        new(AbiKind.Tuple, components.Count, $"({string.Join(',', components.Select(c => c.Type.Name))})", null, components);

    internal static AbiType Array(AbiType element, int size) =>
        new(AbiKind.Array, size, size == AnyLength ? $"{element.Name}[]" : $"{element.Name}[{size}]", element, []);

    internal static AbiType Elementary(string name) => name switch
    {
        "address" => new(AbiKind.Address, 0, name, null, []),
        "bool" => new(AbiKind.Bool, 0, name, null, []),
        "bytes" => new(AbiKind.Bytes, 0, name, null, []),
        "string" => new(AbiKind.String, 0, name, null, []),
        "uint" => Elementary("uint256"),
        "int" => Elementary("int256"),
        "function" => new(AbiKind.FixedBytes, 24, name, null, []),
        _ when Suffix(name, "uint") is { } bits && bits <= 256 && bits % 8 == 0 => new(AbiKind.UInt, bits, name, null, []),
        _ when Suffix(name, "int") is { } bits && bits <= 256 && bits % 8 == 0 => new(AbiKind.Int, bits, name, null, []),
        _ when Suffix(name, "bytes") is { } bytes && bytes <= 32 => new(AbiKind.FixedBytes, bytes, name, null, []),
        _ => throw new AbiException($"'{name}' is not a type of the ABI."),
    };

    /// <summary>The type of the element or component at a position.</summary>
    internal AbiType At(int index) => Element ?? Components[index].Type;

    /// <summary>Bytes of the heads of so many elements, or of a tuple's components.</summary>
    internal int SequenceSize(int count)
    {
        var size = Kind switch
        {
            AbiKind.Array => (long)count * Element!.HeadSize,
            AbiKind.Tuple => Components.Sum(component => (long)component.Type.HeadSize),
            _ => AbiWord.Length,
        };
        return Size == AnyLength || size <= LargestHead
            ? checked((int)size)
            : throw new AbiException($"'{Name}' is too large.");
    }

    private static int? Suffix(string name, string prefix)
    {
        var digits = name.StartsWith(prefix, StringComparison.Ordinal) ? name.AsSpan(prefix.Length) : default;
        return digits.Length is > 0 and <= 3 && digits[0] != '0'
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }
}

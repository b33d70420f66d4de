using System.Collections;
using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>The struct types of one EIP-712 message, and hashing by them.</summary>
internal sealed class TypedDataTypes
{
    private const int Word = Hash32.Length;
    private const int DeepestNesting = 32;
    private const int MostTypes = 100;
    private const int LongestName = 128;

    private readonly Dictionary<string, Field[]> structs;
    private readonly Dictionary<string, Hash32> typeHashes = [];

    public TypedDataTypes(IReadOnlyDictionary<string, IReadOnlyList<TypedDataField>> types)
    {
        if (types.Count > MostTypes)
            throw new TypedDataException($"More than {MostTypes} types.");
        structs = types.ToDictionary(
            type => Identifier(type.Key),
            type => type.Value
                .Select(field => new Field(Identifier(field.Name), field.Type, Parse(field.Type, types.ContainsKey)))
                .ToArray());
        foreach (var (name, fields) in structs)
        {
            if (fields.DistinctBy(field => field.Name).Count() != fields.Length)
                throw new TypedDataException($"Type {name} has two members of one name.");
        }
    }

    /// <summary>The members of a struct type.</summary>
    public IReadOnlyList<Field> Fields(string name) =>
        structs.TryGetValue(name, out var fields) ? fields : throw new TypedDataException($"Type {name} is not described.");

    public string EncodeType(string primary)
    {
        var referred = new SortedSet<string>(StringComparer.Ordinal);
        Collect(primary, referred);
        referred.Remove(primary);
        return string.Concat(referred.Prepend(primary).Select(Description));
    }

    /// <summary>keccak256(typeHash ‖ encodeData(value)).</summary>
    public Hash32 HashStruct(string name, IReadOnlyDictionary<string, object> value, int depth = 0)
    {
        if (depth > DeepestNesting)
            throw new TypedDataException($"More than {DeepestNesting} levels of nesting.");
        var fields = Fields(name);
        var encoded = new byte[Word * (fields.Count + 1)];
        TypeHash(name).CopyTo(encoded);
        for (var i = 0; i < fields.Count; i++)
        {
            var field = fields[i];
            if (!value.TryGetValue(field.Name, out var member) || member is null)
                throw new TypedDataException($"Member {field.Name} of {name} is missing.");
            try
            {
                Encode(field.Type, member, encoded.AsSpan(Word * (i + 1), Word), depth);
            }
            catch (AbiException unfit)
            {
                throw new TypedDataException($"Member {field.Name} of {name}: {unfit.Message}", unfit);
            }
        }

        return value.Count == fields.Count
            ? Keccak256.Hash(encoded)
            : throw new TypedDataException($"A value of {name} has a member that the type has not.");
    }

    private void Encode(FieldType type, object value, Span<byte> word, int depth)
    {
        if (type.Element is not null)
            HashArray(type, value, depth).CopyTo(word);
        else if (type.Struct is not null)
            HashStruct(type.Struct, Struct(type, value), depth + 1).CopyTo(word);
        else if (type.Atom!.Kind == AbiKind.String)
            Keccak256.Hash(AbiWriter.Utf8(value as string ?? throw AbiWord.Unfit(type.Atom, value)), word);
        else if (type.Atom.Kind == AbiKind.Bytes)
            Keccak256.Hash(value as byte[] ?? throw AbiWord.Unfit(type.Atom, value), word);
        else
            AbiWord.Write(type.Atom, value, word);
    }

    private Hash32 HashArray(FieldType type, object value, int depth)
    {
        if (value is not IList items || (type.Length is { } length && length != items.Count))
            throw new AbiException($"Expected a list of type {type.Name}.");
        var encoded = new byte[Word * items.Count];
        for (var i = 0; i < items.Count; i++)
            Encode(type.Element!, items[i] ?? throw new AbiException("An element is missing."), encoded.AsSpan(Word * i, Word), depth + 1);
        return Keccak256.Hash(encoded);
    }

    private static IReadOnlyDictionary<string, object> Struct(FieldType type, object value) =>
        value as IReadOnlyDictionary<string, object> ?? throw new AbiException($"Expected the members of {type.Name}.");

    /// <summary>keccak256(encodeType(name)), kept once it is known.</summary>
    public Hash32 TypeHash(string name)
    {
        if (!typeHashes.TryGetValue(name, out var hash))
            typeHashes[name] = hash = Keccak256.Hash(EncodeType(name));
        return hash;
    }

    private void Collect(string name, SortedSet<string> found)
    {
        if (!found.Add(name))
            return;
        foreach (var field in Fields(name))
        {
            if (field.Type.Innermost.Struct is { } referred)
                Collect(referred, found);
        }
    }

    private string Description(string name) =>
        $"{name}({string.Join(',', Fields(name).Select(field => $"{field.TypeName} {field.Name}"))})";

    private static FieldType Parse(string text, Func<string, bool> isStruct)
    {
        if (text.Length > LongestName)
            throw new TypedDataException($"The name of a type has more than {LongestName} characters.");
        if (isStruct(text))
            return new FieldType(text, Struct: text);
        try
        {
            var open = text.LastIndexOf('[');
            // The ABI's parser knows what may stand between brackets.
            var type = AbiType.Parse(open < 0 ? text : "bool" + text[open..]);
            if (open >= 0)
                return new FieldType(text, Parse(text[..open], isStruct), type.Size == AbiType.AnyLength ? null : type.Size);
            // The standard knows neither tuples nor the ABI's type of an external function.
            return type.Name == text && type.Kind != AbiKind.Tuple && text != "function"
                ? new FieldType(text, Atom: type)
                : throw new TypedDataException($"'{text}' is not the name of a type.");
        }
        catch (AbiException unknown)
        {
            throw new TypedDataException($"Type '{text}' is not described.", unknown);
        }
    }

    private static string Identifier(string name) =>
        name.Length is > 0 and <= LongestName
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$')
        && !char.IsAsciiDigit(name[0])
            ? name
            : throw new TypedDataException($"'{name}' is not a name.");

    /// <summary>A member with its type as written and as parsed.</summary>
    internal sealed record Field(string Name, string TypeName, FieldType Type);

    /// <summary>Exactly one of an array's element, a struct's name and an atomic or dynamic type of the ABI.</summary>
    internal sealed record FieldType(
        string Name, FieldType? Element = null, int? Length = null, string? Struct = null, AbiType? Atom = null)
    {
        public FieldType Innermost => Element?.Innermost ?? this;
    }
}

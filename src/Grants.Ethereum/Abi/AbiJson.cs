using System.Text.Json;

namespace Grants.Ethereum.Abi;

/// <summary>
/// Reads the JSON of the contract ABI specification. The document may be a stranger's: its length and depth are bounded, and a
/// name or a type that could make another signature than it shows is refused.
/// </summary>
internal static class AbiJson
{
    private const int LongestText = 4 * 1024 * 1024;
    private const string Tuple = "tuple";

    // A list, a declaration and its parameters, then a list and an object for each level.
    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = 4 + (2 * AbiParser.DeepestNesting),
        AllowDuplicateProperties = false,
    };

    public static ContractAbi Read(string text)
    {
        if (text.Length > LongestText)
            throw new AbiException($"The document has more than {LongestText} characters.");
        try
        {
            using var json = JsonDocument.Parse(text, Options);
            var declarations = json.RootElement.EnumerateArray().Select(Declaration).ToLookup(one => one.Kind, one => one.Declared);
            return new ContractAbi(
                [.. declarations["constructor"]], declarations["function"], declarations["event"], declarations["error"]);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            throw new AbiException($"The document is not the JSON of an ABI: {wrong.Message}");
        }
    }

    private static (string Kind, AbiDeclaration Declared) Declaration(JsonElement json)
    {
        var kind = Text(json, "type", "function");
        switch (kind)
        {
            case "function" or "event" or "error":
                return (kind, new AbiDeclaration(Name(json), Parameters(json, "inputs"), Parameters(json, "outputs", isOptional: true))
                {
                    IsAnonymous = kind == "event" && Flag(json, "anonymous"),
                });
            case "constructor":
                return (kind, new AbiDeclaration("", Parameters(json, "inputs"), AbiType.Tuple([])));
            case "fallback" or "receive":
                return (kind, new AbiDeclaration("", AbiType.Tuple([]), AbiType.Tuple([])));
            default:
                throw new AbiException($"A declaration is of the unknown type '{kind}'.");
        }
    }

    private static AbiType Parameters(JsonElement json, string member, bool isOptional = false, int depth = 0)
    {
        if (isOptional && !json.TryGetProperty(member, out _))
            return AbiType.Tuple([]);
        return AbiType.Tuple([.. json.GetProperty(member).EnumerateArray().Select(parameter => Parameter(parameter, depth + 1))]);
    }

    private static AbiParameter Parameter(JsonElement json, int depth)
    {
        if (depth > AbiParser.DeepestNesting)
            throw new AbiException($"More than {AbiParser.DeepestNesting} levels of nesting.");
        var name = Text(json, "name", "");
        if (name.Length > 0 && !IsName(name))
            throw new AbiException($"'{name}' is no name of a parameter.");
        return new AbiParameter(name, Type(json, depth), Flag(json, "indexed"));
    }

    private static AbiType Type(JsonElement json, int depth)
    {
        var text = Text(json, "type", null);
        if (!text.StartsWith(Tuple, StringComparison.Ordinal))
            return Canonical(AbiType.Parse(text), text.Replace("(", "", StringComparison.Ordinal));
        var tuple = Parameters(json, "components", depth: depth);
        return tuple.Size > 0
            ? Canonical(AbiParser.ParseArrays(tuple, text[Tuple.Length..], depth), tuple.Name + text[Tuple.Length..])
            : throw new AbiException("A tuple has no components.");
    }

    private static AbiType Canonical(AbiType type, string name) =>
        type.Name == name ? type : throw new AbiException($"'{name}' is not the canonical name of {type}.");

    private static string Name(JsonElement json) =>
        Text(json, "name", null) is var name && IsName(name) ? name : throw new AbiException($"'{name}' is no name of a declaration.");

    private static bool IsName(string text) =>
        text.Length > 0 && !char.IsAsciiDigit(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    private static string Text(JsonElement json, string member, string? absent) => json.TryGetProperty(member, out var value)
        ? value.GetString() ?? throw new AbiException($"The {member} of a declaration is null.")
        : absent ?? throw new AbiException($"A declaration has no {member}.");

    private static bool Flag(JsonElement json, string member) => json.TryGetProperty(member, out var value) && value.GetBoolean();
}

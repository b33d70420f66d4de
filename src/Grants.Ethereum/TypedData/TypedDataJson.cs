using System.Collections;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.Json;
using Grants.Ethereum.Abi;
using Grants.Primitives;

namespace Grants.Ethereum.TypedData;

/// <summary>Typed data as JSON.</summary>
internal static class TypedDataJson
{
    private const int LongestText = 1 << 20;
    private const long LargestExactNumber = (1L << 53) - 1;

    private static readonly JsonDocumentOptions ReadOptions = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static string Write(TypedData data, TypedDataTypes types)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteStartObject("types");
            WriteType(json, TypedDataDomain.TypeName, data.Domain.Fields);
            foreach (var (name, fields) in data.Types)
                WriteType(json, name, fields);
            json.WriteEndObject();
            json.WriteString("primaryType", data.PrimaryType);
            json.WriteStartObject("domain");
            foreach (var (field, value) in data.Domain.Members)
            {
                json.WritePropertyName(field.Name);
                if (value is long and <= LargestExactNumber)
                    json.WriteNumberValue((long)value);
                else
                    json.WriteStringValue(Text(value));
            }

            json.WriteEndObject();
            json.WritePropertyName("message");
            WriteStruct(json, types, data.PrimaryType, data.Message);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    public static TypedData Read(string text)
    {
        if (text.Length > LongestText)
            throw new TypedDataException($"More than {LongestText} characters.");
        try
        {
            using var json = JsonDocument.Parse(text, ReadOptions);
            var root = json.RootElement;
            var types = ReadTypes(root.GetProperty("types"));
            var domain = ReadDomain(root.GetProperty("domain"));
            if (types.Remove(TypedDataDomain.TypeName, out var domainFields) && !domainFields.SequenceEqual(domain.Fields))
                throw new TypedDataException("The domain's members are not those of its type, or not in the order of the standard.");
            var primaryType = Text(root.GetProperty("primaryType"));
            var message = ReadStruct(root.GetProperty("message"), new TypedDataTypes(types), primaryType);
            return new TypedData(domain, primaryType, types, message);
        }
        catch (Exception wrong) when (wrong is not TypedDataException
            && wrong is JsonException or FormatException or InvalidOperationException or KeyNotFoundException or OverflowException)
        {
            throw new TypedDataException($"Not typed data: {wrong.Message}", wrong);
        }
    }

    private static void WriteType(Utf8JsonWriter json, string name, IReadOnlyList<TypedDataField> fields)
    {
        json.WriteStartArray(name);
        foreach (var field in fields)
        {
            json.WriteStartObject();
            json.WriteString("name", field.Name);
            json.WriteString("type", field.Type);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteStruct(
        Utf8JsonWriter json, TypedDataTypes types, string name, IReadOnlyDictionary<string, object> value)
    {
        json.WriteStartObject();
        foreach (var field in types.Fields(name))
        {
            json.WritePropertyName(field.Name);
            WriteValue(json, types, field.Type, value[field.Name]);
        }

        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, TypedDataTypes types, TypedDataTypes.FieldType type, object value)
    {
        if (type.Element is not null)
        {
            json.WriteStartArray();
            foreach (var item in (IList)value)
                WriteValue(json, types, type.Element, item!);
            json.WriteEndArray();
        }
        else if (type.Struct is not null)
        {
            WriteStruct(json, types, type.Struct, (IReadOnlyDictionary<string, object>)value);
        }
        else if (value is bool flag)
        {
            json.WriteBooleanValue(flag);
        }
        else
        {
            json.WriteStringValue(Text(value));
        }
    }

    private static string Text(object value) =>
        value is byte[] bytes ? Hex.Format(bytes) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Text(JsonElement value) => value.GetString() ?? throw new FormatException("Expected text, found null.");

    private static Dictionary<string, IReadOnlyList<TypedDataField>> ReadTypes(JsonElement types) =>
        types.EnumerateObject().ToDictionary(
            type => type.Name,
            type => (IReadOnlyList<TypedDataField>)type.Value.EnumerateArray()
                .Select(field => new TypedDataField(Text(field.GetProperty("name")), Text(field.GetProperty("type"))))
                .ToArray());

    private static TypedDataDomain ReadDomain(JsonElement domain)
    {
        var (name, version, chainId, contract) = ((string?)null, (string?)null, (long?)null, (Address?)null);
        foreach (var member in domain.EnumerateObject())
        {
            switch (member.Name)
            {
                case "name":
                    name = Text(member.Value);
                    break;
                case "version":
                    version = Text(member.Value);
                    break;
                case "chainId":
                    chainId = (long)Integer(member.Value);
                    break;
                case "verifyingContract":
                    contract = Address.Parse(Text(member.Value));
                    break;
                default:
                    throw new TypedDataException($"The domain has a member '{member.Name}'.");
            }
        }

        return new TypedDataDomain(name, version, chainId, contract);
    }

    private static Dictionary<string, object> ReadStruct(JsonElement value, TypedDataTypes types, string name)
    {
        var fields = types.Fields(name);
        return value.EnumerateObject().ToDictionary(
            member => member.Name,
            member => fields.FirstOrDefault(field => field.Name == member.Name) is { } field
                ? ReadValue(member.Value, types, field.Type)
                : throw new TypedDataException($"A value of {name} has a member '{member.Name}' that the type has not."));
    }

    private static object ReadValue(JsonElement value, TypedDataTypes types, TypedDataTypes.FieldType type)
    {
        if (type.Element is { } element)
            return value.EnumerateArray().Select(item => ReadValue(item, types, element)).ToArray();
        if (type.Struct is not null)
            return ReadStruct(value, types, type.Struct);
        return type.Atom!.Kind switch
        {
            AbiKind.UInt => new UInt256(Integer(value)),
            AbiKind.Int => Integer(value),
            AbiKind.Bool => value.GetBoolean(),
            AbiKind.Address => Address.Parse(Text(value)),
            AbiKind.String => Text(value),
            AbiKind.FixedBytes when type.Atom.Size == Hash32.Length => Hash32.Parse(Text(value)),
            _ => Hex.Parse(Text(value)),
        };
    }

    /// <summary>A JSON integer, a decimal string or a hexadecimal string of at most 256 bits.</summary>
    private static BigInteger Integer(JsonElement value)
    {
        var text = value.ValueKind == JsonValueKind.Number ? value.GetRawText() : Text(value);
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return text.Length is > 2 and <= 66
                ? BigInteger.Parse("0" + text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
                : throw new FormatException("A hexadecimal integer has 1 to 64 digits.");
        }

        var magnitude = UInt256.Parse(text.StartsWith('-') ? text[1..] : text).ToBigInteger();
        return text.StartsWith('-') ? -magnitude : magnitude;
    }
}

using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Grants.Primitives;

namespace Grants.Domain.Ballots.Export;

/// <summary>A JSON value as it is written, letter by letter, so that its hash stays what it is.</summary>
[JsonConverter(typeof(ExactJsonConverter))]
public sealed record ExactJson(string Text)
{
    /// <summary>SHA-256 of the text in UTF-8.</summary>
    public Hash32 Hash() => new(SHA256.HashData(Encoding.UTF8.GetBytes(Text)));
}

/// <summary>Writes and reads the text without touching it.</summary>
public sealed class ExactJsonConverter : JsonConverter<ExactJson>
{
    public override ExactJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var value = JsonDocument.ParseValue(ref reader);
        return new ExactJson(value.RootElement.GetRawText());
    }

    public override void Write(Utf8JsonWriter writer, ExactJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Text);
}

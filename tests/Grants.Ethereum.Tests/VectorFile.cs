using System.Text.Json;

namespace Grants.Ethereum.Tests;

/// <summary>Cases that other implementations produced.</summary>
internal static class VectorFile
{
    public static JsonElement Read(string name)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, name)));
        return json.RootElement.Clone();
    }

    public static IReadOnlyList<JsonElement> Cases(string name)
    {
        var cases = Read($"Vectors/{name}").GetProperty("cases").EnumerateArray().ToArray();
        return cases.Length > 0 ? cases : throw new InvalidDataException($"{name} holds no cases.");
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}

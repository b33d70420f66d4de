using System.Text.Json;

namespace Grants.Domain.Tests.Vectors;

/// <summary>Cases that other implementations produced.</summary>
internal static class VectorFile
{
    public static IReadOnlyList<JsonElement> Cases(string name, string property = "cases")
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Vectors", name)));
        var cases = json.RootElement.GetProperty(property).EnumerateArray().Select(element => element.Clone()).ToArray();
        return cases.Length > 0 ? cases : throw new InvalidDataException($"{name} holds no {property}.");
    }

    public static string Text(this JsonElement element, string property) => element.GetProperty(property).GetString()!;
}

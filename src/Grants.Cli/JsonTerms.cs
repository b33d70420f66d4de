using System.Text.Json;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>The members of a JSON object; null and left out are the same, and a member that is there twice is refused.</summary>
internal sealed class JsonTerms
{
    private readonly Dictionary<string, JsonElement> members = [];
    private readonly string name;

    /// <param name="element">The object.</param>
    /// <param name="name">As an error calls it.</param>
    /// <exception cref="FormatException">Not an object, or a member twice.</exception>
    public JsonTerms(JsonElement element, string name)
    {
        this.name = name;
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("must be an object");
        foreach (var member in element.EnumerateObject())
        {
            if (!members.TryAdd(member.Name, member.Value))
                throw Wrong($"{member.Name} is there twice");
        }
    }

    public IEnumerable<string> Names => members.Keys;

    public FormatException Wrong(string problem) => new($"{name}: {problem}.");

    public JsonElement? Find(string member) =>
        members.TryGetValue(member, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public JsonTerms Object(string member) => new(Find(member) ?? throw Wrong($"{member} is missing"), member);

    public string Text(string member) => Find(member) is { ValueKind: JsonValueKind.String } text
        ? text.GetString()!
        : throw Wrong($"{member} must be a string");

    /// <summary>A whole number, as a number or as a text: the digits as they are written, which have passed through no double.</summary>
    public UInt256 Amount(string member) => Amount(Find(member) ?? throw Wrong($"{member} is missing"), member);

    /// <inheritdoc cref="Amount(string)" />
    public UInt256 Amount(JsonElement value, string member)
    {
        var digits = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return UInt256.TryParse(digits, out var amount)
            ? amount
            : throw Wrong($"{member} must be a whole number from 0 to 2^256 - 1, without sign, point or exponent");
    }
}

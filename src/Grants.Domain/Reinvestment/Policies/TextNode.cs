using System.Text;
using System.Text.Json;

namespace Grants.Domain.Reinvestment.Policies;

/// <summary>A value of a JSON text that knows where it stands.</summary>
/// <param name="Path">As <c>rules[0].window.seconds</c>; empty for the whole.</param>
/// <param name="Line">From 1.</param>
/// <param name="Text">What a string says, or the digits of a number.</param>
internal sealed record TextNode(string Path, int Line, JsonTokenType Type, string Text)
{
    private const int DeepestLevel = 16;

    public IReadOnlyDictionary<string, TextNode> Members { get; private init; } = new Dictionary<string, TextNode>();

    public IReadOnlyList<TextNode> Items { get; private init; } = [];

    /// <exception cref="JsonException">Not JSON, or a member is there twice; it knows the line, from 0.</exception>
    public static TextNode Parse(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DeepestLevel });
        reader.Read();
        var node = Read(ref reader, string.Empty, bytes);
        while (reader.Read())
        {
        }

        return node;
    }

    private static TextNode Read(ref Utf8JsonReader reader, string path, ReadOnlySpan<byte> bytes)
    {
        var line = LineAt(bytes, reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = new Dictionary<string, TextNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var at = LineAt(bytes, reader.TokenStartIndex);
                    var name = TextOf(reader, at);
                    reader.Read();
                    var member = Read(ref reader, path.Length == 0 ? name : $"{path}.{name}", bytes);
                    if (!members.TryAdd(name, member))
                        throw new JsonException($"{member.Path} is there twice.", member.Path, at - 1, null);
                }

                return new TextNode(path, line, JsonTokenType.StartObject, string.Empty) { Members = members };
            case JsonTokenType.StartArray:
                var items = new List<TextNode>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    items.Add(Read(ref reader, $"{path}[{items.Count}]", bytes));
                return new TextNode(path, line, JsonTokenType.StartArray, string.Empty) { Items = items };
            case JsonTokenType.String:
                return new TextNode(path, line, JsonTokenType.String, TextOf(reader, line));
            default:
                return new TextNode(path, line, reader.TokenType, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static string TextOf(Utf8JsonReader reader, int line)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException halfACharacter)
        {
            throw new JsonException("An escape stands for half a character.", null, line - 1, null, halfACharacter);
        }
    }

    private static int LineAt(ReadOnlySpan<byte> bytes, long index) => bytes[..(int)index].Count((byte)'\n') + 1;
}

using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Grants.Cli.Tests.Verify;

/// <summary>Random single changes of an export, each sealed again, each found.</summary>
public sealed class RandomTamperingTests
{
    private const int Changes = 200;

    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void each_of_many_random_changes_is_found(int seed)
    {
        var random = new Random(seed);
        var honest = AVote().Export();
        Assert.Empty(honest.Codes());
        for (var i = 0; i < Changes; i++)
        {
            var (change, tampered) = Tamper(honest, random);
            var tool = tampered.Verify();
            Assert.True(tool.ExitCode is 1 or 2, $"Change {i} of seed {seed} was not found: {change}");
        }
    }

    private static (string Change, ExportText Tampered) Tamper(ExportText honest, Random random)
    {
        var line = random.Next(honest.Lines.Count - 1);
        var other = (line + 1 + random.Next(honest.Lines.Count - 2)) % (honest.Lines.Count - 1);
        return random.Next(10) switch
        {
            0 => ($"line {line} left out", honest.Replace(line)),
            1 => ($"line {line} twice", honest.Replace(line, honest.Lines[line], honest.Lines[line])),
            2 => ($"lines {line} and {other} swapped", honest.Replace(line, honest.Lines[other]).Replace(other, honest.Lines[line])),
            3 => ($"line {line} in place of {other}", honest.Replace(other, honest.Lines[line])),
            4 => Cut(honest, line, random),
            _ => ChangeValue(honest, line, random),
        };
    }

    // A character less, or another one.
    private static (string, ExportText) Cut(ExportText honest, int line, Random random)
    {
        var text = honest.Lines[line];
        var place = random.Next(text.Length);
        var by = random.Next(2) == 0 ? "" : text[place] == 'a' ? "b" : "a";
        return ($"character {place} of line {line} by '{by}'", honest.Replace(line, text[..place] + by + text[(place + 1)..]));
    }

    private static (string, ExportText) ChangeValue(ExportText honest, int line, Random random)
    {
        var root = JsonNode.Parse(honest.Lines[line])!;
        var values = Values(root).ToList();
        var value = values[random.Next(values.Count)];
        var path = value.GetPath();
        value.ReplaceWith(Changed(value, random));
        return ($"{path} of line {line}", honest.Replace(line, root.ToJsonString(AsWritten)));
    }

    private static JsonValue Changed(JsonValue value, Random random) => value.GetValueKind() switch
    {
        JsonValueKind.True => JsonValue.Create(false),
        JsonValueKind.False => JsonValue.Create(true),
        JsonValueKind.Number => JsonValue.Create(value.GetValue<long>() + (random.Next(2) == 0 ? 1 : -1)),
        _ => JsonValue.Create(Changed(value.GetValue<string>(), random)),
    };

    private static string Changed(string text, Random random)
    {
        if (text.Length == 0)
            return "x";
        var place = random.Next(text.Length);
        var by = text[place] switch
        {
            >= '0' and < '9' => (char)(text[place] + 1),
            '9' => '0',
            >= 'a' and <= 'f' => random.Next(2) == 0 ? char.ToUpper(text[place], CultureInfo.InvariantCulture) : '0',
            _ => 'a',
        };
        return text[..place] + by + text[(place + 1)..];
    }

    private static IEnumerable<JsonValue> Values(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(member => Values(member.Value)),
        JsonArray items => items.SelectMany(Values),
        JsonValue value => [value],
        _ => [],
    };

    private static Election AVote() => new Election().Others(3).Cast(0, "1").Cast(1, "1").Others(1).Cast(2, "2").Cast(1, "2", 2).Others(7);
}

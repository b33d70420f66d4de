using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Domain.Ballots.Export;
using Grants.Primitives;

namespace Grants.Cli.Tests.Verify;

/// <summary>The lines of an export, to be changed and sealed again as a careful forger does.</summary>
internal sealed record ExportText(IReadOnlyList<string> Lines)
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ExportText Of(IEnumerable<ExportLine> lines) =>
        new ExportText([.. lines.Select(line => Encoding.UTF8.GetString(ExportFormat.Write(line))), ""]).Sealed();

    /// <summary>With the last line as it must be for the lines before it.</summary>
    public ExportText Sealed()
    {
        var before = string.Concat(Lines.SkipLast(1).Select(line => line + '\n'));
        var seal = new ExportSeal(new Hash32(SHA256.HashData(Encoding.UTF8.GetBytes(before))));
        return new ExportText([.. Lines.SkipLast(1), Encoding.UTF8.GetString(ExportFormat.Write(seal))]);
    }

    /// <summary>With a line changed, and sealed again.</summary>
    public ExportText With(int line, Action<JsonObject> change)
    {
        var json = JsonNode.Parse(Lines[line])!.AsObject();
        change(json);
        return Replace(line, json.ToJsonString(AsWritten));
    }

    /// <summary>With other lines in place of one, and sealed again.</summary>
    public ExportText Replace(int line, params string[] by) =>
        new ExportText([.. Lines.Take(line), .. by, .. Lines.Skip(line + 1)]).Sealed();

    /// <summary>The number of the first line of a type, counted from 0.</summary>
    public int First(string type) =>
        Lines.Index().First(line => line.Item.Contains($"{{\"type\":\"{type}\"", StringComparison.Ordinal)).Index;

    public string Save()
    {
        var file = Path.Combine(Directory.CreateTempSubdirectory("grants-verify-").FullName, "vote.ndjson");
        File.WriteAllText(file, string.Concat(Lines.Select(line => line + '\n')));
        return file;
    }

    /// <summary>Runs the verb on it.</summary>
    public Tool Verify(params string[] arguments)
    {
        var file = Save();
        try
        {
            return Tool.Run(["verify", file, .. arguments]);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);
        }
    }

    /// <summary>The codes of what is found, in order.</summary>
    public string[] Codes(params string[] arguments)
    {
        var tool = Verify(["--json", .. arguments]);
        using var report = JsonDocument.Parse(tool.Output);
        string[] codes =
            [.. report.RootElement.GetProperty("findings").EnumerateArray().Select(one => one.GetProperty("code").GetString()!)];
        Xunit.Assert.Equal((codes.Length == 0 ? 0 : 1, ""), (tool.ExitCode, tool.Error));
        return codes;
    }
}

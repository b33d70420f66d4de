using System.Text.Json;
using Grants.Primitives;

namespace Grants.Cli.Flows;

/// <summary>One line of a history of flows.</summary>
/// <param name="Id">A flow of an id that was there before is the same flow.</param>
/// <param name="At">Seconds.</param>
/// <param name="Kind">One of <see cref="Kinds"/>.</param>
/// <param name="Amount">Base units.</param>
/// <param name="Venue">Its name; null where the flow concerns none.</param>
/// <param name="Shares">Base units of the venue's shares.</param>
/// <param name="CountsFrom">Seconds from which on what went to somebody unknown is gone; null where at once.</param>
internal sealed record FlowLine(
    string Id, long At, string Kind, UInt256 Amount, string? Venue, UInt256 Shares, BasisPoints Weight, BasisPoints Cap,
    long? CountsFrom)
{
    /// <summary>The end of the year 9999: an instant in milliseconds is refused.</summary>
    public const long SecondsMax = 253_402_300_799;

    public const string Check = "CHECK";

    private const int LongestLine = 10_000;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 4 };

    private static readonly string[] Members = ["id", "t", "k", "a", "v", "sh", "w", "cap", "countsFrom"];

    private static readonly string[] Positions = ["OPEN", "CLOSE", "DEBT"];

    public static readonly string[] Kinds =
    [
        "RELEASE", "OWN_IN", "SALE", "BRIDGE", "CEX", "UNKNOWN", "GAS", "SPEND", "RETURN", .. Positions, Check,
    ];

    /// <exception cref="FormatException">No such flow.</exception>
    public static FlowLine Read(string line)
    {
        if (line.Length > LongestLine)
            throw new FormatException($"A flow has at most {LongestLine} characters.");
        using var document = Parse(line);
        var flow = new JsonTerms(document.RootElement, "The flow");
        if (flow.Names.Except(Members).FirstOrDefault() is { } other)
            throw flow.Wrong($"there is no \"{other}\"; there is {string.Join(", ", Members)}");
        var kind = flow.Text("k");
        if (!Kinds.Contains(kind))
            throw flow.Wrong($"k must be one of {string.Join(", ", Kinds)}");
        return new FlowLine(
            IdOf(flow),
            Seconds(flow, "t"),
            kind,
            kind == Check ? UInt256.Zero : flow.Amount("a"),
            Positions.Contains(kind) || flow.Find("v") is not null ? flow.Text("v") : null,
            kind is "OPEN" or "CLOSE" || flow.Find("sh") is not null ? flow.Amount("sh") : UInt256.Zero,
            Share(flow, "w"),
            Share(flow, "cap"),
            CountsFromOf(flow, kind));
    }

    private static JsonDocument Parse(string line)
    {
        try
        {
            return JsonDocument.Parse(line, Strict);
        }
        catch (JsonException wrong)
        {
            throw new FormatException("This is not JSON, or a member is there twice.", wrong);
        }
    }

    private static string IdOf(JsonTerms flow) => flow.Find("id") switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => throw flow.Wrong("id must be a number or a text"),
    };

    private static long Seconds(JsonTerms flow, string member) =>
        flow.Amount(member) is var seconds && seconds <= (ulong)SecondsMax
            ? (long)seconds
            : throw flow.Wrong($"{member} must be at most {SecondsMax} seconds");

    private static long? CountsFromOf(JsonTerms flow, string kind)
    {
        if (flow.Find("countsFrom") is null)
            return null;
        return kind == "UNKNOWN"
            ? Seconds(flow, "countsFrom")
            : throw flow.Wrong("countsFrom is of flows of the kind UNKNOWN alone");
    }

    private static BasisPoints Share(JsonTerms flow, string member)
    {
        if (flow.Find(member) is null)
            return new BasisPoints(BasisPoints.Whole);
        return flow.Amount(member) is var share && share <= BasisPoints.Whole
            ? new BasisPoints((int)(ulong)share)
            : throw flow.Wrong($"{member} must be 0 to {BasisPoints.Whole} basis points");
    }
}

using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grants.Domain.Ballots.Export;

/// <summary>
/// How an export is written. There is one way to write a line, and reading gives back nothing that was not written so: hashes in
/// lower case, addresses checksummed, amounts as decimal strings, members in the order of the records, no white space.
/// </summary>
public static class ExportFormat
{
    public const string Version = "grants-vote/1";

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        AllowDuplicateProperties = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        NumberHandling = JsonNumberHandling.Strict,
        PropertyNameCaseInsensitive = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };

    /// <summary>The line, without its line feed.</summary>
    public static byte[] Write(ExportLine line) => JsonSerializer.SerializeToUtf8Bytes(line, Options);

    public static ExactJson Write(VoteTerms terms) => new(JsonSerializer.Serialize(terms, Options));

    public static ExactJson Write(VotingOutcome outcome) => new(JsonSerializer.Serialize(outcome, Options));

    /// <summary>Reads a line.</summary>
    /// <exception cref="FormatException">It is no line of an export.</exception>
    public static ExportLine ReadLine(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize<ExportLine>(line, Options) ?? throw new FormatException("The line is null.");
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            throw new FormatException($"The line is no line of an export: {unreadable.Message}", unreadable);
        }
    }

    /// <summary>Reads the terms of a vote.</summary>
    /// <exception cref="FormatException">They are no terms, or their rules are none.</exception>
    public static VoteTerms ReadTerms(ExactJson json)
    {
        var terms = Read<VoteTerms>(json, "terms");
        return terms.Rules.Validate() is { } problem ? throw new FormatException($"The rules are none: {problem.Message}") : terms;
    }

    /// <summary>Reads an outcome.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static VotingOutcome ReadOutcome(ExactJson json) => Read<VotingOutcome>(json, "outcome");

    private static T Read<T>(ExactJson json, string what)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(json.Text, Options) ?? throw new FormatException($"There is no {what}.");
        }
        catch (Exception unreadable) when (IsUnreadable(unreadable))
        {
            throw new FormatException($"The {what} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static bool IsUnreadable(Exception wrong) =>
        wrong is JsonException or NotSupportedException or OverflowException or ArgumentException or InvalidOperationException;
}

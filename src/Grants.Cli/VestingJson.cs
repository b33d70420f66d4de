using System.Text.Json;
using Grants.Domain;
using Grants.Primitives;

namespace Grants.Cli;

/// <summary>
/// A vesting schedule as a file holds it. Whole numbers may be numbers or texts; what is optional may be left out or null. A name
/// that means nothing, or twice the same, is refused: it would be a term of which nobody takes notice.
/// </summary>
internal static class VestingJson
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly string[] Line =
        ["amount", "start", "cliff", "duration", "startUnlock", "cliffUnlock", "granularity", "mode"];

    /// <exception cref="FormatException">No JSON, another shape, or a schedule that contradicts itself.</exception>
    public static VestingCurve Read(string json)
    {
        using var document = Parse(json);
        var terms = document.RootElement;
        VestingCurve curve = terms.ValueKind == JsonValueKind.Object && terms.TryGetProperty("tranches", out var tranches)
            ? ReadTranches(terms, tranches)
            : ReadLine(terms);
        return curve.Validate() is { } wrong ? throw new FormatException(wrong.Message) : curve;
    }

    private static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, Strict);
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"This is not JSON: {wrong.Message}", wrong);
        }
    }

    private static LinearVesting ReadLine(JsonElement terms)
    {
        Check(terms, "The schedule", Line);
        return new LinearVesting(
            Amount(terms, "amount"),
            Seconds(terms, "start", 0),
            Seconds(terms, "cliff", 0),
            Seconds(terms, "duration"),
            Amount(terms, "startUnlock", 0),
            Amount(terms, "cliffUnlock", 0),
            Seconds(terms, "granularity", 1),
            Mode(terms));
    }

    private static TranchedVesting ReadTranches(JsonElement terms, JsonElement tranches)
    {
        Check(terms, "A schedule of tranches", ["tranches", "amount"]);
        if (tranches.ValueKind != JsonValueKind.Array)
            throw new FormatException("tranches must be an array.");
        var curve = new TranchedVesting([.. tranches.EnumerateArray().Select(ReadTranche)]);
        if (curve.Validate() is null && Amount(terms, "amount", curve.Amount) is var amount && amount != curve.Amount)
            throw new FormatException($"The tranches sum to {curve.Amount}, not to the amount, {amount}.");
        return curve;
    }

    private static VestingTranche ReadTranche(JsonElement tranche)
    {
        Check(tranche, "A tranche", ["at", "amount"]);
        return new VestingTranche(Seconds(tranche, "at"), Amount(tranche, "amount"));
    }

    private static void Check(JsonElement terms, string what, string[] names)
    {
        if (terms.ValueKind != JsonValueKind.Object)
            throw new FormatException($"{what} must be a JSON object.");
        foreach (var other in terms.EnumerateObject().Select(member => member.Name).Except(names))
            throw new FormatException($"{what} has no \"{other}\"; it has {string.Join(", ", names)}.");
    }

    private static CliffMode Mode(JsonElement terms) => Find(terms, "mode") switch
    {
        null => CliffMode.FromCliff,
        { ValueKind: JsonValueKind.String } mode when mode.ValueEquals("FROM_CLIFF") => CliffMode.FromCliff,
        { ValueKind: JsonValueKind.String } mode when mode.ValueEquals("RETRO") => CliffMode.Retro,
        _ => throw new FormatException("mode must be FROM_CLIFF or RETRO."),
    };

    private static long Seconds(JsonElement terms, string name, UInt256? otherwise = null)
    {
        var seconds = Amount(terms, name, otherwise);
        return seconds <= VestingCurve.InstantMax
            ? (long)seconds
            : throw new FormatException($"{name} must be at most {VestingCurve.InstantMax} seconds.");
    }

    private static UInt256 Amount(JsonElement terms, string name, UInt256? otherwise = null)
    {
        if (Find(terms, name) is not { } value)
            return otherwise ?? throw new FormatException($"{name} is missing.");
        // Digits as they are written: a number that has passed through a double may have lost some.
        var digits = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        };
        return UInt256.TryParse(digits, out var amount)
            ? amount
            : throw new FormatException($"{name} must be a whole number from 0 to 2^256 - 1, without sign, point or exponent.");
    }

    private static JsonElement? Find(JsonElement terms, string name) =>
        terms.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;
}

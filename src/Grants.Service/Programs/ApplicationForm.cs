using System.Text.Json;
using System.Text.Json.Nodes;
using Grants.Domain;
using Json.Schema;

namespace Grants.Service.Programs;

/// <summary>
/// The form of a program: JSON Schema (2020-12) that the answers of a proposal must meet. Patterns and references are left out: an
/// answer could stall the one, a form could make the other endless.
/// </summary>
public static class ApplicationForm
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    private static readonly EvaluationOptions Listing = new() { OutputFormat = OutputFormat.List };

    private static readonly string[] LeftOut =
        ["pattern", "patternProperties", "$ref", "$dynamicRef", "$recursiveRef", "$id", "$schema", "$vocabulary"];

    /// <summary>What is wrong with a form, or null.</summary>
    public static InvalidValue? Refuse(string? form)
    {
        const string Field = "intake.form";
        if (form is null)
            return null;
        if (form.Length > IntakeRules.FormLengthMax)
            return new InvalidValue(Field, $"Must have at most {IntakeRules.FormLengthMax} characters.");
        if (Parse(form) is not JsonObject schema)
            return new InvalidValue(Field, $"Must be a JSON object of at most {Strict.MaxDepth} levels.");
        if (KeywordsOf(schema).FirstOrDefault(LeftOut.Contains) is { } keyword)
            return new InvalidValue(Field, $"A form has no {keyword}.");
        return Problem(MetaSchemas.Draft202012, schema) is var (path, message)
            ? new InvalidValue(Field, $"Is no JSON Schema at {(path.Length == 0 ? "its root" : path)}: {message}")
            : null;
    }

    /// <summary>What is wrong with answers to a form, with the path to it, or null.</summary>
    public static InvalidValue? Refuse(string? form, string? answers)
    {
        const string Field = "answers";
        if (form is null)
            return answers is null ? null : new InvalidValue(Field, "The program has no form to answer.");
        if (answers is null)
            return new InvalidValue(Field, "The program has a form to answer.");
        if (Parse(answers) is not { } given)
            return new InvalidValue(Field, $"Must be JSON of at most {Strict.MaxDepth} levels, no member twice.");
        return Problem(JsonSchema.FromText(form), given) is var (path, message)
            ? new InvalidValue($"{Field}{path.Replace('/', '.')}", message)
            : null;
    }

    private static (string Path, string Message)? Problem(JsonSchema schema, JsonNode value)
    {
        var results = schema.Evaluate(value, Listing);
        if (results.IsValid)
            return null;
        var first = results.Details.FirstOrDefault(detail => detail.HasErrors) ?? results;
        return (first.InstanceLocation.ToString(), first.Errors?.Values.FirstOrDefault() ?? "Does not meet the schema.");
    }

    private static JsonNode? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text, documentOptions: Strict);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    // The names of properties are the form's own, and may be any.
    private static IEnumerable<string> KeywordsOf(JsonNode? schema) => schema switch
    {
        JsonObject members => members.SelectMany(member => member.Key is "properties" or "$defs" or "dependentSchemas"
            ? (member.Value as JsonObject ?? []).SelectMany(property => KeywordsOf(property.Value))
            : member.Key is "const" or "enum" or "default" or "examples" ? [] : KeywordsOf(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(KeywordsOf),
        _ => [],
    };
}

using System.Reflection;
using System.Text.Json;
using GraphQL;
using Microsoft.Net.Http.Headers;

namespace Grants.Service.Api.Errors;

/// <summary>
/// Messages for people in other languages, by code. What the English message tells beyond the code stands behind it: numbers and names
/// must not be lost.
/// </summary>
public static class Messages
{
    public const string English = "en";

    public const string Korean = "ko";

    private static readonly Dictionary<string, string> InKorean = Read("messages.ko");

    /// <summary>The codes for which there is a message in Korean.</summary>
    public static IReadOnlyCollection<string> CodesInKorean => InKorean.Keys;

    /// <summary>Which of the languages that there are the client likes best.</summary>
    public static string LanguageOf(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wishes))
            return English;
        return wishes.Where(wish => wish.Quality is not 0)
            .OrderByDescending(wish => wish.Quality ?? 1)
            .Select(wish => wish.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is English or Korean) ?? English;
    }

    /// <summary>The message of a code in a language.</summary>
    public static string Of(string language, string code, string english) =>
        language == Korean && InKorean.TryGetValue(code, out var korean) ? $"{korean} ({english})" : english;

    /// <summary>The same error with its message in a language.</summary>
    public static ExecutionError Of(string language, ExecutionError error)
    {
        if (language == English || error.Code is null)
            return error;
        var translated = new ExecutionError(Of(language, error.Code, error.Message), error.InnerException)
        {
            Code = error.Code, Path = error.Path, Extensions = error.Extensions,
        };
        foreach (var location in error.Locations ?? [])
            translated.AddLocation(location);
        return translated;
    }

    private static Dictionary<string, string> Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        return JsonSerializer.Deserialize<Dictionary<string, string>>(stream)!;
    }
}

using Microsoft.Net.Http.Headers;

namespace Grants.Service.Api.Transports;

/// <summary>The media types of answers.</summary>
public static class AnswerFormat
{
    public const string Json = "application/json";

    /// <summary>Of GraphQL over HTTP: the status code says whether the document was executed.</summary>
    public const string GraphQL = "application/graphql-response+json";

    public const string EventStream = "text/event-stream";

    private static readonly string[] Known = [Json, GraphQL, EventStream];

    /// <summary>What the client likes best of what there is, or null where it takes nothing of it. JSON where it does not say.</summary>
    public static string? Negotiate(HttpRequest request)
    {
        if (request.Headers.Accept.Count == 0)
            return Json;
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted))
            return null;
        var wishes = accepted.Where(range => range.Quality is not 0).OrderByDescending(range => range.Quality ?? 1).ToList();
        return wishes
            .Select(range => Array.Find(Known, known => new MediaTypeHeaderValue(known).IsSubsetOf(WithoutParameters(range))))
            .FirstOrDefault(known => known is not null);
    }

    private static MediaTypeHeaderValue WithoutParameters(MediaTypeHeaderValue range) => new(range.MediaType);
}

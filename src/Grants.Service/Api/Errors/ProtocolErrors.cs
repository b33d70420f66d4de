namespace Grants.Service.Api.Errors;

/// <summary>The codes of errors of the request itself, as opposed to refusals of a mutation, and what they mean.</summary>
public static class ProtocolErrors
{
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["BAD_USER_INPUT"] = "The document, a variable or the body is not what it must be. HTTP 400, 405, 406, 413 or 415.",
        ["UNAUTHENTICATED"] = "Nobody is signed in, or not any more.",
        ["FORBIDDEN"] = "The API key is for other mutations, or the page is of another origin.",
        ["NOT_FOUND"] = "There is no such thing, or it is hidden from who asks: the two are told alike.",
        [ProtocolError.CostExceeded] = "The operation could cost more than one may, or took longer than it may. HTTP 400.",
        [ProtocolError.PastTooLong] =
            "`asOf` of a list with more rows, events or ballots than are read for one answer: "
                + "narrow it by its program, token, kind or applicant.",
        [ProtocolError.RateLimited] = "Who asks has spent what there is for now: see `Retry-After` and `extensions.cost`. HTTP 429.",
        [ProtocolError.UnknownDocument] = "There is no document with this `documentId`, or only such documents are executed here.",
        [ProtocolError.Overloaded] = "The service has too much to do: see `Retry-After`. HTTP 503.",
        ["INTERNAL"] = "Something broke on our side. The message has a trace id for us, and nothing else.",
    };
}

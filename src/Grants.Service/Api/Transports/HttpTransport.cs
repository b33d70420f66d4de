using System.Text.Json;
using Grants.Service.Api.Limits;
using GraphQL;
using GraphQL.Transport;
using GraphQLParser.AST;
using Microsoft.AspNetCore.Http.Features;

namespace Grants.Service.Api.Transports;

/// <summary>
/// GraphQL over HTTP (graphql.github.io/graphql-over-http, draft): POST, and GET for queries. Sessions are bearer tokens and
/// never cookies, so a page of somebody else's has nothing to forge a request with.
/// </summary>
public sealed class HttpTransport(OperationRunner operations, HeldRefusals refusals, IGraphQLTextSerializer serializer)
{
    /// <summary>The largest request body, bytes.</summary>
    public const int BodyBytesMax = 64 * 1024;

    /// <summary>The same of a request with a relayer's ballots, up to a thousand.</summary>
    public const int BallotsBodyBytesMax = 1024 * 1024;

    private const string Bulk = "castBallots";

    /// <summary>The request, or null where it is none: then it is answered already.</summary>
    public async Task<GraphQLRequest?> ReadAsync(HttpContext http)
    {
        try
        {
            var request = HttpMethods.IsGet(http.Request.Method) ? FromQuery(http.Request.Query) : await FromBodyAsync(http);
            if (request is not { Query: null, DocumentId: null })
                return request;
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "The request has no query and names no document.");
        }
        catch (BadHttpRequestException tooLarge)
        {
            await RefuseAsync(
                http, tooLarge.StatusCode, $"The body must not exceed {BodyBytesMax} bytes, or {BallotsBodyBytesMax} with {Bulk}.");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "This is not a GraphQL request in JSON.");
        }

        return null;
    }

    /// <summary>Executes a query or a mutation and answers.</summary>
    public async Task AnswerAsync(HttpContext http, GraphQLRequest request, string format, Client client)
    {
        var operation = operations.Inspect(request);
        if (operation.Type == OperationType.Subscription)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, $"A subscription needs {AnswerFormat.EventStream} or a WebSocket.");
            return;
        }

        if (operation.Type == OperationType.Mutation && HttpMethods.IsGet(http.Request.Method))
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            await RefuseAsync(http, StatusCodes.Status405MethodNotAllowed, "A mutation is sent by POST.");
            return;
        }

        var (result, charge) = await operations.ExecuteAsync(operation, client, http.RequestAborted);
        var isRefused = !result.Executed && charge is not { IsTaken: true };
        if (isRefused && !await refusals.WaitAsync(client, http.RequestAborted))
        {
            http.Abort();
            return;
        }

        if (charge is not null)
            Tell(http.Response.Headers, charge);
        http.Response.StatusCode = StatusOf(result, format);
        if (http.Response.StatusCode == StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = "1";
        http.Response.ContentType = $"{format}; charset=utf-8";
        await serializer.WriteAsync(http.Response.Body, result, http.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext http, int status, string message, string code = "BAD_USER_INPUT")
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { errors = new[] { new { message, extensions = new { code } } } });
    }

    // Old clients of application/json take any other code for a broken server; what was never a document for us is refused to all.
    private static int StatusOf(ExecutionResult result, string format) => result.Errors?.FirstOrDefault()?.Code switch
    {
        _ when result.Executed => StatusCodes.Status200OK,
        ProtocolError.CostExceeded => StatusCodes.Status400BadRequest,
        ProtocolError.RateLimited => StatusCodes.Status429TooManyRequests,
        ProtocolError.Overloaded => StatusCodes.Status503ServiceUnavailable,
        _ => format == AnswerFormat.Json ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
    };

    private static void Tell(IHeaderDictionary headers, CostCharge charge)
    {
        headers["X-RateLimit-Limit"] = $"{charge.Limit}";
        headers["X-RateLimit-Remaining"] = $"{charge.Left}";
        headers["X-RateLimit-Reset"] = $"{charge.ResetSeconds}";
        headers["X-RateLimit-Used"] = $"{charge.Cost}";
        if (charge.RetryAfterSeconds is { } seconds)
            headers.RetryAfter = $"{seconds}";
    }

    private GraphQLRequest FromQuery(IQueryCollection query)
    {
        string? One(string name) => query[name] is { Count: > 0 } values ? values[0] : null;
        return new GraphQLRequest
        {
            Query = One("query"),
            DocumentId = One("documentId"),
            OperationName = One("operationName"),
            Variables = One("variables") is { } variables ? serializer.Deserialize<Inputs>(variables) : null,
        };
    }

    private async Task<GraphQLRequest?> FromBodyAsync(HttpContext http)
    {
        if (!http.Request.HasJsonContentType())
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "Send application/json.");
            return null;
        }

        if (http.Request.Headers.ContentEncoding.Count > 0)
        {
            await RefuseAsync(http, StatusCodes.Status415UnsupportedMediaType, "Send the body as it is, without a content encoding.");
            return null;
        }

        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BallotsBodyBytesMax;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        using var json = JsonDocument.Parse(body.GetBuffer().AsMemory(0, (int)body.Length), RequestJson.Strict);
        var request = RequestJson.Read(json.RootElement, serializer) ?? new GraphQLRequest();
        return body.Length <= BodyBytesMax || request.Query?.Contains(Bulk, StringComparison.Ordinal) == true
            ? request
            : throw new BadHttpRequestException("The body is too large.", StatusCodes.Status413PayloadTooLarge);
    }
}

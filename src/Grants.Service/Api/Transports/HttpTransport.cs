using System.Text.Json;
using GraphQL;
using GraphQL.Transport;
using GraphQLParser.AST;
using Microsoft.AspNetCore.Http.Features;

namespace Grants.Service.Api.Transports;

/// <summary>
/// GraphQL over HTTP (graphql.github.io/graphql-over-http, draft): POST, and GET for queries. Sessions are bearer tokens and
/// never cookies, so a page of somebody else's has nothing to forge a request with.
/// </summary>
public sealed class HttpTransport(OperationRunner operations, IGraphQLTextSerializer serializer)
{
    /// <summary>The largest request body, bytes: a thousand ballots of a relayer.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    /// <summary>The request, or null where it is none: then it is answered already.</summary>
    public async Task<GraphQLRequest?> ReadAsync(HttpContext http)
    {
        try
        {
            var request = HttpMethods.IsGet(http.Request.Method) ? FromQuery(http.Request.Query) : await FromBodyAsync(http);
            if (request is { Query: null })
                await RefuseAsync(http, StatusCodes.Status400BadRequest, "The request has no query.");
            return request?.Query is null ? null : request;
        }
        catch (BadHttpRequestException tooLarge)
        {
            await RefuseAsync(http, tooLarge.StatusCode, $"The body must not exceed {BodyBytesMax} bytes.");
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            await RefuseAsync(http, StatusCodes.Status400BadRequest, "This is not a GraphQL request in JSON.");
        }

        return null;
    }

    /// <summary>Executes a query or a mutation and answers.</summary>
    public async Task AnswerAsync(HttpContext http, GraphQLRequest request, string format, Space space, Caller? caller)
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

        var result = await operations.ExecuteAsync(operation, space, caller, http.RequestAborted);
        http.Response.StatusCode = StatusOf(result, format);
        http.Response.ContentType = $"{format}; charset=utf-8";
        await serializer.WriteAsync(http.Response.Body, result, http.RequestAborted);
    }

    public static Task RefuseAsync(HttpContext http, int status, string message, string code = "BAD_USER_INPUT")
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { errors = new[] { new { message, extensions = new { code } } } });
    }

    // Old clients of application/json take any other code for a broken server; what was never a document for us is refused to all.
    private static int StatusOf(ExecutionResult result, string format) =>
        result.Executed || (format == AnswerFormat.Json && !IsTooCostly(result))
            ? StatusCodes.Status200OK
            : StatusCodes.Status400BadRequest;

    private static bool IsTooCostly(ExecutionResult result) => result.Errors!.Any(error => error.Code == ProtocolError.CostExceeded);

    private GraphQLRequest FromQuery(IQueryCollection query)
    {
        string? One(string name) => query[name] is { Count: > 0 } values ? values[0] : null;
        return new GraphQLRequest
        {
            Query = One("query"),
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

        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        return await serializer.ReadAsync<GraphQLRequest>(http.Request.Body, http.RequestAborted) ?? new GraphQLRequest();
    }
}

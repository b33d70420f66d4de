using System.Text.Json;
using Grants.Primitives;
using Grants.Service.Access;
using GraphQL;
using GraphQL.Transport;
using GraphQL.Types;
using GraphQL.Execution;
using Microsoft.AspNetCore.Http.Features;

namespace Grants.Service.Api;

/// <summary>GraphQL over HTTP POST, one document a request.</summary>
public static class GraphQLEndpoint
{
    /// <summary>The largest request body, bytes.</summary>
    public const int BodyBytesMax = 64 * 1024;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    public static void MapGraphQL(this WebApplication app)
    {
        app.MapPost("/graphql", PostAsync);
        app.MapGet("/graphql/schema.graphql", (ISchema schema) => Results.Text(Sdl(schema), "text/plain; charset=utf-8"));
    }

    /// <summary>The schema's text, types in alphabetical order.</summary>
    public static string Sdl(ISchema schema)
    {
        schema.Initialize();
        return schema.Print(new() { StringComparison = StringComparison.Ordinal });
    }

    private static async Task PostAsync(HttpContext http, IDocumentExecuter<ISchema> executer, IGraphQLTextSerializer serializer)
    {
        if (!http.Request.HasJsonContentType())
        {
            await FailAsync(http, StatusCodes.Status415UnsupportedMediaType, "BAD_USER_INPUT", "Send application/json.");
            return;
        }

        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = BodyBytesMax;
        GraphQLRequest? request;
        try
        {
            request = await serializer.ReadAsync<GraphQLRequest>(http.Request.Body, http.RequestAborted);
        }
        catch (BadHttpRequestException tooLarge)
        {
            await FailAsync(http, tooLarge.StatusCode, "BAD_USER_INPUT", $"The body must not exceed {BodyBytesMax} bytes.");
            return;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException or FormatException)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, "BAD_USER_INPUT", "The body is not a GraphQL request in JSON.");
            return;
        }

        if (request?.Query is null)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, "BAD_USER_INPUT", "The request has no query.");
            return;
        }

        if (DocumentGuard.Refuse(request.Query) is { } objection)
        {
            await FailAsync(http, StatusCodes.Status400BadRequest, "COST_EXCEEDED", objection);
            return;
        }

        var result = await ExecuteAsync(http, executer, request);
        foreach (var error in result.Errors?.OfType<DocumentError>() ?? [])
            error.Code = "BAD_USER_INPUT";
        http.Response.StatusCode = result.Executed ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest;
        http.Response.ContentType = "application/json; charset=utf-8";
        await serializer.WriteAsync(http.Response.Body, result, http.RequestAborted);
    }

    private static async Task<ExecutionResult> ExecuteAsync(
        HttpContext http, IDocumentExecuter<ISchema> executer, GraphQLRequest request)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        deadline.CancelAfter(Deadline);
        var actor = await ActorAsync(http);
        return await executer.ExecuteAsync(options =>
        {
            options.Query = request.Query;
            options.OperationName = request.OperationName;
            options.Variables = request.Variables;
            options.RequestServices = http.RequestServices;
            options.UserContext = new RequestContext(actor);
            options.CancellationToken = deadline.Token;
        });
    }

    private static async Task<Address?> ActorAsync(HttpContext http)
    {
        const string scheme = "Bearer ";
        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase)
            ? await http.RequestServices.GetRequiredService<SessionStore>().FindAsync(header[scheme.Length..].Trim(), http.RequestAborted)
            : null;
    }

    private static Task FailAsync(HttpContext http, int status, string code, string message)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new { errors = new[] { new { message, extensions = new { code } } } });
    }
}

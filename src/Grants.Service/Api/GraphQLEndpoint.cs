using Grants.Service.Access;
using Grants.Service.Api.Errors;
using Grants.Service.Api.Limits;
using Grants.Service.Api.Transports;
using GraphQL;
using GraphQL.Types;
using Microsoft.Extensions.Options;

namespace Grants.Service.Api;

/// <summary>The API's address: GraphQL over HTTP, server-sent events and WebSockets, for whom a session names.</summary>
public static class GraphQLEndpoint
{
    private const string Scheme = "Bearer ";

    public static void MapGraphQL(this WebApplication app)
    {
        app.UseWebSockets();
        // CONNECT is how a WebSocket begins over HTTP/2 (RFC 8441).
        foreach (var prefix in SpaceRoutes.Prefixes)
            app.MapMethods($"{prefix}/graphql", [HttpMethods.Get, HttpMethods.Post, HttpMethods.Connect], AnswerAsync);
        app.MapGet("/graphql/schema.graphql", (ISchema schema) => Results.Text(Sdl(schema), "text/plain; charset=utf-8"));
    }

    /// <summary>The schema's text, types in alphabetical order.</summary>
    public static string Sdl(ISchema schema)
    {
        schema.Initialize();
        return schema.Print(new() { StringComparison = StringComparison.Ordinal });
    }

    private static Task AnswerAsync(HttpContext http)
    {
        if (http.Space() is not { } space)
            return HttpTransport.RefuseAsync(http, StatusCodes.Status404NotFound, "There is no such space.", "NOT_FOUND");
        return http.WebSockets.IsWebSocketRequest ? AnswerSocketAsync(http, space) : AnswerHttpAsync(http, space);
    }

    private static async Task AnswerHttpAsync(HttpContext http, Space space)
    {
        var transport = http.RequestServices.GetRequiredService<HttpTransport>();
        if (AnswerFormat.Negotiate(http.Request) is not { } format)
        {
            await HttpTransport.RefuseAsync(
                http,
                StatusCodes.Status406NotAcceptable,
                $"There is {AnswerFormat.GraphQL}, {AnswerFormat.Json} and {AnswerFormat.EventStream}.");
            return;
        }

        if (await transport.ReadAsync(http) is not { } request)
            return;
        var authorization = http.Request.Headers.Authorization.ToString();
        if (format != AnswerFormat.EventStream)
        {
            await transport.AnswerAsync(http, request, format, ClientOf(http, space, await CallerAsync(http, authorization)));
            return;
        }

        using var place = Enter(http);
        if (place is null)
        {
            await RefuseConnectionAsync(http);
            return;
        }

        using var session = await SessionAsync(http, authorization, http.RequestAborted);
        await http.RequestServices.GetRequiredService<EventStreamTransport>()
            .AnswerAsync(http, request, ClientOf(http, space, session?.Caller), session);
    }

    private static async Task AnswerSocketAsync(HttpContext http, Space space)
    {
        if (!IsOurOrigin(http))
        {
            await HttpTransport.RefuseAsync(http, StatusCodes.Status403Forbidden, "Pages of this origin may not connect.", "FORBIDDEN");
            return;
        }

        using var place = Enter(http);
        if (place is null)
        {
            await RefuseConnectionAsync(http);
            return;
        }

        await http.RequestServices.GetRequiredService<SocketTransport>().AnswerAsync(
            http,
            ClientOf(http, space, null),
            (authorization, cancellation) => SessionAsync(http, authorization, cancellation));
    }

    private static Client ClientOf(HttpContext http, Space space, Caller? caller) => new(
        space, caller, ClientNetwork.Of(http.Connection.RemoteIpAddress).ToString(), Messages.LanguageOf(http.Request));

    private static IDisposable? Enter(HttpContext http) =>
        http.RequestServices.GetRequiredService<ConnectionLimit>().TryEnter(http.Connection.RemoteIpAddress);

    private static Task RefuseConnectionAsync(HttpContext http) => HttpTransport.RefuseAsync(
        http, StatusCodes.Status429TooManyRequests, "There are too many connections from this address.", "RATE_LIMITED");

    // Browsers always say which page opens a WebSocket; whoever says nothing is no browser.
    private static bool IsOurOrigin(HttpContext http)
    {
        var origin = http.Request.Headers.Origin.ToString();
        var ours = http.RequestServices.GetRequiredService<IOptions<AccessOptions>>().Value.Uri;
        var friends = http.RequestServices.GetRequiredService<IOptions<TransportOptions>>().Value.Origins;
        return origin.Length == 0 || friends.Prepend(ours).Contains(origin, StringComparer.OrdinalIgnoreCase);
    }

    private static async Task<Caller?> CallerAsync(HttpContext http, string authorization) =>
        TokenOf(authorization) is { } token ? await CallerOfAsync(http, token, http.RequestAborted) : null;

    private static async Task<Caller?> CallerOfAsync(HttpContext http, string token, CancellationToken cancellation)
    {
        if (!token.StartsWith(ApiKeyStore.Prefix, StringComparison.Ordinal))
            return await http.RequestServices.GetRequiredService<SessionStore>().FindAsync(token, cancellation) is { } account
                ? new Caller(account, token)
                : null;
        var key = await http.RequestServices.GetRequiredService<ApiKeyStore>().FindAsync(http.Space()!.Id, token, cancellation);
        return key is { } found ? new Caller(found.Account, token, found.Scopes) : null;
    }

    private static async Task<LiveSession?> SessionAsync(HttpContext http, string authorization, CancellationToken cancellation)
    {
        if (TokenOf(authorization) is not { } token)
            return null;
        var (ended, watch) = http.RequestServices.GetRequiredService<SessionWatch>().Watch(token);
        if (await CallerOfAsync(http, token, cancellation) is { } caller)
            return new LiveSession(caller, watch, ended);
        watch.Dispose();
        return null;
    }

    private static string? TokenOf(string authorization) =>
        authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? authorization[Scheme.Length..].Trim() : null;
}

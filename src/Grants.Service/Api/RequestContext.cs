using Grants.Primitives;
using GraphQL;

namespace Grants.Service.Api;

/// <summary>Who asks, and in which space.</summary>
/// <param name="Caller">Null where nobody is signed in.</param>
/// <param name="Network">Where from, as far as strangers are told apart.</param>
public sealed record Client(Space Space, Caller? Caller, string Network);

/// <summary>What the resolvers of a request know of it.</summary>
public sealed class RequestContext(Client client) : Dictionary<string, object?>
{
    public Space Space { get; } = client.Space;

    public Caller? Caller { get; } = client.Caller;

    public Address? Actor => Caller?.Account;
}

/// <summary>A signed-in account and its session's secret token.</summary>
public sealed record Caller(Address Account, string Token);

/// <summary>A fault of the request itself, as opposed to a refusal by the domain.</summary>
public sealed class ProtocolError : ExecutionError
{
    /// <summary>The request would cost more than one may.</summary>
    public const string CostExceeded = "COST_EXCEEDED";

    /// <summary>Who asks has spent what there is for now.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The service has too much to do.</summary>
    public const string Overloaded = "OVERLOADED";

    public ProtocolError(string code, string message)
        : base(message) => Code = code;
}

public static class ResolverContext
{
    /// <summary>A service of the request.</summary>
    public static T Service<T>(this IResolveFieldContext context)
        where T : notnull => context.RequestServices!.GetRequiredService<T>();

    /// <summary>The id of the space in which is asked.</summary>
    public static string Space(this IResolveFieldContext context) => ((RequestContext)context.UserContext).Space.Id;

    /// <summary>Who asks.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in.</exception>
    public static Address Actor(this IResolveFieldContext context) => context.Caller().Account;

    /// <summary>Who asks, and by which session.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in.</exception>
    public static Caller Caller(this IResolveFieldContext context) =>
        ((RequestContext)context.UserContext).Caller
        ?? throw new ProtocolError("UNAUTHENTICATED", "Sign in with a wallet first, and send the session's token as a bearer token.");

    /// <summary>Who asks, or null.</summary>
    public static Address? ActorOrNull(this IResolveFieldContext context) => ((RequestContext)context.UserContext).Actor;
}

using Grants.Primitives;
using GraphQL;

namespace Grants.Service.Api;

/// <summary>Who asks. Null where nobody is signed in.</summary>
public sealed class RequestContext(Address? actor) : Dictionary<string, object?>
{
    public Address? Actor { get; } = actor;
}

/// <summary>A fault of the request itself, as opposed to a refusal by the domain.</summary>
public sealed class ProtocolError : ExecutionError
{
    public ProtocolError(string code, string message)
        : base(message) => Code = code;
}

public static class ResolverContext
{
    /// <summary>A service of the request.</summary>
    public static T Service<T>(this IResolveFieldContext context)
        where T : notnull => context.RequestServices!.GetRequiredService<T>();

    /// <summary>Who asks.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in.</exception>
    public static Address Actor(this IResolveFieldContext context) =>
        ((RequestContext)context.UserContext).Actor
        ?? throw new ProtocolError("UNAUTHENTICATED", "Sign in with a wallet first, and send the session's token as a bearer token.");

    /// <summary>Who asks, or null.</summary>
    public static Address? ActorOrNull(this IResolveFieldContext context) => ((RequestContext)context.UserContext).Actor;
}

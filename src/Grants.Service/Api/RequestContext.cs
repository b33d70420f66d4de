using Grants.Primitives;
using GraphQL;

namespace Grants.Service.Api;

/// <summary>Who asks, and in which space.</summary>
/// <param name="Caller">Null where nobody is signed in.</param>
/// <param name="Network">Where from, as far as strangers are told apart.</param>
/// <param name="Language">Of messages: one of <see cref="Errors.Messages"/>.</param>
public sealed record Client(Space Space, Caller? Caller, string Network, string Language = Errors.Messages.English);

/// <summary>What the resolvers of a request know of it.</summary>
public sealed class RequestContext(Client client) : Dictionary<string, object?>
{
    public Space Space { get; } = client.Space;

    public Caller? Caller { get; } = client.Caller;

    public Address? Actor => Caller?.Account;

    public string Language { get; } = client.Language;
}

/// <summary>A signed-in account and the secret token of its session or API key.</summary>
/// <param name="Scopes">The mutations that the key may ask for; null for a session, which may ask for all.</param>
public sealed record Caller(Address Account, string Token, IReadOnlySet<string>? Scopes = null);

/// <summary>A fault of the request itself, as opposed to a refusal by the domain.</summary>
public sealed class ProtocolError : ExecutionError
{
    /// <summary>The request would cost more than one may.</summary>
    public const string CostExceeded = "COST_EXCEEDED";

    /// <summary>Who asks has spent what there is for now.</summary>
    public const string RateLimited = "RATE_LIMITED";

    /// <summary>The list that is asked for was too long, or changed too often, to be told as it was.</summary>
    public const string PastTooLong = "PAST_TOO_LONG";

    /// <summary>The document that is named is not known here, or only known ones are executed.</summary>
    public const string UnknownDocument = "UNKNOWN_DOCUMENT";

    /// <summary>The service has too much to do.</summary>
    public const string Overloaded = "OVERLOADED";

    public ProtocolError(string code, string message)
        : base(message) => Code = code;
}

public static class ResolverContext
{
    /// <summary>What an earlier step of the same field left for this one; null where it left nothing.</summary>
    public static T? Take<T>(this IResolveFieldContext context, string name)
        where T : class
    {
        ((RequestContext)context.UserContext).Remove(name, out var left);
        return (T?)left;
    }

    /// <summary>A service of the request.</summary>
    public static T Service<T>(this IResolveFieldContext context)
        where T : notnull => context.RequestServices!.GetRequiredService<T>();

    /// <summary>The id of the space in which is asked.</summary>
    public static string Space(this IResolveFieldContext context) => ((RequestContext)context.UserContext).Space.Id;

    /// <summary>Who asks.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in.</exception>
    public static Address Actor(this IResolveFieldContext context) => context.Caller().Account;

    /// <summary>Who asks, for a mutation that must be within the scopes of the key, where it is one.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in, or the key is for other things.</exception>
    public static Address ActorOf(this IResolveFieldContext context, string mutation)
    {
        var caller = context.Caller();
        return caller.Scopes is null || caller.Scopes.Contains(mutation)
            ? caller.Account
            : throw new ProtocolError("FORBIDDEN", $"This API key is not for {mutation}.");
    }

    /// <summary>Who asks, and by which session.</summary>
    /// <exception cref="ProtocolError">Nobody is signed in.</exception>
    public static Caller Caller(this IResolveFieldContext context) =>
        ((RequestContext)context.UserContext).Caller
        ?? throw new ProtocolError("UNAUTHENTICATED", "Sign in with a wallet first, and send the session's token as a bearer token.");

    /// <summary>Who asks, or null.</summary>
    public static Address? ActorOrNull(this IResolveFieldContext context) => ((RequestContext)context.UserContext).Actor;
}

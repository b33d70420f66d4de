using System.ComponentModel;
using Grants.Domain;
using Grants.Ethereum.TypedData;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;

namespace Grants.Service.Access;

public sealed record AuthorizationInput(
    [property: Description("Seconds since 1970; at most five minutes ahead.")] long ExpiresAt,
    [property: Description("The account's signature of authorizationTypedData, hexadecimal.")] string Signature);

/// <summary>
/// A fresh signature for what a stolen session must not be enough for: EIP-712 type
/// <c>Authorize(string space,string operation,string content,string key,uint256 expiresAt)</c>, whose content is a line that a person can
/// read in the wallet, and whose key is the mutation's <c>clientMutationId</c>, which works once.
/// </summary>
public sealed class StepUp(AccountSignatures signatures, ChainIdentity chain, TimeProvider clock)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

    public TypedData DataOf(string space, string operation, string content, string key, long expiresAt) => TypedData.Of(
        new TypedDataDomain(TypedStruct.DomainName, TypedStruct.DomainVersion, chain.ChainId),
        "Authorize",
        [
            ("space", "string", space),
            ("operation", "string", operation),
            ("content", "string", content),
            ("key", "string", key),
            ("expiresAt", "uint256", (UInt256)(ulong)Math.Max(0, expiresAt)),
        ]);

    /// <summary>A refusal where the account has not signed just this, just now.</summary>
    public async Task<Rejection?> RefuseAsync(
        IResolveFieldContext context, Address account, string operation, string content, string key, AuthorizationInput? authorization)
    {
        if (authorization is null)
            return new AuthorizationRequired();
        var now = clock.GetUtcNow().ToUnixTimeSeconds();
        if (authorization.ExpiresAt <= now || authorization.ExpiresAt > now + (long)Longest.TotalSeconds)
            return new InvalidValue("authorization.expiresAt", "Must be ahead, by at most five minutes.");
        var digest = DataOf(context.Space(), operation, content, key, authorization.ExpiresAt).Digest();
        var (_, rejection) = await signatures.VerifyAsync(account, digest, authorization.Signature, null, context.CancellationToken);
        return rejection;
    }
}

public static class AuthorizedActs
{
    /// <summary>Does it where the account has signed just this, just now; see <see cref="StepUp"/>.</summary>
    public static async Task<CommandResult> AuthorizedAsync(
        this IResolveFieldContext context,
        Address account,
        string operation,
        string content,
        IMutationInput input,
        AuthorizationInput? authorization,
        Func<Task<CommandResult>> run) =>
        await context.Service<StepUp>()
            .RefuseAsync(context, account, operation, content, input.ClientMutationId, authorization) is { } refusal
                ? refusal
                : await run();
}

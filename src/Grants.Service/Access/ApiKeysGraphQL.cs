using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;

namespace Grants.Service.Access;

public sealed record CreateApiKeyInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("For people; 1 to 100 characters on one line.")] string Name,
    [property: Description("The names of the mutations that it may ask for. It reads whatever its account may read.")]
    IReadOnlyList<string> Scopes,
    [property: Description("At most 90 days ahead.")] DateTimeOffset ExpiresAt,
    [property: Description("Its content is the scopes as given, with a space between.")] AuthorizationInput Authorization) : IMutationInput;

public sealed record RevokeApiKeyInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId, string ApiKeyId) : IMutationInput;

public sealed record TooManyApiKeys() : Rejection(
    "TOO_MANY_API_KEYS", $"The account has {ApiKeyStore.LiveMax} keys that can be used; revoke one first.");

public sealed class ApiKeyGraphType : ObjectGraphType<ApiKey>
{
    public ApiKeyGraphType()
    {
        Name = "ApiKey";
        Description = "A key that a program acts with for an account, sent as a session's token is.";
        Field("apiKeyId", key => key.Id);
        Field("name", key => key.Name);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("scopes").Resolve(context => context.Source.Scopes);
        Field("createdAt", key => key.CreatedAt);
        Field("expiresAt", key => key.ExpiresAt);
        Field("revokedAt", key => key.RevokedAt, nullable: true);
        Field("usedAt", key => key.UsedAt, nullable: true).Description("When it was last used, to the minute.");
        Field("secret", key => key.Secret, nullable: true).Description("The token. It is shown once, to whoever made the key.");
    }
}

public static class ApiKeysGraphQL
{
    private const string Made = "apiKey";
    private const int NameLengthMax = 100;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(90);

    // What makes new authority, or lets money go: a person does it, with a wallet.
    private static readonly HashSet<string> ForPeople = new(StringComparer.Ordinal)
    {
        "createApiKey", "revokeApiKey", "grantRole", "revokeRole", "requestSignIn", "signIn", "signOut", "approveDisbursement",
        "retryDisbursement", "resumeTreasury", "setTreasuryLimits", "resolveIncident", "signSanction", "signAgreement", "changeRecipient",
        "registerWebhook", "rotateWebhookSecret", "removeWebhook",
    };

    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.AddListConnection<ApiKey, ApiKeyGraphType>(
            "apiKeys",
            "The keys of who is signed in, the newest first.",
            [],
            static context => context.Service<ApiKeyStore>().OfAsync(context.Space(), context.Actor(), context.CancellationToken));
        mutation.AddCommand<CreateApiKeyInput, ApiKeyGraphType>(
            "createApiKey",
            "apiKey",
            "Makes a key for a program, in this space alone. It cannot make keys, give roles, or let money go.",
            (context, input, actor) => CreateAsync(context, input, actor, name => mutation.HasField(name) && !ForPeople.Contains(name)),
            static async (context, input, actor) => context.Take<ApiKey>(Made)
                ?? (await context.Service<ApiKeyStore>().OfAsync(context.Space(), actor, context.CancellationToken))
                    .FirstOrDefault(key => key.Id == IdOf(context, actor, input)));
        mutation.AddCommand<RevokeApiKeyInput, ApiKeyGraphType>(
            "revokeApiKey",
            "apiKey",
            "Ends a key of one's own for good, and within seconds all connections that rest on it.",
            static async (context, input, actor) =>
                await context.Service<ApiKeyStore>().RevokeAsync(context.Space(), actor, input.ApiKeyId, context.CancellationToken)
                    ? CommandResult.Done
                    : new NotFound("API key"),
            static async (context, input, actor) =>
                (await context.Service<ApiKeyStore>().OfAsync(context.Space(), actor, context.CancellationToken))
                    .FirstOrDefault(key => key.Id == input.ApiKeyId));
    }

    private static async Task<CommandResult> CreateAsync(
        IResolveFieldContext context, CreateApiKeyInput input, Address actor, Func<string, bool> isScope)
    {
        var now = context.Service<TimeProvider>().GetUtcNow();
        if (!LineText.IsLine(input.Name, NameLengthMax))
            return new InvalidValue("name", $"Must have 1 to {NameLengthMax} characters on one line.");
        if (input.Scopes.Count == 0 || input.Scopes.Distinct().Count() < input.Scopes.Count || input.Scopes.Any(scope => !isScope(scope)))
            return new InvalidValue("scopes", "Must be names of mutations that a key may ask for, each once, and at least one.");
        if (input.ExpiresAt <= now || input.ExpiresAt > now + Longest)
            return new InvalidValue("expiresAt", $"Must be ahead, by at most {Longest.TotalDays:0} days.");
        if (await context.Service<StepUp>().RefuseAsync(
            context, actor, "createApiKey", string.Join(' ', input.Scopes), input.ClientMutationId, input.Authorization) is { } refusal)
            return refusal;
        var key = await context.Service<ApiKeyStore>().CreateAsync(
            context.Space(),
            actor,
            IdOf(context, actor, input),
            input.Name,
            [.. input.Scopes],
            input.ExpiresAt,
            context.CancellationToken);
        if (key is null)
            return new TooManyApiKeys();
        context.UserContext[Made] = key;
        return CommandResult.Done;
    }

    // Of the act, so that a claim whose process died makes the same key again and not another one.
    private static string IdOf(IResolveFieldContext context, Address actor, CreateApiKeyInput input) =>
        $"key-{Keccak256.Hash($"{context.Space()}\n{actor}\n{input.ClientMutationId}").ToString()[2..26]}";
}

using System.ComponentModel;
using Grants.Domain;
using Grants.Primitives;
using Grants.Service.Access;
using Grants.Service.Api;
using Grants.Service.Hosting;
using GraphQL;
using GraphQL.Types;
using Microsoft.Extensions.Options;

namespace Grants.Service.Webhooks;

public sealed record RegisterWebhookInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    [property: Description("An https address of the public internet.")] string Url,
    [property: Description("What it is told, as in webhookEvents; each once, at least one.")]
    IReadOnlyList<string> Events,
    [property: Description("Must be there. Its content is url and events as given, with a space between.")]
    AuthorizationInput? Authorization) : IMutationInput;

public sealed record RotateWebhookSecretInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string WebhookId,
    [property: Description("Must be there. Its content is webhookId.")]
    AuthorizationInput? Authorization = null) : IMutationInput;

public sealed record RemoveWebhookInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string WebhookId,
    [property: Description("Must be there. Its content is webhookId.")]
    AuthorizationInput? Authorization = null) : IMutationInput;

public sealed record ReplayWebhookInput(
    [property: Description("Idempotency key, chosen by the client.")] string ClientMutationId,
    string WebhookId,
    [property: Description("All that happened since then is told again.")] DateTimeOffset Since) : IMutationInput;

public sealed record TooManyWebhooks() : Rejection(
    "TOO_MANY_WEBHOOKS", $"The space has {WebhookStore.LiveMax} webhooks; remove one first.");

public static class WebhooksGraphQL
{
    private const string Made = "webhook";
    private const int UrlLengthMax = 500;

    public static void Extend(ObjectGraphType query, ObjectGraphType mutation)
    {
        query.Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("webhookEvents")
            .Description("What a webhook can be told.")
            .Resolve(_ => WebhookEvents.All);
        query.AddListConnection<Webhook, WebhookGraphType>(
            "webhooks",
            "The space's webhooks, the newest first. For program managers.",
            [],
            static async context => await context.IsManagerAsync(context.Actor())
                ? await context.Service<WebhookStore>().OfAsync(context.Space(), context.CancellationToken)
                : []);
        query.AddKeysetConnection<WebhookDelivery, WebhookDeliveryGraphType>(
            "webhookDeliveries",
            "What a webhook was told, with every attempt, the newest first. For program managers.",
            [new QueryArgument<NonNullGraphType<StringGraphType>> { Name = "webhookId" }],
            delivery => delivery.EventId.ToString(),
            LogAsync);
        Add<RegisterWebhookInput>(
            mutation,
            "registerWebhook",
            "Has an address told what happens in the space, by Standard Webhooks. For program managers.",
            RegisterAsync,
            (context, input, actor) => IdOf(context, actor, input));
        Add<RotateWebhookSecretInput>(
            mutation,
            "rotateWebhookSecret",
            "Gives a webhook another secret; for a day is signed with the one before as well. For program managers.",
            RotateAsync,
            (_, input, _) => input.WebhookId);
        Add<RemoveWebhookInput>(
            mutation,
            "removeWebhook",
            "Nothing is told to a webhook any more. For program managers.",
            RemoveAsync,
            (_, input, _) => input.WebhookId);
        Add<ReplayWebhookInput>(
            mutation,
            "replayWebhook",
            "Tells a webhook again what happened since then. For program managers.",
            static async (context, input, _) => await context.Service<WebhookStore>().ReplayAsync(
                context.Space(), input.WebhookId, input.Since, context.CancellationToken) is null
                ? new NotFound("webhook")
                : CommandResult.Done,
            (_, input, _) => input.WebhookId);
    }

    private static void Add<TInput>(
        ObjectGraphType mutation,
        string name,
        string description,
        Func<IResolveFieldContext, TInput, Address, Task<CommandResult>> run,
        Func<IResolveFieldContext, TInput, Address, string> id)
        where TInput : class, IMutationInput =>
        mutation.AddCommand<TInput, WebhookGraphType>(
            name,
            "webhook",
            description,
            async (context, input, actor) => await context.IsManagerAsync(actor)
                ? await run(context, input, actor)
                : new Forbidden("Only a program manager of the space has to do with its webhooks."),
            async (context, input, actor) =>
            {
                var webhook = await context.Service<WebhookStore>()
                    .FindAsync(context.Space(), id(context, input, actor), context.CancellationToken);
                return webhook is null ? null : webhook with { Secret = context.Take<string>(Made) };
            });

    private static async Task<CommandResult> RegisterAsync(IResolveFieldContext context, RegisterWebhookInput input, Address actor)
    {
        if (UrlProblem(context, input.Url) is { } problem)
            return new InvalidValue("url", problem);
        var events = input.Events.Intersect(WebhookEvents.All).ToArray();
        if (events.Length == 0 || events.Length < input.Events.Count)
            return new InvalidValue("events", "Must be of webhookEvents, each once, and at least one.");
        var content = string.Join(' ', input.Events.Prepend(input.Url));
        return await context.AuthorizedAsync(actor, "registerWebhook", content, input, input.Authorization, async () =>
        {
            var registered = await context.Service<WebhookStore>().RegisterAsync(
                context.Space(), actor, IdOf(context, actor, input), input.Url, events, context.CancellationToken);
            if (registered is null)
                return new TooManyWebhooks();
            context.UserContext[Made] = registered.Secret;
            return CommandResult.Done;
        });
    }

    private static Task<CommandResult> RotateAsync(IResolveFieldContext context, RotateWebhookSecretInput input, Address actor) =>
        context.AuthorizedAsync(actor, "rotateWebhookSecret", input.WebhookId, input, input.Authorization, async () =>
        {
            if (await context.Service<WebhookStore>()
                .RotateAsync(context.Space(), input.WebhookId, context.CancellationToken) is not { } secret)
                return new NotFound("webhook");
            context.UserContext[Made] = secret;
            return CommandResult.Done;
        });

    private static Task<CommandResult> RemoveAsync(IResolveFieldContext context, RemoveWebhookInput input, Address actor) =>
        context.AuthorizedAsync(actor, "removeWebhook", input.WebhookId, input, input.Authorization, async () =>
            await context.Service<WebhookStore>().DisableAsync(
                context.Space(), input.WebhookId, $"Removed by {actor}.", context.CancellationToken)
                ? CommandResult.Done
                : new NotFound("webhook"));

    // Where a name leads is looked at when it is connected to, each time; an address can be refused at once.
    private static string? UrlProblem(IResolveFieldContext context, string url)
    {
        var allowsPrivate = context.Service<IOptions<WebhookOptions>>().Value.AllowPrivateNetworks;
        if (url.Length > UrlLengthMax
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri)
            || uri.UserInfo.Length > 0
            || uri.Fragment.Length > 0
            || !(uri.Scheme == Uri.UriSchemeHttps || (allowsPrivate && uri.Scheme == Uri.UriSchemeHttp)))
            return $"Must be an https address of at most {UrlLengthMax} characters, without a user name or a fragment.";
        return !allowsPrivate && System.Net.IPAddress.TryParse(uri.DnsSafeHost, out var address) && !Sending.PublicAddress.IsPublic(address)
            ? "Must be of the public internet."
            : null;
    }

    private static async Task<IReadOnlyList<WebhookDelivery>> LogAsync(IResolveFieldContext context, int count, string? after)
    {
        var id = context.GetArgument<string>("webhookId");
        var store = context.Service<WebhookStore>();
        return await context.IsManagerAsync(context.Actor())
            && await store.FindAsync(context.Space(), id, context.CancellationToken) is not null
                ? await store.LogAsync(id, count, after is null ? null : Guid.Parse(after), context.CancellationToken)
                : [];
    }

    private static string IdOf(IResolveFieldContext context, Address actor, RegisterWebhookInput input) =>
        $"webhook-{Keccak256.Hash($"{context.Space()}\n{actor}\n{input.ClientMutationId}").ToString()[2..26]}";
}

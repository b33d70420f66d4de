using GraphQL.Types;

namespace Grants.Service.Webhooks;

public sealed class WebhookGraphType : ObjectGraphType<Webhook>
{
    public WebhookGraphType()
    {
        Name = "Webhook";
        Description = "An address that is told what happens in the space, by Standard Webhooks: a CloudEvent says what happened to what.";
        Field("webhookId", webhook => webhook.Id);
        Field("url", webhook => webhook.Url);
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<StringGraphType>>>>("events").Resolve(context => context.Source.Events);
        Field("registeredAt", webhook => webhook.RegisteredAt);
        Field("disabledAt", webhook => webhook.DisabledAt, nullable: true);
        Field("disabledReason", webhook => webhook.DisabledReason, nullable: true);
        Field("secret", webhook => webhook.Secret, nullable: true)
            .Description("What its deliveries are signed with, whsec_ and base64. It is shown once, to whoever registered or rotated.");
    }
}

public sealed class WebhookDeliveryGraphType : ObjectGraphType<WebhookDelivery>
{
    public WebhookDeliveryGraphType()
    {
        Name = "WebhookDelivery";
        Description = "What became of telling a webhook of an event.";
        Field<NonNullGraphType<StringGraphType>>("eventId").Resolve(context => context.Source.EventId.ToString());
        Field("type", delivery => delivery.Type).Description("One of webhookEvents.");
        Field("subject", delivery => delivery.Subject).Description("What it happened to.");
        Field("at", delivery => delivery.At);
        Field("state", delivery => delivery.State).Description("WAITING, DELIVERED or FAILED.");
        Field("nextAt", delivery => delivery.NextAt).Description("When it is tried next, where it is waiting.");
        Field<NonNullGraphType<ListGraphType<NonNullGraphType<WebhookAttemptGraphType>>>>("attempts")
            .Resolve(context => context.Source.Attempts);
    }
}

public sealed class WebhookAttemptGraphType : ObjectGraphType<WebhookAttempt>
{
    public WebhookAttemptGraphType()
    {
        Name = "WebhookAttempt";
        Field("at", attempt => attempt.At);
        Field("status", attempt => attempt.Status, nullable: true).Description("Of the answer; null where there was none.");
        Field("problem", attempt => attempt.Problem, nullable: true).Description("Null where it was taken.");
        Field("tookMilliseconds", attempt => attempt.TookMilliseconds);
    }
}

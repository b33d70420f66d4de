using Grants.Service.Webhooks.Sending;
using Marten;

namespace Grants.Service.Webhooks;

public static class WebhooksModule
{
    public static void Configure(StoreOptions options) => options.Listeners.Add(new WebhookOutbox());

    public static void AddWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<WebhookOptions>(configuration.GetSection("Webhooks"));
        services.AddSingleton<WebhookStore>();
        services.AddSingleton<DeliveryQueue>();
        services.AddHostedService<WebhookSender>();
    }
}

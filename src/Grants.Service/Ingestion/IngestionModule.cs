using Grants.Service.Ingestion.Following;
using Grants.Service.Ingestion.Retention;
using Microsoft.Extensions.Options;

namespace Grants.Service.Ingestion;

public static class IngestionModule
{
    /// <summary>The named HTTP client through which the chains' nodes are reached.</summary>
    public const string HttpClientName = "chain";

    /// <summary>
    /// Follows the chains under <c>Chains</c> of the configuration and promotes their final blocks to every registered
    /// <see cref="IPromotion"/>. Needs an NpgsqlDataSource with the chain tables, Marten and Wolverine.
    /// </summary>
    public static IServiceCollection AddIngestion(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<IngestionOptions>(configuration);
        services.AddHttpClient(HttpClientName)
            .RemoveAllLoggers()
            .UseSocketsHttpHandler((handler, _) => handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2))
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.AddSingleton(provider => new FollowedChains(
            provider.GetRequiredService<IOptions<IngestionOptions>>(),
            () => provider.GetRequiredService<IHttpClientFactory>().CreateClient(HttpClientName)));
        services.AddSingleton<ChainStore>();
        services.AddSingleton<ChainWatches>();
        services.AddSingleton<ChainRecalls>();
        services.AddSingleton<LogRetention>();
        services.AddSingleton<ChainView>();
        services.AddSingleton<PastTransactions>();
        services.AddSingleton<PromotionQueue>();
        services.AddSingleton<Promotions>();
        services.AddSingleton<ChainPromoter>();
        services.AddSingleton<FinalityRules>();
        services.AddSingleton<ChainProgress>();
        services.AddSingleton<LevelAlarms>();
        services.AddHostedService<ChainFollowerService>();
        return services;
    }
}

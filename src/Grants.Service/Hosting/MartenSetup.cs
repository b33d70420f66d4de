using Grants.Service.Access;
using Grants.Service.Awards;
using Grants.Service.Ballots;
using Grants.Service.Disbursements;
using Grants.Service.Governors;
using Grants.Service.Hosting.Changes;
using Grants.Service.Hosting.States;
using Grants.Service.Programs;
using Grants.Service.Proposals;
using Grants.Service.Reinvestment;
using Grants.Service.VotingPower;
using Grants.Service.Webhooks;
using JasperFx;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten;
using Npgsql;
using Wolverine;
using Wolverine.Marten;
using Wolverine.Runtime;

namespace Grants.Service.Hosting;

/// <summary>
/// The event store: one PostgreSQL database, one store, string stream ids, an inline state document an aggregate. A space is a tenant.
/// </summary>
public static class MartenSetup
{
    public static void AddStore(this IServiceCollection services, string connectionString)
    {
        services.AddSingleton(_ => NpgsqlDataSource.Create(connectionString));
        services.AddSingleton(provider => new ChangeFeed(connectionString, provider.GetRequiredService<ILogger<ChangeFeed>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ChangeFeed>());
        services.AddMarten(Configure)
            .UseNpgsqlDataSource()
            .ApplyAllDatabaseChangesOnStartup()
            .IntegrateWithWolverine(wolverine =>
            {
                wolverine.MessageStorageSchemaName = "wolverine";
                wolverine.UseWolverineManagedEventSubscriptionDistribution = true;
            });
        services.AddScoped(provider => provider.GetRequiredService<IDocumentStore>().LightweightSession(SpaceOf(provider)));
        services.AddScoped(provider => provider.GetRequiredService<IDocumentStore>().QuerySession(SpaceOf(provider)));
        services.AddScoped<IMessageBus>(provider =>
            new MessageBus(provider.GetRequiredService<IWolverineRuntime>()) { TenantId = SpaceOf(provider) });
    }

    /// <summary>Everything that the store must know, except where the database is.</summary>
    public static void Configure(StoreOptions options)
    {
        options.DatabaseSchemaName = "grants";
        options.AutoCreateSchemaObjects = AutoCreate.CreateOrUpdate;
        options.Serializer(new StateSerializer());
        options.Events.StreamIdentity = StreamIdentity.AsString;
        options.Events.TenancyStyle = TenancyStyle.Conjoined;
        options.Policies.AllDocumentsAreMultiTenanted();
        // A session that nobody said the space of is a fault, and not a way around all spaces.
        options.Advanced.DefaultTenantUsageEnabled = false;
        options.Events.UseMandatoryStreamTypeDeclaration = true;
        options.Events.UseExclusiveLockOnConcurrentAppends = true;
        options.Events.EnableUniqueIndexOnEventId = true;
        options.Events.AutoDiscoverTagTypes = false;
        options.Events.MetadataConfig.EnableAll();
        options.Listeners.Add(new ChangeNotices());
        options.Projections.Errors.SkipApplyErrors = false;
        options.Projections.Errors.SkipSerializationErrors = false;
        AccessModule.Configure(options);
        ProgramsModule.Configure(options);
        ProposalsModule.Configure(options);
        VotingPowerModule.Configure(options);
        BallotsModule.Configure(options);
        AwardsModule.Configure(options);
        DisbursementsModule.Configure(options);
        ReinvestmentModule.Configure(options);
        GovernorsModule.Configure(options);
        WebhooksModule.Configure(options);
    }

    private static string SpaceOf(IServiceProvider scope) => scope.GetRequiredService<ScopedSpace>().Id;
}

using Grants.Domain.Ballots;
using Grants.Service.Ballots.Casting;
using Grants.Service.Ballots.Recording;
using Marten;

namespace Grants.Service.Ballots;

public static class BallotsModule
{
    public static void Configure(StoreOptions options) => options.Events.MapEventType<BallotsRecorded>("ballots_recorded");

    public static void AddBallots(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<CastingOptions>(configuration.GetSection("Ballots"));
        services.AddSingleton<BallotStore>();
        services.AddSingleton<BallotChunks>();
        services.AddSingleton<BallotMetrics>();
        services.AddSingleton<OpenVotes>();
        services.AddSingleton<PowerLookup>();
        services.AddSingleton<BallotDoor>();
        services.AddSingleton<GroupCommit>();
        services.AddSingleton<BallotWriter>();
        services.AddSingleton<BallotIntake>();
        services.AddHostedService(provider => provider.GetRequiredService<PowerLookup>());
        services.AddHostedService(provider => provider.GetRequiredService<BallotWriter>());
    }
}

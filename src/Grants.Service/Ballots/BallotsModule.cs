using Grants.Domain.Ballots;
using Grants.Service.VotingPower;
using Marten;

namespace Grants.Service.Ballots;

public static class BallotsModule
{
    public static void Configure(StoreOptions options) => options.Events.MapEventType<BallotsRecorded>("ballots_recorded");

    public static void AddBallots(this IServiceCollection services)
    {
        services.AddSingleton<PowerStore>();
        services.AddSingleton<BallotStore>();
        services.AddSingleton<BallotDoor>();
        services.AddSingleton<BallotWriter>();
        services.AddHostedService(provider => provider.GetRequiredService<BallotWriter>());
    }
}

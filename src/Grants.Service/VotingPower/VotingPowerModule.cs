using Grants.Domain.VotingPower;
using Grants.Service.Hosting;
using Grants.Service.VotingPower.Delegates;
using Marten;

namespace Grants.Service.VotingPower;

public static class VotingPowerModule
{
    public static void Configure(StoreOptions options)
    {
        options.Events.MapEventType<PowerEvidenceRecorded>("power_evidence_recorded");
        options.AddDecider<DelegateProfile>(
            DelegateProfile.Evolve,
            ("delegate_statement_published", typeof(DelegateStatementPublished)),
            ("delegate_statement_withdrawn", typeof(DelegateStatementWithdrawn)));
    }

    public static void AddVotingPower(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<PowerOptions>(configuration.GetSection("VotingPower"));
        services.AddSingleton<NodeAnswers>();
        services.AddSingleton<PowerStore>();
        services.AddSingleton<DelegateBooks>();
        services.AddSingleton<StatementDoor>();
    }
}

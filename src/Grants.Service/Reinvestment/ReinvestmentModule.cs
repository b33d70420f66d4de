using Grants.Domain.Reinvestment;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Reinvestment;

public static class ReinvestmentModule
{
    public static void Configure(StoreOptions options) => options.AddDecider<ReinvestmentMonitor>(
        ReinvestmentMonitor.Evolve,
        ("monitoring_started", typeof(MonitoringStarted)),
        ("wallet_linked", typeof(WalletLinked)),
        ("flow_classified", typeof(FlowClassified)),
        ("checkpoint_evaluated", typeof(CheckpointEvaluated)),
        ("breach_opened", typeof(BreachOpened)),
        ("breach_cured", typeof(BreachCured)),
        ("breach_confirmed", typeof(BreachConfirmed)));

    public static void AddReinvestment(this IServiceCollection services)
    {
        services.AddSingleton<TokenBalances>();
        services.AddSingleton<IPromotion, ReinvestmentChainLogs>();
    }
}

using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Liquidity;
using Grants.Domain.Reinvestment.Policies;
using Grants.Domain.Reinvestment.Watching;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Grants.Service.Reinvestment.Balances;
using Grants.Service.Reinvestment.OtherChains;
using Grants.Service.Reinvestment.Pools;
using Grants.Service.Reinvestment.Sequencers;
using Grants.Service.Reinvestment.Watching;
using Marten;

namespace Grants.Service.Reinvestment;

public static class ReinvestmentModule
{
    public static void Configure(StoreOptions options)
    {
        options.AddDecider<AdoptedPolicies>(AdoptedPolicies.Evolve, ("policy_adopted", typeof(PolicyAdopted)));
        options.AddDecider<WatchList>(
            WatchList.Evolve, ("venue_listed", typeof(VenueListed)), ("address_labelled", typeof(AddressLabelled)));
        options.AddDecider<ReinvestmentMonitor>(
            ReinvestmentMonitor.Evolve,
            ("monitoring_started", typeof(MonitoringStarted)),
            ("wallet_linked", typeof(WalletLinked)),
            ("flow_classified", typeof(FlowClassified)),
            ("unexplained_outflow", typeof(UnexplainedOutflow)),
            ("flow_reclassified", typeof(FlowReclassified)),
            ("flows_rerun", typeof(FlowsRerun)),
            ("flow_labelled", typeof(FlowLabelled)),
            ("cluster_member_added", typeof(ClusterMemberAdded)),
            ("followed_flow_moved", typeof(FollowedFlowMoved)),
            ("liquidity_token_changed", typeof(LiquidityTokenChanged)),
            ("lp_drift", typeof(LpDrift)),
            ("control_changed", typeof(ControlChanged)),
            ("spender_approved", typeof(SpenderApproved)),
            ("checkpoint_evaluated", typeof(CheckpointEvaluated)),
            ("policy_warned", typeof(PolicyWarned)),
            ("breach_opened", typeof(BreachOpened)),
            ("breach_cured", typeof(BreachCured)),
            ("breach_confirmed", typeof(BreachConfirmed)),
            ("breach_appealed", typeof(BreachAppealed)),
            ("appeal_decided", typeof(AppealDecided)),
            ("sanction_signed", typeof(SanctionSigned)),
            ("sanction_applied", typeof(SanctionApplied)),
            ("sanction_lifted", typeof(SanctionLifted)),
            ("sanction_questioned", typeof(SanctionQuestioned)),
            ("blacklisting_lifted", typeof(BlacklistingLifted)),
            ("clock_paused", typeof(ClockPaused)),
            ("clock_resumed", typeof(ClockResumed)));
    }

    public static void AddReinvestment(this IServiceCollection services)
    {
        services.AddSingleton<TokenBalances>();
        services.AddSingleton<NativeBalances>();
        services.AddSingleton<Reruns>();
        services.AddSingleton<FreshWallets>();
        services.AddSingleton<IKeepsLogs, RerunLogs>();
        services.AddSingleton<SequencerLogs>();
        services.AddSingleton<IKeepsLogs>(provider => provider.GetRequiredService<SequencerLogs>());
        services.AddSingleton<PoolPrices>();
        services.AddSingleton<PoolReader>();
        services.AddSingleton<PoolDepths>();
        services.AddSingleton<IPromotion, ReinvestmentChainLogs>();
        services.AddSingleton<IPromotion, OtherChainLogs>();
    }
}

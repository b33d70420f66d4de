using Grants.Domain.Governors;
using Grants.Service.Governors.Following;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Grants.Service.Ingestion.Retention;
using Marten;

namespace Grants.Service.Governors;

public static class GovernorsModule
{
    public static void Configure(StoreOptions options)
    {
        options.AddDecider<Governor>(
            Governor.Evolve,
            ("governor_registered", typeof(GovernorRegistered)),
            ("governor_timelock_changed", typeof(GovernorTimelockChanged)),
            ("governor_quorum_changed", typeof(GovernorQuorumChanged)),
            ("governor_setting_changed", typeof(GovernorSettingChanged)));
        options.AddDecider<GovernorProposal>(
            GovernorProposal.Evolve,
            ("governor_proposal_created", typeof(GovernorProposalCreated)),
            ("governor_vote_cast", typeof(GovernorVoteCast)),
            ("governor_vote_reduced", typeof(GovernorVoteReduced)),
            ("governor_proposal_extended", typeof(GovernorProposalExtended)),
            ("governor_proposal_queued", typeof(GovernorProposalQueued)),
            ("governor_proposal_executed", typeof(GovernorProposalExecuted)),
            ("governor_proposal_canceled", typeof(GovernorProposalCanceled)),
            ("governor_operation_changed", typeof(GovernorOperationChanged)),
            ("governor_quorum_fixed", typeof(GovernorQuorumFixed)),
            ("application_linked", typeof(ApplicationLinked)));
        options.AddDecider<ProgramApprover>(ProgramApprover.Evolve, ("approver_named", typeof(ApproverNamed)));
        options.Schema.For<GovernorProposal>().Index(proposal => proposal.GovernorId);
    }

    public static void AddGovernors(this IServiceCollection services)
    {
        services.AddSingleton<GovernorReader>();
        services.AddSingleton<GovernorFollowing>();
        services.AddSingleton<IKeepsLogs, GovernorSources>();
        services.AddSingleton<IPromotion, GovernorsChainLogs>();
    }
}

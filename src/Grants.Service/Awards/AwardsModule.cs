using Grants.Domain.Awards;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Awards;

public static class AwardsModule
{
    public static void Configure(StoreOptions options) => options.AddDecider<Award>(
        Award.Evolve,
        ("award_granted", typeof(AwardGranted)),
        ("award_reserved", typeof(AwardReserved)),
        ("release_ordered", typeof(ReleaseOrdered)),
        ("tranche_held", typeof(TrancheHeld)),
        ("tranche_released", typeof(TrancheReleased)),
        ("clawback_ordered", typeof(ClawbackOrdered)),
        ("award_clawed_back", typeof(AwardClawedBack)),
        ("vesting_paused", typeof(VestingPaused)),
        ("vesting_resumed", typeof(VestingResumed)),
        ("award_cancelled", typeof(AwardCancelled)),
        ("milestone_submitted", typeof(MilestoneSubmitted)),
        ("milestone_reviewed", typeof(MilestoneReviewed)),
        ("milestone_amended", typeof(MilestoneAmended)),
        ("agreement_signed", typeof(AgreementSigned)),
        ("recipient_change_agreed", typeof(RecipientChangeAgreed)),
        ("award_recipient_changed", typeof(AwardRecipientChanged)));

    public static void AddAwards(this IServiceCollection services) => services.AddSingleton<IPromotion, AwardsChainLogs>();
}

using Grants.Domain.Awards;
using Grants.Domain.Disbursements;
using Grants.Domain.Proposals;
using Grants.Domain.Reinvestment;
using Grants.Domain.Reinvestment.Judging;
using Grants.Domain.Reinvestment.Watching;

namespace Grants.Service.Webhooks;

/// <summary>
/// What can be heard of. A delivery says what happened to what, and nothing else: whoever hears it asks the API, which knows what they
/// may see.
/// </summary>
public static class WebhookEvents
{
    private static readonly Dictionary<Type, string> Names = new()
    {
        [typeof(ProposalSubmitted)] = "proposal.submitted",
        [typeof(ProposalApproved)] = "proposal.approved",
        [typeof(ProposalRejected)] = "proposal.rejected",
        [typeof(ProposalWithdrawn)] = "proposal.withdrawn",
        [typeof(ProposalCancelled)] = "proposal.cancelled",
        [typeof(VotingOpened)] = "vote.opened",
        [typeof(VotingExtended)] = "vote.extended",
        [typeof(VotingClosed)] = "vote.closed",
        [typeof(AwardGranted)] = "award.granted",
        [typeof(AwardReserved)] = "award.reserved",
        [typeof(TrancheReleased)] = "award.tranche_released",
        [typeof(AwardCancelled)] = "award.cancelled",
        [typeof(AwardClawedBack)] = "award.clawed_back",
        [typeof(DisbursementOrdered)] = "disbursement.ordered",
        [typeof(DisbursementFinalized)] = "disbursement.finalized",
        [typeof(DisbursementFailed)] = "disbursement.failed",
        [typeof(BreachOpened)] = "breach.opened",
        [typeof(BreachCured)] = "breach.cured",
        [typeof(BreachConfirmed)] = "breach.confirmed",
        [typeof(SanctionApplied)] = "breach.sanction_applied",
        [typeof(SanctionQuestioned)] = "breach.sanction_questioned",
        [typeof(ControlChanged)] = "wallet.control_changed",
        [typeof(IncidentOpened)] = "incident.opened",
        [typeof(IncidentResolved)] = "incident.resolved",
    };

    public static IReadOnlyCollection<string> All => Names.Values;

    /// <summary>The name of an event by which it is told; null where it is not.</summary>
    public static string? NameOf(object @event) => Names.GetValueOrDefault(@event.GetType());
}

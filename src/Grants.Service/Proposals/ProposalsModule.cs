using Grants.Domain.Proposals;
using Grants.Service.Hosting;
using Grants.Service.Proposals.Autosave;
using Grants.Service.Proposals.Deposits;
using Marten;

namespace Grants.Service.Proposals;

public static class ProposalsModule
{
    public static void Configure(StoreOptions options)
    {
        options.Schema.For<Proposal>().Index(proposal => proposal.ProgramId);
        options.Schema.For<AutosavedDraft>().UseOptimisticConcurrency(true);
        options.AddDecider<Proposal>(
            Proposal.Evolve,
            ("proposal_drafted", typeof(ProposalDrafted)),
            ("proposal_revised", typeof(ProposalRevised)),
            ("proposal_submitted", typeof(ProposalSubmitted)),
            ("proposal_withdrawn", typeof(ProposalWithdrawn)),
            ("deposit_placed", typeof(DepositPlaced)),
            ("deposit_forfeited", typeof(DepositForfeited)),
            ("deposit_returned", typeof(DepositReturned)),
            ("voting_opened", typeof(VotingOpened)),
            ("voting_extended", typeof(VotingExtended)),
            ("voting_closed", typeof(VotingClosed)),
            ("proposal_flagged", typeof(ProposalFlagged)),
            ("proposal_hidden", typeof(ProposalHidden)),
            ("proposal_shown", typeof(ProposalShown)),
            ("proposal_cancelled", typeof(ProposalCancelled)),
            ("proposal_approved", typeof(ProposalApproved)),
            ("proposal_approved_on_chain", typeof(ProposalApprovedOnChain)),
            ("proposal_rejected", typeof(ProposalRejected)),
            ("recipient_proven", typeof(RecipientProven)),
            ("review_recorded", typeof(ReviewRecorded)),
            ("changes_requested", typeof(ChangesRequested)),
            ("conflict_declared", typeof(ConflictDeclared)),
            ("proposal_screened", typeof(ProposalScreened)),
            ("proposal_appealed", typeof(ProposalAppealed)),
            ("proposal_appeal_decided", typeof(AppealOfProposalDecided)));
    }

    public static void AddProposals(this IServiceCollection services)
    {
        services.AddSingleton<ApplicantPower>();
        services.AddSingleton<RecipientDoor>();
        services.AddSingleton<TransferEvidence>();
        services.AddSingleton<SubmissionReader>();
    }
}

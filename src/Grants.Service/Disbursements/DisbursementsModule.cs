using Grants.Domain.Disbursements;
using Grants.Service.Disbursements.Control;
using Grants.Service.Disbursements.Safes;
using Grants.Service.Disbursements.Sending;
using Grants.Service.Disbursements.Signing;
using Grants.Service.Disbursements.Watching;
using Grants.Service.Hosting;
using Grants.Service.Ingestion;
using Marten;

namespace Grants.Service.Disbursements;

public static class DisbursementsModule
{
    public static void Configure(StoreOptions options)
    {
        options.AddDecider<Disbursement>(
            Disbursement.Evolve,
            ("disbursement_ordered", typeof(DisbursementOrdered)),
            ("disbursement_signed", typeof(DisbursementSigned)),
            ("disbursement_broadcast", typeof(DisbursementBroadcast)),
            ("disbursement_mined", typeof(DisbursementMined)),
            ("disbursement_reorged", typeof(DisbursementReorged)),
            ("disbursement_refused", typeof(DisbursementRefused)),
            ("disbursement_finalized", typeof(DisbursementFinalized)),
            ("disbursement_failed", typeof(DisbursementFailed)),
            ("disbursement_assigned", typeof(DisbursementAssigned)),
            ("disbursement_returned", typeof(DisbursementReturned)),
            ("disbursement_retried", typeof(DisbursementRetried)),
            ("disbursement_voided", typeof(DisbursementVoided)),
            ("disbursement_approved", typeof(DisbursementApproved)),
            ("disbursement_rejected", typeof(DisbursementRejected)));
        options.AddDecider<Incident>(
            Incident.Evolve, ("incident_opened", typeof(IncidentOpened)), ("incident_resolved", typeof(IncidentResolved)));
        options.AddDecider<TreasuryControl>(
            TreasuryControl.Evolve,
            ("treasury_paused", typeof(TreasuryPaused)),
            ("resume_agreed", typeof(ResumeAgreed)),
            ("treasury_resumed", typeof(TreasuryResumed)),
            ("treasury_limits_set", typeof(TreasuryLimitsSet)));
        options.AddDecider<TreasuryTransaction>(
            TreasuryTransaction.Evolve,
            ("transaction_signed", typeof(TransactionSigned)),
            ("transaction_sent", typeof(TransactionSent)),
            ("transaction_mined", typeof(TransactionMined)),
            ("transaction_reorged", typeof(TransactionReorged)),
            ("transaction_closed", typeof(TransactionClosed)));
        options.AddDecider<SafeProposal>(
            SafeProposal.Evolve,
            ("safe_transaction_proposed", typeof(SafeTransactionProposed)),
            ("safe_transaction_confirmed", typeof(SafeTransactionConfirmed)),
            ("safe_transaction_closed", typeof(SafeTransactionClosed)));
        options.AddDecider<NonceLedger>(
            NonceLedger.Evolve,
            ("nonce_reserved", typeof(NonceReserved)),
            ("nonce_closed", typeof(NonceClosed)),
            ("signer_quarantined", typeof(SignerQuarantined)),
            ("signer_released", typeof(SignerReleased)));
        options.Schema.For<Disbursement>().Index(state => state.State);
    }

    public static void AddDisbursements(this IServiceCollection services)
    {
        services.AddSingleton<IPromotion, DisbursementsChainLogs>();
        services.AddSingleton<OperatorAccount>();
        services.AddSingleton<PaymentRules>();
        services.AddSingleton<GasPlan>();
        services.AddSingleton<OrderQueue>();
        services.AddSingleton<NonceReservation>();
        services.AddSingleton<SafeTreasury>();
        services.AddSingleton<TransactionSigning>();
        services.AddSingleton<TransactionWatch>();
        services.AddSingleton<Sender>();
        services.AddSingleton<SignerJournal>();
        services.AddSingleton<OperatorSigner>();
        services.AddSingleton<TreasuryHealth>();
        services.AddSingleton<Reconciler>();
        services.AddSingleton<JournalRebuild>();
        services.AddSingleton<TreasuryQuorum>();
        services.AddSingleton<TreasuryWatchdog>();
        services.AddHostedService(provider => provider.GetRequiredService<TreasuryWatchdog>());
        services.AddHostedService<SenderService>();
    }
}

using Grants.Domain.Disbursements;
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
            ("disbursement_failed", typeof(DisbursementFailed)));
        options.AddDecider<NonceLedger>(NonceLedger.Evolve, ("nonce_reserved", typeof(NonceReserved)));
    }

    public static void AddDisbursements(this IServiceCollection services)
    {
        services.AddSingleton<IPromotion, DisbursementsChainLogs>();
        services.AddSingleton<OperatorKey>();
        services.AddSingleton<Sender>();
        services.AddHostedService<SenderService>();
    }
}

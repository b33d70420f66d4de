using System.Diagnostics.Metrics;
using Grants.Primitives;

namespace Grants.Service.Disbursements.Watching;

/// <summary>What is measured of the treasury, by chain id.</summary>
public static class TreasuryTelemetry
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "Grants.Treasury";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Gauge<int> VerifiedShare = Meter.CreateGauge<int>(
        "grants.treasury.verified_share", "{basis_point}", "Of the value that the ledger calls settled, what the chain shows.");

    internal static void Verified(long chainId, BasisPoints share) =>
        VerifiedShare.Record(share.Value, new KeyValuePair<string, object?>("chain.id", chainId));
}

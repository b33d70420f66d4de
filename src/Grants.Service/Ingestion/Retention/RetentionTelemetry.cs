using System.Diagnostics.Metrics;
using Grants.Service.Ingestion.Following;

namespace Grants.Service.Ingestion.Retention;

/// <summary>What is counted where raw logs are let go, by chain id.</summary>
internal static class RetentionTelemetry
{
    private static readonly Meter Meter = new(FollowingTelemetry.MeterName);

    private static readonly Counter<long> Gone = Meter.CreateCounter<long>(
        "grants.chain.logs_let_go", "{log}", "Raw logs that were let go, far below the promoted block.");

    private static readonly Gauge<int> Kept = Meter.CreateGauge<int>(
        "grants.chain.letting_go_refused", "{chain}", "1 where raw logs could be let go and something speaks against it.");

    public static void LetGo(long chainId, long logs) => Gone.Add(logs, Tag(chainId));

    public static void Refused(long chainId, bool isRefused) => Kept.Record(isRefused ? 1 : 0, Tag(chainId));

    private static KeyValuePair<string, object?> Tag(long chainId) => new("chain.id", chainId);
}

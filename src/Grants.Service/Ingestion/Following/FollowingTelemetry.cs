using System.Diagnostics.Metrics;

namespace Grants.Service.Ingestion.Following;

/// <summary>What is counted while chains are followed, by chain id.</summary>
public static class FollowingTelemetry
{
    /// <summary>The name of the <see cref="Meter"/>.</summary>
    public const string MeterName = "Grants.Ingestion";

    private static readonly Meter Meter = new(MeterName);

    private static readonly Counter<long> DiscardedRounds = Meter.CreateCounter<long>(
        "grants.chain.discarded", "{round}", "Rounds whose answers of the node were discarded, because it failed or contradicted itself.");

    private static readonly Counter<long> OddBlocks = Meter.CreateCounter<long>(
        "grants.chain.odd_times", "{block}", "Blocks whose time is before their parent's or more than an hour after it.");

    internal static void Discarded(long chainId) => DiscardedRounds.Add(1, Tag(chainId));

    internal static void OddTimes(long chainId, int blocks) => OddBlocks.Add(blocks, Tag(chainId));

    private static KeyValuePair<string, object?> Tag(long chainId) => new("chain.id", chainId);
}

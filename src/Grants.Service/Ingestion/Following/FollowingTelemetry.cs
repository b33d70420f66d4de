using System.Diagnostics.Metrics;
using Grants.Ethereum.Following;
using Grants.Ethereum.Following.Finality;

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

    private static readonly Counter<long> Splits = Meter.CreateCounter<long>(
        "grants.chain.split", "{vote}", "Votes on a final block in which a node disagreed, was behind or was silent.");

    private static readonly Counter<long> Backward = Meter.CreateCounter<long>(
        "grants.chain.went_back", "{alarm}", "Heights that should only grow and went back on a node, by level.");

    private static readonly Gauge<long> SecondsLeft = Meter.CreateGauge<long>(
        "grants.chain.seconds_left", "s", "The time until the past is read, at the present rate.");

    private static readonly Counter<long> ReadBlocks =
        Meter.CreateCounter<long>("grants.chain.blocks", "{block}", "Blocks that were read.");

    private static readonly Counter<long> ReadLogs =
        Meter.CreateCounter<long>("grants.chain.logs", "{log}", "Watched logs that were read.");

    private static readonly Gauge<long> Head = Meter.CreateGauge<long>("grants.chain.head", "{block}", "The last block that was read.");

    private static readonly Gauge<long> Final = Meter.CreateGauge<long>("grants.chain.final", "{block}", "The last final block.");

    internal static void Read(long chainId, IReadOnlyCollection<FollowedBlock> blocks, KnownChain known)
    {
        ReadBlocks.Add(blocks.Count, Tag(chainId));
        ReadLogs.Add(blocks.Sum(block => block.Logs.Length), Tag(chainId));
        Head.Record(known.Head.Number, Tag(chainId));
        Final.Record(known.Finalized.Number, Tag(chainId));
    }

    internal static void WentBack(long chainId, FinalityLevel level) =>
        Backward.Add(1, Tag(chainId), new KeyValuePair<string, object?>("level", level.ToString()));

    internal static void Left(long chainId, long seconds) => SecondsLeft.Record(seconds, Tag(chainId));

    internal static void Split(long chainId) => Splits.Add(1, Tag(chainId));

    internal static void Discarded(long chainId) => DiscardedRounds.Add(1, Tag(chainId));

    internal static void OddTimes(long chainId, int blocks) => OddBlocks.Add(blocks, Tag(chainId));

    private static KeyValuePair<string, object?> Tag(long chainId) => new("chain.id", chainId);
}

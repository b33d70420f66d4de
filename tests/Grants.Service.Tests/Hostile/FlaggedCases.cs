using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Grants.Ethereum.Tests.Following;
using Grants.Service.Ingestion.Following;
using Grants.Service.Tests.Embedded;
using Grants.Service.Tests.Ingestion;
using Microsoft.Extensions.Logging;
using Xunit;

namespace Grants.Service.Tests.Hostile;

/// <summary>What people are told of, and what is counted, while the running service goes on.</summary>
internal static class FlaggedCases
{
    private const int Blocks = 12;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static IReadOnlyDictionary<string, Func<LocalServers, Task>> All { get; } = new Dictionary<string, Func<LocalServers, Task>>
    {
        ["B-82 answers that are discarded are counted and told once"] = CountedAsync,
        ["B-90 a block before its parent's time is flagged and taken"] = servers => FlaggedAsync(servers, 80_090, -30),
        ["B-90 a block more than an hour after its parent is flagged and taken"] = servers => FlaggedAsync(servers, 80_091, 3_700),
        ["B-90 a block within the hour is not flagged"] = servers => FlaggedAsync(servers, 80_092, 3_500, isFlagged: false),
    };

    private static async Task CountedAsync(LocalServers servers)
    {
        const long ChainId = 80_082;
        await using var rig = await IngestionRig.StartAsync(servers, chainId: ChainId);
        await rig.Chain.MineAsync(Blocks);
        using var counted = new Counted("grants.chain.discarded", ChainId);
        using var log = new HeardLog();
        var isWrong = true;
        using var host = await PromotionHost.StartAsync(
            rig,
            new ChangedAnswers(async (method, _, ask) =>
            {
                var result = (await ask())!["result"]?.DeepClone();
                if (isWrong && method == "eth_getBlockByNumber" && result?["number"]?.GetValue<string>() is { Length: > 2 } number
                    && await rig.View.HeadsAsync(ChainId) is not null)
                    result["number"] = "0x0" + number[2..];
                return result;
            }),
            log,
            isDevelopment: false);
        await Eventually.TrueAsync(() => counted.Sum >= 3, Patience, "three rounds were discarded");
        isWrong = false;
        await Eventually.TrueAsync(() => log.Has(LogLevel.Information, "answers again"), Patience, "the node is listened to again");
        await host.StopAsync(IngestionRig.Cancellation);
        Assert.Single(log.Lines, line => line.Text.Contains("no usable answer", StringComparison.Ordinal));
        Assert.Null(await rig.Store.HaltReasonAsync(ChainId, IngestionRig.Cancellation));
    }

    /// <summary>The clock of the sixth block and of those above it is moved.</summary>
    private static async Task FlaggedAsync(LocalServers servers, long chainId, long seconds, bool isFlagged = true)
    {
        const int Moved = 6;
        await using var rig = await IngestionRig.StartAsync(servers, chainId: chainId);
        await rig.WatchAsync(await rig.Chain.DeployEchoAsync());
        await rig.Chain.MineAsync(Blocks - 1);
        using var counted = new Counted("grants.chain.odd_times", chainId);
        using var log = new HeardLog();
        using var host = await PromotionHost.StartAsync(
            rig,
            new ChangedAnswers(async (method, _, ask) =>
            {
                var result = (await ask())!["result"]?.DeepClone();
                var isBlock = method.StartsWith("eth_getBlockBy", StringComparison.Ordinal) && result is not null;
                if (isBlock && Quantity(result!["number"]!) >= Moved)
                    result["timestamp"] = $"0x{Quantity(result["timestamp"]!) + seconds:x}";
                return result;
            }),
            log,
            isDevelopment: false);
        await Eventually.TrueAsync(
            async () => (await rig.View.HeadsAsync(chainId))?.Promoted.Number == Blocks - 2, Patience, "everything final is promoted");
        await host.StopAsync(IngestionRig.Cancellation);
        Assert.Equal(isFlagged, log.Has(LogLevel.Warning, $"the first is {Moved}"));
        Assert.Equal(isFlagged ? 1 : 0, counted.Sum);
        Assert.Null(await rig.Store.HaltReasonAsync(chainId, IngestionRig.Cancellation));
    }

    private static long Quantity(JsonNode quantity) => Convert.ToInt64(quantity.GetValue<string>(), 16);

    /// <summary>The sum of a counter for a chain of the test's own.</summary>
    private sealed class Counted : IDisposable
    {
        private readonly MeterListener listener = new();
        private long sum;

        public Counted(string instrument, long chainId)
        {
            listener.InstrumentPublished = (published, listening) =>
            {
                if (published.Meter.Name == FollowingTelemetry.MeterName && published.Name == instrument)
                    listening.EnableMeasurementEvents(published);
            };
            listener.SetMeasurementEventCallback<long>((_, measured, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("chain.id", chainId)))
                    Interlocked.Add(ref sum, measured);
            });
            listener.Start();
        }

        public long Sum => Interlocked.Read(ref sum);

        public void Dispose() => listener.Dispose();
    }
}
